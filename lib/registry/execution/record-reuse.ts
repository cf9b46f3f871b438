import type { Transaction } from "@/lib/db/client";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { RecordedModel } from "./record-model";
import type { RunContext } from "./run-context";
import type { RunPlan } from "./run-plan";

/** Instance → seconds that its fit took when it was made, of every fit that was used again. */
export async function savedSecondsOf(
  tx: Transaction,
  result: VariantResult,
  fits: ReadonlyMap<string, string>,
): Promise<Map<string, number>> {
  const made = new Set(result.fits.filter((fit) => !fit.reused).map((fit) => fit.instance));
  const reused = [...fits.keys()].filter((instance) => !made.has(instance));
  const rows = await tx.fit.findMany({
    where: { id: { in: reused.flatMap((instance) => fits.get(instance) ?? []) } },
    select: { id: true, seconds: true },
  });
  const seconds = new Map(rows.map((row) => [row.id, row.seconds]));
  return new Map(reused.map((instance) => [instance, seconds.get(fits.get(instance) ?? "") ?? 0]));
}

/** Instance → what its estimator's fit comes of, and why what was promised is not used. */
export function reasonsOf({ reasons, broken }: RunPlan): Map<string, string> {
  const both = (key: string) => [reasons.get(key), broken.get(key)].filter((one) => one !== undefined).join(" ");
  return new Map([...reasons.keys(), ...broken.keys()].map((key) => [key, both(key)]));
}

/** Instance → seconds that the stage took when it was computed, of all whose values are read. */
export function secondsOfValues({ reuse }: RunPlan): Map<string, number> {
  return new Map(
    [...reuse.read].flatMap(([key, { values }]) => (values.seconds === null ? [] : [[key, values.seconds] as const])),
  );
}

/** The result with the stages whose values were read, and those that did not run because nobody needed them any more. */
export function withSpared(result: VariantResult, { reuse }: RunPlan): VariantResult {
  const spared = reuse.dropped.map((instance) => ({ instance, rows: null, seconds: 0, reused: true }));
  const done = result.stages.map((stage) => ({ ...stage, reused: stage.reused || reuse.read.has(stage.instance) }));
  return { ...result, stages: [...done, ...spared] };
}

/** What was read instead of computed, as a sentence; null when nothing was. */
function describeValues({ instances }: RunContext, { reuse }: RunPlan): string | null {
  if (reuse.read.size === 0) return null;
  const stage = (key: string) => instances.get(key)?.stage ?? key;
  const names = [...reuse.read].map(([key, { values }]) => `${stage(key)} from run #${values.run.number}`).join(", ");
  const dropped = reuse.dropped.map(stage).join(", ");
  return `Values of ${reuse.read.size} of ${instances.size} stages were read, not computed (${names})${dropped ? `; what only led to them did not run (${dropped})` : ""}.`;
}

/** Says in the log and at the end of the run what did not have to be fitted, and which model version came of it. */
export async function recordReuse(
  tx: Transaction,
  context: RunContext,
  plan: RunPlan,
  saved: ReadonlyMap<string, number>,
  model: RecordedModel | null,
): Promise<void> {
  const { run, instances } = context;
  const sentences: string[] = [];
  if (saved.size > 0) {
    const names = [...saved.keys()].map((key) => instances.get(key)?.stage ?? key).join(", ");
    const seconds = [...saved.values()].reduce((sum, one) => sum + one, 0);
    sentences.push(
      `${saved.size} of ${plan.fits.size} fits were used again (${names}), which saved ${seconds.toFixed(1)} s.`,
    );
  }
  if (run.kind === "fit" && model)
    sentences.push(
      model.isNew
        ? `Version ${model.version} of model ${model.name} is registered${model.firstAlias ? ", and has the alias staging, because no version had it" : ""}.`
        : `No new version: version ${model.version} of model ${model.name} has the same fits.`,
    );
  const read = describeValues(context, plan);
  const logged = read === null ? sentences : [read, ...sentences];
  if (logged.length === 0) return;
  await tx.runLog.createMany({ data: logged.map((message) => ({ runId: run.id, level: "info", message })) });
  if (run.kind === "fit" && sentences.length > 0)
    await tx.run.update({ where: { id: run.id }, data: { message: ["Done.", ...sentences].join(" ") } });
}
