/** One run of a variant: frames are made, stages run in order, results are judged, profiled and written; then published at once. */
import { basename } from "node:path";
import { DomainError } from "@/lib/domain/errors";
import { checkStage } from "@/lib/domain/operators/check-stage";
import { operatorName } from "@/lib/domain/operators/operator-table";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { makeStagingFolder, publishOutputs, removeFolder, writeOutputs } from "./entity-output";
import { addFeatureHash } from "./evaluation/duplicate-rows";
import { type InputSample, type NoSample, sampleInputs, shuffledInstance } from "./evaluation/input-sample";
import { evaluate } from "./evaluation/evaluate";
import { firstLine } from "./frame";
import { Frames } from "./frames";
import { holdResults } from "./hold-results";
import { type Fit, runOperatorStage } from "./operator-stage";
import { stageError } from "./operators/local-operator";
import { LOCAL_OPERATORS } from "./operators/local-operators";
import { featureHashOf, findUses, scheduleInstances } from "./plan-uses";
import { profileColumns } from "./profile-columns";
import { readValues } from "./read-values";
import { runSqlStage } from "./sql-stage";
import { type Session, type SessionOptions, openSession } from "./session";
import { assertUnchanged } from "./source-file";

/** A query that takes longer says how far it is, this often. */
const HEARTBEAT_MS = 1000;

export async function runVariant(
  options: SessionOptions,
  plan: VariantPlan,
  listener: RunControl,
): Promise<VariantResult> {
  checkPlan(plan);
  const hasKernels = plan.instances.some(({ stage }) => LOCAL_OPERATORS[operatorName(stage)]?.isKernel);
  const session = await openSession({ ...options, hasKernels, signal: listener.signal });
  const { control, stop } = withHeartbeat(session, listener);
  let folder: string | undefined;
  try {
    for (const { definition, snapshot } of plan.sources) await assertUnchanged(definition, snapshot);
    folder = await makeStagingFolder(plan.outputDirectory, basename(session.scratch));
    const files = [
      ...plan.sources.flatMap(({ snapshot }) => snapshot.files.map((file) => file.path)),
      ...plan.instances.flatMap(({ values }) => values?.file ?? []),
      ...assignmentsOf(plan),
    ];
    await session.confine(files, [session.scratch, folder]);

    const order = scheduleInstances(plan.instances);
    // Steps: every stage, then metrics, profiles and files.
    const total = order.length + 3;
    const frames = new Frames(session, plan, order, findUses(plan, order), control, total);
    const fits: Fit[] = [];
    const stages: VariantResult["stages"] = [];
    let sample: InputSample | NoSample | null = null;
    for (const [done, instance] of order.entries()) {
      frames.at = done;
      const started = performance.now();
      const step = (message: string) =>
        control.progress({ done, total, instance: instance.key, message: `${instance.stage.name}: ${message}` });
      step(operatorName(instance.stage));
      let rows: number | null = null;
      let fit: Fit | null = null;
      try {
        if (instance.values) await readValues(session, frames, instance, instance.values);
        else if (operatorName(instance.stage) === "sql") rows = await runSqlStage(session, frames, instance, control);
        else fit = await runOperatorStage(session, frames, instance, control, step);
        if (featureHashOf(plan)?.instance === instance.key) await addFeatureHash(frames, instance);
        if (shuffledInstance(plan) === instance) sample = await sampleInputs(frames, plan, instance);
      } catch (error) {
        if (error instanceof DomainError) throw error;
        throw stageError(instance.stage, `it failed: ${firstLine(error)}`, {
          path: ["params"],
          found: firstLine(error),
        });
      }
      const kept = instance.values ? instance.fit : undefined;
      if (kept?.fitted)
        fit = {
          instance: instance.key,
          fingerprint: kept.fingerprint,
          model: kept.fitted,
          rows: 0,
          seconds: 0,
          reused: true,
        };
      if (fit) fits.push(fit);
      const seconds = (performance.now() - started) / 1000;
      const stageDone = { instance: instance.key, rows, seconds, reused: fit?.reused ?? instance.values !== undefined };
      stages.push(stageDone);
      control.stage?.(stageDone);
      control.log("info", `Stage ${instance.stage.name} took ${seconds.toFixed(2)} s.`);
    }

    frames.at = order.length;
    const say = (done: number, message: string) => control.progress({ done, total, instance: null, message });
    await holdResults(frames, plan);
    say(order.length, "evaluating");
    const fitted = fits.find(({ instance }) => instance === plan.evaluate?.shuffle)?.model ?? null;
    const { metrics, evaluation } = await evaluate(session, frames, plan, {
      classes: classNamesOf(plan, fits),
      shuffled: sample && { sample, model: fitted },
    });
    say(order.length + 1, "profiling");
    const profiles = await profileColumns(session, frames, plan, control, (message) => say(order.length + 1, message));
    say(order.length + 2, "writing");
    const staged = await writeOutputs(session, frames, plan, folder);
    if (control.signal.aborted) throw new DomainError("canceled", "The run was canceled.");
    const outputs = await publishOutputs(staged);
    say(total, "done");
    return { outputs, fits, stages, profiles, metrics, evaluation };
  } catch (error) {
    if (control.signal.aborted) throw new DomainError("canceled", "The run was canceled.");
    if (error instanceof DomainError) throw error;
    throw new DomainError("invalid", `The run failed: ${firstLine(error)}`);
  } finally {
    stop();
    await session.close();
    if (folder) await removeFolder(folder);
  }
}

