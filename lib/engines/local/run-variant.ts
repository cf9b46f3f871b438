/** One run of a variant: frames are made, stages run in order, results are judged, profiled and written; then published at once. */
import { basename } from "node:path";
import { splitColumn } from "@/lib/domain/definitions";
import { DomainError } from "@/lib/domain/errors";
import { checkStage, operatorName } from "@/lib/domain/operators";
import type { RunControl, VariantPlan, VariantResult } from "../engine";
import { makeStagingFolder, publishOutputs, removeFolder, writeOutputs } from "./entity-output";
import { evaluate } from "./evaluation";
import { Frames, firstLine } from "./frames";
import { type Fit, runOperatorStage } from "./operator-stage";
import { stageError } from "./operators/local-operator";
import { findUses, resultColumns, scheduleInstances } from "./plan-uses";
import { profileColumns } from "./profile-columns";
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
  const session = await openSession({ ...options, signal: listener.signal });
  const { control, stop } = withHeartbeat(session, listener);
  let folder: string | undefined;
  try {
    for (const { definition, snapshot } of plan.sources) await assertUnchanged(definition, snapshot);
    folder = await makeStagingFolder(plan.outputDirectory, basename(session.scratch));
    const files = plan.sources.flatMap(({ snapshot }) => snapshot.files.map((file) => file.path));
    await session.confine(files, [session.scratch, folder]);

    const order = scheduleInstances(plan.instances);
    // Steps: every stage, then metrics, profiles and files.
    const total = order.length + 3;
    const frames = new Frames(session, plan, order, findUses(plan, order), control, total);
    const fits: Fit[] = [];
    const stages: VariantResult["stages"] = [];
    for (const [done, instance] of order.entries()) {
      frames.at = done;
      const started = performance.now();
      const step = (message: string) =>
        control.progress({ done, total, instance: instance.key, message: `${instance.stage.name}: ${message}` });
      step(operatorName(instance.stage));
      let rows: number | null = null;
      let fit: Fit | null = null;
      try {
        if (operatorName(instance.stage) === "sql") rows = await runSqlStage(session, frames, instance, control);
        else fit = await runOperatorStage(session, frames, instance, control, step);
      } catch (error) {
        if (error instanceof DomainError) throw error;
        throw stageError(instance.stage, `it failed: ${firstLine(error)}`, {
          path: ["params"],
          found: firstLine(error),
        });
      }
      if (fit) fits.push(fit);
      const seconds = (performance.now() - started) / 1000;
      stages.push({ instance: instance.key, rows, seconds, reused: fit?.reused ?? false });
      control.log("info", `Stage ${instance.stage.name} took ${seconds.toFixed(2)} s.`);
    }

    frames.at = order.length;
    const say = (done: number, message: string) => control.progress({ done, total, instance: null, message });
    await storeResults(frames, plan);
    say(order.length, "evaluating");
    const metrics = await evaluate(session, frames, plan);
    say(order.length + 1, "profiling");
    const profiles = await profileColumns(session, frames, plan, control, (message) => say(order.length + 1, message));
    say(order.length + 2, "writing");
    const staged = await writeOutputs(session, frames, plan, folder);
    if (control.signal.aborted) throw new DomainError("canceled", "The run was canceled.");
    const outputs = await publishOutputs(staged);
    say(total, "done");
    return { outputs, fits, stages, profiles, metrics };
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

/** Everything that is read from here on is computed once more and kept: metrics, profiles and files read it many times. */
async function storeResults(frames: Frames, plan: VariantPlan): Promise<void> {
  const final = resultColumns(plan);
  for (const { column, instance } of final) {
    const frame = await frames.get(splitColumn(column)[0]);
    await frames.own(frame, column, instance, "The plan");
  }
  for (const entity of new Set(final.map(({ column }) => splitColumn(column)[0])))
    await frames.store(await frames.get(entity));
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
