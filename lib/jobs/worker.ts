import { environment } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import type { Engine } from "@/lib/engines/engine";
import type { OnlineStore } from "@/lib/online/online-store";
import { advanceBackfills } from "@/lib/registry/deployments/backfill-advance";
import { startDueJobs } from "@/lib/registry/deployments/due";
import { expireVersions } from "@/lib/registry/datasets/retention";
import { queueDueSkewChecks } from "@/lib/registry/drift/skew-due";
import {
  type JobAttempt,
  type Jobs,
  maintainQueue,
  openWorkQueue,
  type QueueName,
  workOffOldest,
} from "@/lib/registry/execution/work-queue";
import { evaluateAfterRun, evaluateWhenDue } from "@/lib/registry/monitors/evaluations";
import { checkFreshness } from "@/lib/registry/monitors/freshness";
import { recordVersionEvaluationFailure } from "@/lib/registry/evaluations/evaluations";
import { recordMeasurementFailure } from "@/lib/registry/measurements/measurements";
import { digestTestRowsOfSome } from "@/lib/registry/models/test-use";
import { rejudgeSome } from "@/lib/registry/models/rejudge";
import { recordBacktestFailure, runBacktest } from "@/lib/registry/monitors/run-backtest";
import { recordCheckFailure } from "@/lib/registry/rules/source-checks";
import { recordFailedMaterialisation } from "@/lib/registry/serving/materialisations";
import { startJobsOnNewData } from "@/lib/registry/deployments/new-data";
import { placeViewSchedules, startDueViews } from "@/lib/registry/deployments/view-schedules";
import { checkRules } from "./check-rules";
import { checkSkew } from "./check-skew";
import { evaluateAbTest } from "./evaluate-ab-test";
import { evaluateConceptMonitor } from "./evaluate-concept-monitors";
import { evaluateVersion } from "./evaluate-version";
import { materialise } from "./materialise";
import { measureLeakage } from "./measurements/measure-leakage";
import { sketchUnits } from "./measurements/sketch-units";
import { profileNewVersion } from "./profile-source";
import { claimRun, reapRuns } from "@/lib/registry/execution/claims";
import { recordReproductionFailure } from "@/lib/registry/reproductions/reproductions";
import { reproduce } from "./reproductions/reproduce";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";
import { watchSources } from "./watch-sources";
import { sweepOutputs } from "./sweep-outputs";

const POLL_MS = 1000;
const REAP_EVERY_MS = 5000;
const SCHEDULE_EVERY_MS = 1000;
const MAINTAIN_EVERY_MS = 10 * 60_000;
const SKEW_EVERY_MS = 60_000;
const FRESHNESS_EVERY_MS = 15_000;
const EXPIRE_EVERY_MS = 3_600_000;
/** How long a stopping worker waits for the engine to let go. */
const STOP_WITHIN_MS = 4000;

export interface WorkerOptions {
  engine: Engine;
  store: OnlineStore;
  /** Told of every step of a run, for a terminal. */
  onProgress?: (runId: string, progress: number, message: string) => void;
  /** The clock that schedules go by. */
  now?: () => Date;
}

export interface Worker {
  /** Takes nothing new, gives back what runs, and resolves within five seconds. */
  stop(): Promise<void>;
}

