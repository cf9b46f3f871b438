/** What a plan reads: which columns, until when, and in which order its instances run. Pure; no database. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition, Relation } from "@/lib/domain/definitions/entity";
import { type Assignment, toSplitRule } from "@/lib/domain/definitions/split-rule";
import { DomainError } from "@/lib/domain/errors";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import type { EngineInstance, VariantPlan, WrittenColumn } from "@/lib/domain/runs/variant-plan";
import { columnKey } from "./frame";
import { stageError } from "./operators/local-operator";
import { partKey } from "./row-selection";

const ALWAYS = Number.MAX_SAFE_INTEGER;

/** The entity whose rows a stage reads. */
export function readerOf(instance: Pick<EngineInstance, "stage">): string {
  return instance.stage.from ?? instance.stage.entity;
}

/** What running an instance reads: a fitted one needs no labels, and one whose values were written before nothing at all. */
export function readColumns({ stage, fit, values }: EngineInstance): string[] {
  if (values) return values.isCompared ? [...new Set(stage.inputs)] : [];
  return [...new Set([...stage.inputs, ...(fit?.fitted ? [] : (stage.fitInputs ?? []))])];
}

/**
 * Runs what makes rows as early as its inputs allow, so that columns on the same rows are seen to be and share a table.
 * Otherwise the plan's order is kept.
 */
export function scheduleInstances(instances: EngineInstance[]): EngineInstance[] {
  const waiting = [...instances];
  const done = new Set<string>();
  const known = new Set(instances.map((instance) => instance.key));
  const ready = (instance: EngineInstance) => writersRead(instance).every((key) => done.has(key) || !known.has(key));
  const order: EngineInstance[] = [];
  // What an aggregation still to come needs goes before what it does not need.
  const wanted = neededByAggregations(instances);
  while (waiting.length > 0) {
    const candidates = waiting.filter(ready);
    const next =
      candidates.find((instance) => instance.values !== undefined) ??
      candidates.find((instance) => instance.stage.from !== undefined) ??
      candidates.find((instance) => wanted.has(instance.key)) ??
      candidates[0];
    if (!next) {
      throw new DomainError(
        "invalid",
        `The plan reads in a circle among ${waiting.map((instance) => instance.stage.name).join(", ")}.`,
      );
    }
    waiting.splice(waiting.indexOf(next), 1);
    done.add(next.key);
    order.push(next);
  }
  return order;
}

function writersRead(instance: EngineInstance): string[] {
  return readColumns(instance).flatMap((column) => instance.inputs[column] ?? []);
}

function neededByAggregations(instances: EngineInstance[]): Set<string> {
  const byKey = new Map(instances.map((instance) => [instance.key, instance]));
  const wanted = new Set<string>();
  const visit = (instance: EngineInstance) => {
    for (const key of writersRead(instance)) {
      const upstream = byKey.get(key);
      if (upstream && !wanted.has(upstream.key)) {
        wanted.add(upstream.key);
        visit(upstream);
      }
    }
  };
  instances.filter((instance) => instance.stage.from !== undefined).forEach(visit);
  return wanted;
}

/** What is read when every stage has run: written out, judged or profiled. */
function resultColumns({ materialise, evaluate, profile, instances }: VariantPlan): WrittenColumn[] {
  const hash = featureHashOf({ evaluate, instances });
  const evaluated = evaluate
    ? [evaluate.prediction, evaluate.label, ...(evaluate.slices ?? []), ...(hash ? [hash] : [])]
    : [];
  return [...materialise, ...profile.columns, ...evaluated];
}

/** No declared column has such a name. */
export const FEATURE_HASH = "#features";

/** The hash of the features of every row, as if it were a column that the instance wrote; null when they are not compared. */
export function featureHashOf({
  evaluate,
  instances,
}: Pick<VariantPlan, "evaluate" | "instances">): WrittenColumn | null {
  const instance = instances.find(({ key, values }) => key === evaluate?.features && (!values || values.isCompared));
  return instance ? { column: `${readerOf(instance)}.${FEATURE_HASH}`, instance: instance.key } : null;
}

