/**
 * Whose rows a column is on. Rows of an entity come from its sources; where those have none of the entity's kind (with or
 * without an event time), from the stages that aggregate to it, and a column is on the rows of the aggregations that it is
 * made from, never on those of others that happen to be in the plan. So a column has the same values whatever runs
 * beside it: what merging variants and reading values of earlier runs rest on. Pure; no database.
 */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { EngineInstance, VariantPlan, WrittenColumn } from "@/lib/domain/runs/variant-plan";

export class RowMakers {
  private readonly instances: Map<string, EngineInstance>;
  private readonly sourced: Set<string>;
  private readonly fixed: Set<string>;
  private readonly known = new Map<string, string[]>();

  constructor(private readonly plan: Pick<VariantPlan, "entities" | "sources" | "instances">) {
    this.instances = new Map(plan.instances.map((instance) => [instance.key, instance]));
    const eventTimes = new Map(plan.entities.map((entity) => [entity.name, entity.eventTime]));
    const timed = ({ definition }: VariantPlan["sources"][number]) =>
      eventTimes.get(definition.entity) === undefined || definition.timeColumn !== undefined;
    this.sourced = new Set(plan.sources.filter(timed).map(({ definition }) => definition.entity));
    this.fixed = new Set(plan.sources.map(({ definition }) => definition.entity));
  }

  /** Whether sources give rows of the entity: of its own kind, or as attributes that hold at all times. */
  hasSource(entity: string): boolean {
    return this.fixed.has(entity);
  }

  /** Whether the instance gives the entity rows. One whose values were written before gives those of the file. */
  makesRows({ stage, values }: EngineInstance): boolean {
    return !this.sourced.has(stage.entity) && (stage.from !== undefined || values !== undefined);
  }

  /** Keys of the instances on whose rows the columns are; none where they are on the rows of sources. Other entities' columns do not count. */
  of(entity: string, columns: readonly WrittenColumn[]): string[] {
    const found = new Set<string>();
    for (const { column, instance } of columns)
      if (instance !== null && splitColumn(column)[0] === entity)
        for (const maker of this.madeFrom(instance)) found.add(maker);
    if (found.size > 0 || this.hasSource(entity)) return [...found];
    // It reads nothing that would say on which rows it is.
    return this.plan.instances
      .filter((instance) => instance.stage.entity === entity && this.makesRows(instance))
      .map((instance) => instance.key);
  }

  /** The same for what an instance writes. */
  private madeFrom(key: string): string[] {
    const known = this.known.get(key);
    if (known) return known;
    const instance = this.instances.get(key);
    if (!instance) return [];
    const { stage, inputs } = instance;
    const made = this.makesRows(instance)
      ? [key]
      : stage.from !== undefined || instance.values
        ? []
        : this.of(stage.entity, readFrom(inputs, stage.inputs));
    this.known.set(key, made);
    return made;
  }
}

/** Columns with their writers, as an instance reads them. */
export function readFrom(inputs: EngineInstance["inputs"], columns: readonly string[]): WrittenColumn[] {
  return columns.map((column) => ({ column, instance: inputs[column] ?? null }));
}
