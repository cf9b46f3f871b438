import { environment } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import { database, prisma } from "@/lib/db/client";
import { finishJob, maintainQueue, openQueue, releaseAbandonedJobs, releaseJob, takeJob } from "@/lib/db/queue";
import type { Engine } from "@/lib/engines/engine";
import type { OnlineStore } from "@/lib/online/online-store";
import { checkRules } from "./check-rules";
import { materialise } from "./materialise";
import { claimRun, reapRuns } from "./run/claims";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";
import { sweepOutputs } from "./sweep-outputs";

const POLL_MS = 1000;
const REAP_EVERY_MS = 5000;
const MAINTAIN_EVERY_MS = 10 * 60_000;
/** How long a stopping worker waits for the engine to let go. */
const STOP_WITHIN_MS = 4000;

export interface WorkerOptions {
  engine: Engine;
  store: OnlineStore;
  /** Told of every step of a run, for a terminal. */
  onProgress?: (runId: string, progress: number, message: string) => void;
}

export interface Worker {
  /** Takes nothing new, gives back what runs, and resolves within five seconds. */
  stop(): Promise<void>;
}

/** Takes jobs from the queue, one at a time: values that wait to go online first, because they are quick, then runs. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  await openQueue();
  // The embedded database belongs to this process, so whatever was running belongs to a dead one.
  const alone = database().kind === "embedded";
  if (alone) await releaseAbandonedJobs();
  const begun = await reapRuns({ everyRunning: alone });
  if (begun > 0) log().warn({ runs: begun }, "runs of a worker that died begin again");
  await sweepOutputs(environment().TRIBUTARY_DATA, { alone });
  return new PollingWorker(options);
}

class PollingWorker implements Worker {
  private stopping = false;
  private current: ProgressWriter | null = null;
  private wake: (() => void) | null = null;
  private readonly timers: NodeJS.Timeout[];
  private readonly loop: Promise<void>;

  constructor(private readonly options: WorkerOptions) {
    this.timers = [
      setInterval(() => void reapRuns().catch(complain("the reaper")), REAP_EVERY_MS),
      setInterval(() => void maintainQueue().catch(complain("the queue's maintenance")), MAINTAIN_EVERY_MS),
    ];
    this.loop = this.work();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.timers.forEach(clearInterval);
    this.current?.abort("shutdown");
    this.wake?.();
    await Promise.race([this.loop, new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref())]);
  }

  private async work(): Promise<void> {
    while (!this.stopping) {
      try {
        if ((await this.materialiseOne()) || (await this.checkOne()) || (await this.runOne())) continue;
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

  private async runOne(): Promise<boolean> {
    if (this.stopping) return false;
    const job = await takeJob("run");
    if (!job) return false;
    const run = await claimRun(job.data.runId);
    if (run) {
      const { onProgress } = this.options;
      const writer = new ProgressWriter(run, onProgress && ((...step) => onProgress(run.id, ...step)));
      this.current = writer;
      if (this.stopping) writer.abort("shutdown");
      await executeRun(run, this.options.engine, writer).finally(() => (this.current = null));
    }
    await finishJob("run", job.id);
    return true;
  }

  private async checkOne(): Promise<boolean> {
    if (this.stopping) return false;
    const job = await takeJob("check-rules");
    if (!job) return false;
    try {
      await checkRules(job.data, this.options.engine);
      await finishJob("check-rules", job.id);
    } catch (error) {
      complain(`checking the rules of ${job.data.source}`)(error);
      await releaseJob("check-rules", job.id, error instanceof Error ? error.message : String(error));
    }
    return true;
  }

  private async materialiseOne(): Promise<boolean> {
    if (this.stopping) return false;
    const job = await takeJob("materialise");
    if (!job) return false;
    try {
      await materialise(job.data, this.options.engine, this.options.store);
      await finishJob("materialise", job.id);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      complain("materialising a view")(error);
      await prisma().runLog.create({
        data: {
          runId: job.data.runId,
          level: "error",
          message: `Values did not go online: ${reason} It is tried again.`,
        },
      });
      await releaseJob("materialise", job.id, reason);
    }
    return true;
  }
}

function complain(what: string) {
  return (error: unknown) => log().error({ err: error }, `${what} failed and goes on`);
}