/**
 * Takes jobs from the queue, one at a time: values that wait to go online first, because they are quick, then runs. Beside them
 * it begins what deployments' schedules and back-fills ask for, also while a run is going.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { alone, begun } = await openWorkQueue();
  if (begun > 0) log().warn({ runs: begun }, "runs of a worker that died begin again");
  const refused = await placeViewSchedules((options.now ?? (() => new Date()))());
  if (refused.length > 0) log().warn({ refused }, "schedules of views that cannot be kept: apply the views again");
  await sweepOutputs(environment().TRIBUTARY_DATA, { alone });
  return new PollingWorker(options);
}

class PollingWorker implements Worker {
  private stopping = false;
  private current: ProgressWriter | null = null;
  private wake: (() => void) | null = null;
  private scheduling: Promise<void> | null = null;
  private agesChecked: Promise<void> | null = null;
  private expiring: Promise<void> | null = null;
  private watching: Promise<void> | null = null;
  private readonly background = new AbortController();
  private readonly timers: NodeJS.Timeout[];
  private readonly loop: Promise<void>;
  private readonly judging: Promise<void>;

  constructor(private readonly options: WorkerOptions) {
    this.timers = [
      setInterval(() => this.schedule(), SCHEDULE_EVERY_MS),
      setInterval(() => void reapRuns().catch(complain("the reaper")), REAP_EVERY_MS),
      setInterval(() => void maintainQueue().catch(complain("the queue's maintenance")), MAINTAIN_EVERY_MS),
      setInterval(() => void queueDueSkewChecks(this.now()).catch(complain("the daily skew checks")), SKEW_EVERY_MS),
      setInterval(() => void this.checkAges(), FRESHNESS_EVERY_MS),
      setInterval(() => void this.expire(), EXPIRE_EVERY_MS),
      setInterval(() => void this.watch(), environment().TRIBUTARY_NEW_DATA_SECONDS * 1000),
    ];
    this.loop = this.work();
    void this.expire();
    this.judging = this.judgeAnew().catch(complain("judging stored verdicts anew"));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.timers.forEach(clearInterval);
    this.current?.abort("shutdown");
    this.background.abort();
    this.wake?.();
    const ended = Promise.all([
      this.loop,
      this.scheduling,
      this.agesChecked,
      this.expiring,
      this.watching,
      this.judging,
    ]);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref())]);
  }

  private now(): Date {
    return (this.options.now ?? (() => new Date()))();
  }

  /** Checks once what is due; a check that takes longer than the interval is not overtaken. */
  private schedule(): void {
    if (this.stopping) return;
    this.scheduling ??= this.beginDue()
      .catch(complain("the scheduler"))
      .finally(() => (this.scheduling = null));
  }

  private async beginDue(): Promise<void> {
    const due = await startDueJobs(this.now());
    for (const { outcome, ...job } of due) {
      if ("skipped" in outcome)
        log().warn({ ...job, run: outcome.skipped }, "a job is skipped: its run is still going");
      if ("failed" in outcome)
        log().error({ ...job, reason: outcome.failed }, "a job that is due could not be started");
    }
    const views = await startDueViews(this.now());
    for (const { outcome, view } of views) {
      if ("skipped" in outcome) log().warn({ view, run: outcome.skipped }, "a view is skipped: its run is still going");
      if ("failed" in outcome) log().error({ view, reason: outcome.failed }, "a view that is due could not be started");
    }
    const onNewData = await startJobsOnNewData();
    await evaluateWhenDue(this.now());
    const begun = await advanceBackfills();
    if (due.length + views.length + onNewData + begun > 0) this.wake?.();
  }

  /** Checks how old served values are; a check that takes longer than the interval is not overtaken. */
  private checkAges(): Promise<void> {
    return (this.agesChecked ??= checkFreshness(this.now())
      .catch(complain("the check of freshness"))
      .finally(() => (this.agesChecked = null)));
  }

  /** Removes bytes of sources that workspaces keep no longer; a sweep that takes longer than the interval is not overtaken. */
  private expire(): Promise<void> {
    return (this.expiring ??= expireVersions(this.now())
      .then(({ versions, bytes }) => {
        if (versions > 0) log().info({ versions, bytes }, "bytes of sources were kept for long enough and are removed");
      })
      .catch(complain("removing kept bytes"))
      .finally(() => (this.expiring = null)));
  }

  /** Looks for new data that somebody waits for; a look that takes longer than the interval is not overtaken. */
  private watch(): Promise<void> {
    return (this.watching ??= watchSources(this.options.engine, this.now())
      .then((found) => {
        if (found > 0) this.wake?.();
      })
      .catch(complain("looking for new data"))
      .finally(() => (this.watching = null)));
  }

  /** Verdicts that another version of the product stored: a few at a time, beside whatever else there is to do. */
  private async judgeAnew(): Promise<void> {
    for (let some = -1; some !== 0 && !this.stopping;) some = await digestTestRowsOfSome();
    let judged = 0;
    for (let some = -1; some !== 0 && !this.stopping; judged += some) some = await rejudgeSome();
    if (judged > 0) log().info({ versions: judged }, "verdicts of earlier rules were judged anew");
  }

  private async work(): Promise<void> {
    while (!this.stopping) {
      try {
        if ((await this.takeQuickOne()) || (await this.runOne()) || (await this.measureOne()) || (await this.evaluateOne()) || (await this.reproduceOne()) || (await this.profileOne()) || (await this.sketchOne())) continue; // prettier-ignore
      } catch (error) {
        complain("the worker")(error);
      }
      await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopping) this.wake();
    });
  }

  private runOne(): Promise<boolean> {
    return this.takeOne("run", async ({ runId }) => {
      const run = await claimRun(runId);
      if (!run) return;
      const { engine, onProgress } = this.options;
      const writer = new ProgressWriter(run, onProgress && ((...step) => onProgress(run.id, ...step)));
      this.current = writer;
      if (this.stopping) writer.abort("shutdown");
      await executeRun(run, engine, writer).finally(() => (this.current = null));
    });
  }

  /** Units that somebody wants to be counted, when no run waits. */
  private measureOne(): Promise<boolean> {
    const { engine } = this.options;
    return this.takeOne(
      "measure-leakage",
      (data) => measureLeakage(data, engine, this.background.signal),
      ({ measurementId }, reason) => recordMeasurementFailure(measurementId, reason),
    );
  }

  /** What is kept of rows before they go, when there is nothing else to do. */
  private sketchOne(): Promise<boolean> {
    const { engine } = this.options;
    return this.takeOne("sketch-units", (data) => sketchUnits(data, engine, this.background.signal));
  }

  /** Model versions that somebody wants to be judged again, when no run waits. */
  private evaluateOne(): Promise<boolean> {
    const { engine } = this.options;
    return this.takeOne(
      "evaluate-version",
      (data) => evaluateVersion(data, engine, this.background.signal),
      ({ evaluationId }, reason) => recordVersionEvaluationFailure(evaluationId, reason),
    );
  }

  /** Runs that somebody wants to be done again, when no new one waits. */
  private reproduceOne(): Promise<boolean> {
    const { engine } = this.options;
    return this.takeOne(
      "reproduce",
      (data) => reproduce(data, engine, this.background.signal),
      ({ reproductionId }, reason) => recordReproductionFailure(reproductionId, reason),
    );
  }

  /** Distributions of new data, when nobody waits for anything else. */
  private profileOne(): Promise<boolean> {
    const { engine } = this.options;
    return this.takeOne("profile-source", (data) => profileNewVersion(data, engine, this.background.signal));
  }

  /** Works off the oldest job of a queue, if there is one and the worker goes on. */
  private async takeOne<Name extends QueueName>(
    name: Name,
    work: (data: Jobs[Name]) => Promise<unknown>,
    onFailure: (data: Jobs[Name], reason: string, attempt: JobAttempt) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<boolean> {
    if (this.stopping) return false;
    return workOffOldest(name, work, (data, error, attempt) => {
      complain(`a job of queue ${name}`)(error);
      return onFailure(data, error instanceof Error ? error.message : String(error), attempt);
    });
  }

  private takeQuickOne(): Promise<boolean> {
    const { engine, store } = this.options;
    const quick = [
      () => this.takeOne("materialise", (data) => materialise(data, engine, store), recordFailedMaterialisation),
      () => this.takeOne("evaluate", (data) => evaluateAbTest(data, engine)),
      () => this.takeOne("evaluate-monitors", ({ workspaceId }) => evaluateAfterRun(workspaceId)),
      () =>
        this.takeOne(
          "backtest",
          ({ backtestId }) => runBacktest(backtestId),
          ({ backtestId }, reason) => recordBacktestFailure(backtestId, reason),
        ),
      () => this.takeOne("evaluate-outcomes", (data) => evaluateConceptMonitor(data, engine)),
      () => this.takeOne("check-rules", (data) => checkRules(data, engine), recordCheckFailure),
      () => this.takeOne("check-skew", (data) => checkSkew(data, engine, store)),
    ];
    return quick.reduce(async (taken, take) => (await taken) || take(), Promise.resolve(false));
  }
}

function complain(what: string) {
  return (error: unknown) => log().error({ err: error }, `${what} failed and goes on`);
}