/** The relation that a stage follows from the entity it reads to another. Throws `invalid` when none or several could be meant. */
export function relationTo(entity: EntityDefinition, target: string, instance: EngineInstance): Relation {
  const relations = (entity.relations ?? []).filter((relation) => relation.entity === target);
  const named = instance.stage.via?.[target];
  const found = named === undefined ? relations : relations.filter((relation) => relation.name === named);
  const [relation] = found;
  if (found.length === 1 && relation) return relation;
  const names = relations.map((candidate) => candidate.name).join(", ") || "none";
  const problem =
    named !== undefined
      ? `follows the relation ${named}, which does not lead from ${entity.name} to ${target}`
      : relations.length === 0
        ? `reads columns of ${target}, and no relation leads there from ${entity.name}`
        : `reads columns of ${target}, and several relations lead there from ${entity.name}; say which with via`;
  throw stageError(instance.stage, `it ${problem}.`, {
    path: ["via"],
    expected: `one relation to ${target}`,
    found: names,
  });
}

export interface PlanUses {
  /** Column key → index of the last instance that reads it, ALWAYS for what is written, judged or profiled. */
  last: Map<string, number>;
  /** Entity → bare names of columns that its sources must deliver. */
  sourceColumns: Map<string, Set<string>>;
  /** Source → split policy → the assignment that puts its rows into parts. */
  assigned: Map<string, Map<string, Assignment>>;
}

export function findUses(plan: VariantPlan, order: EngineInstance[]): PlanUses {
  const entities = new Map(plan.entities.map((entity) => [entity.name, entity]));
  const last = new Map<string, number>();
  const sourceColumns = new Map<string, Set<string>>();
  const assigned: PlanUses["assigned"] = new Map();
  const note = (column: string, instance: string | null, at: number) => {
    last.set(columnKey(column, instance), at);
    if (instance !== null) return;
    const [entity, name] = splitColumn(column);
    const names = sourceColumns.get(entity) ?? new Set<string>();
    names.add(name);
    sourceColumns.set(entity, names);
  };

  order.forEach((instance, at) => {
    const reader = entities.get(readerOf(instance));
    for (const column of readColumns(instance)) {
      note(column, instance.inputs[column] ?? null, at);
      const [owner] = splitColumn(column);
      if (reader && owner !== reader.name)
        note(`${reader.name}.${relationTo(reader, owner, instance).by}`, null, ALWAYS);
    }
  });

  for (const { column, instance } of resultColumns(plan)) note(column, instance, ALWAYS);

  for (const { split, entity } of splitsByEntity(plan, order)) {
    const rule = split && toSplitRule(split.policy);
    if (rule?.by === "hash") note(`${entity}.${rule.key}`, null, ALWAYS);
    if (split?.assignment && rule?.by === "assignment") {
      last.set(partKey(entity, split.policy.name), ALWAYS);
      const known = assigned.get(rule.source) ?? new Map<string, Assignment>();
      assigned.set(rule.source, known.set(split.policy.name, split.assignment));
    }
  }
  return { last, sourceColumns, assigned };
}

/** Every split that selects rows of some entity's frame. */
function* splitsByEntity(
  plan: VariantPlan,
  order: EngineInstance[],
): Generator<{ entity: string; split: RowSelection["split"] }> {
  for (const { stage, fit, values } of order)
    if (!fit?.fitted && !values) yield { entity: stage.entity, split: fit?.split ?? null };
  const selections = [...plan.profile.selections, ...(plan.evaluate?.selections ?? [])];
  const columns = [...plan.profile.columns, ...(plan.evaluate ? [plan.evaluate.prediction] : [])];
  for (const entity of new Set(columns.map(({ column }) => splitColumn(column)[0]))) {
    for (const { split } of selections) yield { entity, split };
  }
}
