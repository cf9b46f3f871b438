/** What it takes to score single rows with a fitted model: the stages that compute a row from itself, and what has to be given. */
import { type ColumnType, splitColumn } from "../definitions/column-type";
import type { EntityDefinition, Relation } from "../definitions/entity";
import type { StageDefinition } from "../definitions/stage";
import { DomainError } from "../errors";
import type { Instance } from "./instances";
import { stageOf, type VariantWorld } from "./variant-world";

/** A column that is given, or read where it is kept. */
export interface ChainColumn {
  /** Bare of the entity's own, `relation.column` of another's. */
  name: string;
  /** `entity.column`. */
  column: string;
  relation: Relation | null;
  type: ColumnType;
}

export interface ScoringChain {
  /** In the order in which they run. An input that is given, or read where it is kept, has source `true`. */
  instances: Instance[];
  /** What rows need, in the order in which it is met. */
  columns: (ChainColumn & { from: "given" | "kept" })[];
  /** What is neither given nor kept, and cannot be computed from what is. */
  missing: ChainColumn[];
}

export interface ChainRules {
  /** Whether a stage computes each row from that row alone. */
  isRowByRow(stage: StageDefinition): boolean;
  /** Join keys and the event time that a stage reads besides its inputs, by bare name. */
  identityRead(stage: StageDefinition): readonly string[];
  /** Where a column comes from, if it comes from anywhere. */
  sourceOf(column: ChainColumn): "given" | "kept" | null;
}

/**
 * Walks from the targets towards their inputs. What is given is taken; else a stage that computes rows one by one is run, where all that
 * it needs is there; else the column is read where it is kept. Columns of other entities are given or kept, never computed.
 */
export function scoringChain(
  world: Pick<VariantWorld, "catalogue" | "stages" | "instances" | "writers">,
  entity: EntityDefinition,
  targets: readonly string[],
  rules: ChainRules,
): ScoringChain {
  const steps = new Map<string, Step>();

  const resolve = (column: string, relation: Relation | null, isTarget = false): Step => {
    const one: ChainColumn = { ...nameOf(column, relation), relation, type: typeIn(world, entity, column) };
    const known = steps.get(one.name);
    if (known) return known;
    const step = decide(one, isTarget);
    steps.set(one.name, step);
    return step;
  };

  const decide = (one: ChainColumn, isTarget: boolean): Step => {
    const from = isTarget ? null : rules.sourceOf(one);
    if (from === "given") return { kind: "taken", column: { ...one, from } };
    const key = one.relation === null ? world.writers.get(one.column) : undefined;
    const instance = key === undefined ? undefined : world.instances.get(key);
    const stage = instance && stageOf(world, instance).definition;
    if (instance && stage && stage.from === undefined && rules.isRowByRow(stage)) {
      const needed = [
        ...stage.inputs.map((column) => resolve(column, relationOf(entity, column, stage))),
        ...rules.identityRead(stage).map((name) => resolve(`${entity.name}.${name}`, null)),
      ];
      const missing = needed.flatMap((step) => (step.kind === "missing" ? step.columns : []));
      if (missing.length === 0) return { kind: "computed", instance, needed };
      return from === "kept" ? { kind: "taken", column: { ...one, from } } : { kind: "missing", columns: missing };
    }
    return from === "kept" ? { kind: "taken", column: { ...one, from } } : { kind: "missing", columns: [one] };
  };

  const columns = new Map<string, ScoringChain["columns"][number]>();
  const run = new Set<string>();
  const missing = new Map<string, ChainColumn>();
  const collect = (step: Step) => {
    if (step.kind === "taken") columns.set(step.column.name, step.column);
    else if (step.kind === "missing") for (const column of step.columns) missing.set(column.name, column);
    else if (!run.has(step.instance.key)) {
      run.add(step.instance.key);
      step.needed.forEach(collect);
    }
  };
  for (const target of targets) collect(resolve(target, null, true));
  return {
    instances: [...world.instances.values()]
      .filter(({ key }) => run.has(key))
      .map((instance) => {
        const { inputs } = stageOf(world, instance).definition;
        const read = inputs.map((column): [string, Instance["inputs"][string]] => {
          const from = instance.inputs[column];
          const isRun = from !== undefined && "instance" in from && run.has(from.instance);
          return [column, isRun && !columns.has(bareIn(entity, column)) ? from : { source: true }];
        });
        return { ...instance, inputs: Object.fromEntries(read) };
      }),
    columns: [...columns.values()],
    missing: [...missing.values()],
  };
}

type Step =
  | { kind: "taken"; column: ScoringChain["columns"][number] }
  | { kind: "computed"; instance: Instance; needed: Step[] }
  | { kind: "missing"; columns: ChainColumn[] };

const bareIn = (entity: EntityDefinition, column: string) => {
  const [owner, bare] = splitColumn(column);
  return owner === entity.name ? bare : column;
};

export function nameOf(column: string, relation: Relation | null): Pick<ChainColumn, "name" | "column"> {
  const [, bare] = splitColumn(column);
  return { name: relation ? `${relation.name}.${bare}` : bare, column };
}

/** The relation by which a stage reads a column of another entity; null of its own. */
export function relationOf(
  entity: EntityDefinition,
  column: string,
  stage: Pick<StageDefinition, "name" | "via">,
): Relation | null {
  const [owner] = splitColumn(column);
  if (owner === entity.name) return null;
  const named = stage.via?.[owner];
  const relation = (entity.relations ?? []).find(
    (one) => one.entity === owner && (named === undefined || one.name === named),
  );
  if (!relation)
    throw new DomainError(
      "conflict",
      `Stage ${stage.name} reads ${column}, and no relation leads from ${entity.name} to ${owner} any more. Fit the model again.`,
    );
  return relation;
}

export function typeIn(
  { catalogue, stages, instances, writers }: Pick<VariantWorld, "catalogue" | "stages" | "instances" | "writers">,
  entity: EntityDefinition,
  column: string,
): ColumnType {
  const [owner, bare] = splitColumn(column);
  const writer = writers.get(column);
  const instance = writer === undefined ? undefined : instances.get(writer);
  const written = instance && stageOf({ stages }, instance).definition.outputs.find((one) => one.column === column);
  if (written) return written.type;
  const key = owner === entity.name ? entity.joinKeys.find(({ name }) => name === bare) : undefined;
  if (key) return key.type;
  if (owner === entity.name && entity.eventTime === bare) return "timestamp";
  const declared = catalogue.sources
    .filter((source) => source.entity === owner)
    .flatMap(({ columns }) => columns)
    .find(({ name }) => name === bare);
  if (!declared)
    throw new DomainError(
      "conflict",
      `Nothing declares ${column} any more, which the model reads. Declare it, or fit the model again.`,
      { column },
    );
  return declared.type;
}
