import type { Instance, MergedPlan } from "./instances";
import type { PlannedVariant, PlanStage } from "./types";

/** A merged plan as a picture or a table shows it. */
export interface DrawnInstance {
  key: string;
  stage: string;
  kind: "transformer" | "estimator";
  cost: number;
  inputs: { column: string; writer: string | null; role: "input" | "fitInput" }[];
  outputs: { column: string; physical: string }[];
  variants: number[];
  /** Indices of the variants that need it once everything is fitted. */
  predicts: number[];
}

/**
 * The instances of a merged plan with what each reads and writes by name.
 * @param stages the catalogue that the variants were planned on
 */
export function drawInstances(
  stages: readonly PlanStage[],
  variants: readonly PlannedVariant[],
  merged: MergedPlan,
): DrawnInstance[] {
  const stageOf = new Map(stages.map((stage) => [stage.name, stage]));
  const predicts = variants.map((variant) => new Set(variant.predict));
  const written = new Map<string, DrawnInstance["outputs"]>();
  for (const { writer, logical, physical } of merged.columns) {
    const outputs = written.get(writer) ?? [];
    written.set(writer, outputs);
    outputs.push({ column: logical, physical });
  }
  return merged.instances.map(({ key, stage, inputs, variants: own }) => {
    const declared = stageOf.get(stage)!;
    const read = new Set(declared.inputs);
    return {
      key,
      stage,
      kind: declared.kind ?? "transformer",
      cost: declared.cost ?? 1,
      inputs: Object.entries(inputs).map(([column, from]) => ({
        column,
        writer: "source" in from ? null : from.instance,
        role: read.has(column) ? ("input" as const) : ("fitInput" as const),
      })),
      outputs: written.get(key) ?? [],
      variants: own,
      predicts: own.filter((variant) => predicts[variant]!.has(stage)),
    };
  });
}

/** The instances of one of the merged variants: its stages' keys, and the writer of each column that it makes. */
export function instancesOf(merged: MergedPlan, variant: PlannedVariant, index: number) {
  const instances = new Map<string, Instance>();
  const keyOf = new Map<string, string>();
  for (const instance of merged.instances)
    if (instance.variants.includes(index)) {
      instances.set(instance.key, instance);
      keyOf.set(instance.stage, instance.key);
    }
  const writers = new Map(Object.entries(variant.choice).map(([column, stage]) => [column, keyOf.get(stage)!]));
  return { instances, writers };
}
