import type { Transaction } from "@/lib/db/client";
import type { VariantResult } from "@/lib/engines/engine";
import type { RecordedModel } from "./record-model";
import type { RunContext } from "./run-context";

/** Instance → seconds that its fit took when it was made, of every fit that was used again. */
export async function savedSecondsOf(
  tx: Transaction,
  result: VariantResult,
  fits: ReadonlyMap<string, string>,
): Promise<Map<string, number>> {
  const reused = result.fits.filter((fit) => fit.reused).map((fit) => fit.instance);
  const rows = await tx.fit.findMany({
    where: { id: { in: reused.flatMap((instance) => fits.get(instance) ?? []) } },
    select: { id: true, seconds: true },
  });
  const seconds = new Map(rows.map((row) => [row.id, row.seconds]));
  return new Map(reused.map((instance) => [instance, seconds.get(fits.get(instance) ?? "") ?? 0]));
}

/** Says in the log and at the end of the run what did not have to be fitted, and which model version came of it. */
export async function recordReuse(
  tx: Transaction,
  { run, instances }: RunContext,
  result: VariantResult,
  saved: ReadonlyMap<string, number>,
  model: RecordedModel | null,
): Promise<void> {
  const sentences: string[] = [];
  if (saved.size > 0) {
    const names = [...saved.keys()].map((key) => instances.get(key)?.stage ?? key).join(", ");
    const seconds = [...saved.values()].reduce((sum, one) => sum + one, 0);
    sentences.push(
      `${saved.size} of ${result.fits.length} fits were used again (${names}), which saved ${seconds.toFixed(1)} s.`,
    );
  }
  if (run.kind === "fit" && model)
    sentences.push(
      model.isNew
        ? `Version ${model.version} of model ${model.name} is registered${model.firstAlias ? ", and has the alias staging, because no version had it" : ""}.`
        : `No new version: version ${model.version} of model ${model.name} has the same fits.`,
    );
  if (sentences.length === 0) return;
  await tx.runLog.createMany({ data: sentences.map((message) => ({ runId: run.id, level: "info", message })) });
  if (run.kind === "fit")
    await tx.run.update({ where: { id: run.id }, data: { message: ["Done.", ...sentences].join(" ") } });
}