/** Files of the assignments that rows are selected by. */
function assignmentsOf({ instances, profile, evaluate }: VariantPlan): Set<string> {
  const splits = [
    ...instances.map(({ fit }) => fit?.split),
    ...[...profile.selections, ...(evaluate?.selections ?? [])].map(({ split }) => split),
  ];
  return new Set(splits.flatMap((split) => split?.assignment?.file ?? []));
}

/** The values that an indexer made the label's class numbers of, in their order; none where the label came otherwise. */
function classNamesOf({ evaluate, instances }: VariantPlan, fits: readonly Fit[]): string[] {
  const writer = instances.find(({ key }) => key === evaluate?.label.instance);
  if (!evaluate || !writer || operatorName(writer.stage) !== "StringIndexer") return [];
  const labels = fits.find(({ instance }) => instance === writer.key)?.model.learned.labels as string[][] | undefined;
  return labels?.[writer.stage.outputs.findIndex(({ column }) => column === evaluate.label.column)] ?? [];
}

/** Repeats the last message with the running query's percentage, so that nobody takes a long query for a dead one. */
function withHeartbeat(session: Session, listener: RunControl): { control: RunControl; stop: () => void } {
  let last: Parameters<RunControl["progress"]>[0] | undefined;
  const timer = setInterval(() => {
    if (!last) return;
    const percent = session.percent();
    listener.progress(percent === null ? last : { ...last, message: `${last.message} (${Math.floor(percent)} %)` });
  }, HEARTBEAT_MS);
  const control: RunControl = {
    signal: listener.signal,
    log: (level, message) => listener.log(level, message),
    stage: (done) => listener.stage?.(done),
    progress(update) {
      last = update;
      listener.progress(update);
    },
  };
  return { control, stop: () => clearInterval(timer) };
}

function checkPlan(plan: VariantPlan): void {
  const issues = plan.instances.flatMap(({ stage }) =>
    checkStage(stage).map((issue) => ({ ...issue, path: ["stages", stage.name, ...issue.path] })),
  );
  if (issues.length > 0)
    throw new DomainError(
      "invalid",
      `The plan holds stages that cannot run. ${issues.map((issue) => issue.message).join(" ")}`,
      { issues },
    );
}
