/** For tests: the planner's variants as plans of the engine, each alone or all merged, with a column's logical and physical names. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { FitRows } from "@/lib/domain/definitions/stage";
import { type MergedPlan, mergeVariants } from "@/lib/domain/plans/instances";
import { planVariants } from "@/lib/domain/plans/plan-variants";
import type { PlannedVariant } from "@/lib/domain/plans/types";
import { planInputOf } from "@/lib/domain/specs/plan-input";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { EntityOutput } from "@/lib/domain/runs/variant-result";
import { type World, makePlan, quietControl } from "./make-plan.test-support";
import type { SmallWorld } from "./small-world.test-support";

/** Types that a file has a column for. */
const WRITTEN = new Set(["boolean", "bigint", "double", "string", "date", "timestamp"]);

export function variantsOf(world: World, outputs: string[]): PlannedVariant[] {
  return planVariants({ ...planInputOf(world), outputs, options: { limit: 100 } }).variants;
}

export function merge(world: World, variants: PlannedVariant[]): MergedPlan {
  const { stages, sources } = planInputOf(world);
  return mergeVariants(stages, sources, variants);
}

/** The instances of a merged plan. Estimators are fitted on `fit` unless their stage says otherwise. */
export function toEngineInstances(world: World, merged: MergedPlan, fit: FitRows): EngineInstance[] {
  return merged.instances.map((instance): EngineInstance => {
    const stage = world.stages.find((candidate) => candidate.name === instance.stage);
    if (!stage) throw new Error(`no stage ${instance.stage}`);
    const rows = stage.fit ?? fit;
    const policy = "split" in rows ? world.splits.find((split) => split.name === rows.split) : undefined;
    return {
      key: instance.key,
      stage,
      inputs: Object.fromEntries(
        Object.entries(instance.inputs).map(([column, from]) => [column, "source" in from ? null : from.instance]),
      ),
      ...(stage.estimator && {
        fit: {
          fingerprint: instance.key,
          rowSet: [],
          split: policy && "split" in rows ? { policy, parts: rows.parts } : null,
        },
      }),
    };
  });
}

/** A plan that writes every column that fits a file, under its physical name. */
export async function toPlan(
  small: SmallWorld,
  world: World,
  merged: MergedPlan,
  fit: FitRows,
  rest: Partial<VariantPlan> = {},
): Promise<VariantPlan> {
  const instances = toEngineInstances(world, merged, fit);
  const types = new Map(
    world.stages.flatMap((stage) => stage.outputs.map(({ column, type }) => [column, type] as const)),
  );
  const plan = await makePlan(small.engine, world, small.outputDirectory, { instances });
  return {
    ...plan,
    materialise: merged.columns
      .filter(({ logical }) => WRITTEN.has(types.get(logical) ?? ""))
      .map(({ logical, physical, writer }) => ({ column: logical, instance: writer, name: splitColumn(physical)[1] })),
    ...rest,
  };
}

export type Table = Map<string, Record<string, unknown>>;

/** Rows of an output by keys and event time. */
export async function readTable(small: SmallWorld, world: World, output: EntityOutput): Promise<Table> {
  const entity = world.entities.find((candidate) => candidate.name === output.entity);
  const keys = [...(entity?.joinKeys ?? []).map((key) => key.name)];
  if (entity?.eventTime && output.snapshot.time) keys.push(entity.eventTime);
  const table: Table = new Map();
  const columns = output.columns.map(({ name }) => name);
  for await (const batch of small.engine.readRows(output.snapshot.files[0]?.path ?? "", { columns, keys }))
    for (const row of batch) table.set(JSON.stringify(keys.map((key) => row[key])), row);
  return table;
}

/** Runs a plan and reads what it wrote, by entity. */
export async function runTables(small: SmallWorld, world: World, plan: VariantPlan) {
  const result = await small.engine.runVariant(plan, quietControl());
  const tables = new Map<string, Table>();
  for (const output of result.outputs) tables.set(output.entity, await readTable(small, world, output));
  return { result, tables };
}
