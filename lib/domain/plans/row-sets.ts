import { splitColumn } from "../definitions/column-type";
import type { SourceDefinition } from "../definitions/source";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import { type PolicyParts, toSplitRule } from "../definitions/split-rule";
import type { FitRows } from "../definitions/stage";
import { DomainError } from "../errors";
import { type Box, PLANNED_ASSIGNMENT, type RowSet } from "../leakage/types";
import type { Instance } from "./instances";
import { stageOf, type VariantWorld, versionOf } from "./variant-world";

/** Source → number of the version that is read. */
export type ResolvedVersions = ReadonlyMap<string, number>;

export interface Upstream {
  /** Names of the sources that it reads, directly or not, to fit or to transform. */
  sources: Set<string>;
  /** Keys of the estimators before it. */
  estimators: Set<string>;
  /** Names of the entities whose rows it, or a stage before it, reads, joins or writes. */
  entities: Set<string>;
}

/** What lies upstream of every instance. */
export function findUpstream(world: VariantWorld): Map<string, Upstream> {
  const upstream = new Map<string, Upstream>();
  const sources = sourcesByColumn(world);
  for (const instance of world.instances.values()) {
    const { definition } = stageOf(world, instance);
    const own: Upstream = {
      sources: new Set(),
      estimators: new Set(),
      entities: new Set([definition.entity, ...(definition.from === undefined ? [] : [definition.from])]),
    };
    for (const [column, from] of Object.entries(instance.inputs)) {
      own.entities.add(splitColumn(column)[0]);
      if ("source" in from) {
        sources.get(column)?.forEach((source) => own.sources.add(source));
        continue;
      }
      const before = upstream.get(from.instance);
      before?.sources.forEach((source) => own.sources.add(source));
      before?.estimators.forEach((key) => own.estimators.add(key));
      before?.entities.forEach((name) => own.entities.add(name));
      if (stageOf(world, world.instances.get(from.instance) as Instance).definition.estimator)
        own.estimators.add(from.instance);
    }
    upstream.set(instance.key, own);
  }
  return upstream;
}

/**
 * The declared objects that decide which rows an instance sees: the entities of its upstream, and the sources that it reads or whose
 * rows its entity has, by name.
 */
export function definitionsBefore({ catalogue, stages }: VariantWorld, instance: Instance, upstream: Upstream) {
  const { entity } = stageOf({ stages }, instance).definition;
  const isBefore = (source: SourceDefinition) => source.entity === entity || upstream.sources.has(source.name);
  return {
    entities: byName(catalogue.entities.filter(({ name }) => upstream.entities.has(name))),
    sources: byName(catalogue.sources.filter(isBefore)),
  };
}

function byName<Definition extends { name: string }>(definitions: readonly Definition[]): Definition[] {
  return definitions.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** `entity.column` → names of the sources that have it. */
function sourcesByColumn({ catalogue }: VariantWorld): Map<string, string[]> {
  const sources = new Map<string, string[]>();
  for (const { name, entity, columns } of catalogue.sources)
    for (const column of columns) {
      const key = `${entity}.${column.name}`;
      sources.set(key, [...(sources.get(key) ?? []), name]);
    }
  return sources;
}

/** Rows that an estimator is fitted on: its owner's word, unless the pipeline refits it; else the pipeline's; else all. */
export function fitRowsOf(world: VariantWorld, instance: Instance): FitRows {
  const { definition } = stageOf(world, instance);
  const refitted = world.pipeline.refit?.includes(instance.stage) ?? false;
  if (definition.fit && !refitted) return definition.fit;
  return world.pipeline.fit ?? { rows: "all" };
}

export interface Split extends PolicyParts {
  /** The policy's version. */
  version: number;
}

export function splitOf(world: VariantWorld, rows: FitRows): Split | null {
  return "rows" in rows ? null : splitBy(world, rows.split, rows.parts);
}

/** Parts of a policy as it is declared now. Throws `invalid` when it is not. */
export function splitBy(world: VariantWorld, name: string, parts: string[]): Split {
  const policy = policyNamed(world, name);
  const assignment = world.assignments?.get(name);
  return { policy, version: versionOf(world, "SplitPolicy", name), parts, ...(assignment && { assignment }) };
}

function policyNamed(world: VariantWorld, name: string): SplitPolicyDefinition {
  const policy = world.catalogue.splits.find((candidate) => candidate.name === name);
  if (!policy)
    throw new DomainError(
      "invalid",
      `Pipeline ${world.pipeline.name} names the split policy ${name}, which is not declared.`,
    );
  return policy;
}

/**
 * Parts of a split as boxes over the sources whose rows an entity has: those of the entity itself, else those that it is
 * aggregated from. A table without time only decorates rows of others, so it counts when there is nothing else.
 */
export function rowSetOf(
  world: VariantWorld,
  entity: string,
  sources: Iterable<string>,
  split: Split | null,
  versions: ResolvedVersions,
): RowSet {
  const all = [...sources].flatMap((name) => world.catalogue.sources.filter((source) => source.name === name));
  const timed = all.filter((source) => source.timeColumn !== undefined);
  const candidates = timed.length > 0 ? timed : all;
  const own = candidates.filter((source) => source.entity === entity);
  return (own.length > 0 ? own : candidates)
    .map((source): Box => ({
      dataset: source.name,
      version: String(versions.get(source.name)),
      ...(split &&
        canSplit(source, split.policy) && {
          split: {
            policy: split.policy.name,
            version: split.version,
            parts: split.parts,
            ...(toSplitRule(split.policy).by === "assignment" && {
              assignment: split.assignment?.digest ?? PLANNED_ASSIGNMENT,
            }),
          },
        }),
    }))
    .sort((one, other) => (one.dataset < other.dataset ? -1 : 1));
}

function canSplit(source: SourceDefinition, policy: SplitPolicyDefinition): boolean {
  const rule = toSplitRule(policy);
  if (rule.by === "assignment") return rule.source === source.name;
  const column = rule.by === "time" ? rule.column : rule.key;
  return source.columns.some(({ name }) => name === column);
}
