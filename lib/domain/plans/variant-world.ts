import type { EngineName } from "../definitions/engine-name";
import { splitColumn } from "../definitions/column-type";
import type { DefinitionKind } from "../definitions/definition";
import type { EntityDefinition } from "../definitions/entity";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { SourceDefinition } from "../definitions/source";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import type { Assignment } from "../definitions/split-rule";
import type { StageDefinition } from "../definitions/stage";
import { DomainError } from "../errors";
import type { Instance } from "./instances";

/** Everything that the fits of a variant and the verdict on it follow from, whether it runs or is only looked at. */
export interface VariantWorld {
  catalogue: {
    entities: readonly EntityDefinition[];
    sources: readonly SourceDefinition[];
    splits: readonly SplitPolicyDefinition[];
    /** `definitionKey` → the number of the version that the definition is. */
    versions: ReadonlyMap<string, { version: number }>;
  };
  /** Split policy → the assignment that was materialised for the versions that are read; a plan that is only looked at has none. */
  assignments?: ReadonlyMap<string, Assignment>;
  /** Columns that somebody documented as features. */
  declared: ReadonlySet<string>;
  /** The engine that fits and computes, where it is not the local one: its numbers differ in the last digits. */
  engine?: EngineName;
  /** Decides the rows of estimators whose owners leave them to it. */
  pipeline: PipelineDefinition;
  /** `digest` is of what the stage computes. */
  stages: ReadonlyMap<string, { definition: StageDefinition; digest: string }>;
  /** In the order in which they run, by key. */
  instances: ReadonlyMap<string, Instance>;
  /** Instance key → signature. */
  graph: { signatures: ReadonlyMap<string, string> };
  /** `entity.column` → key of the instance that writes it in this variant. */
  writers: ReadonlyMap<string, string>;
}

/** How a declared object is found among all kinds. */
export function definitionKey(kind: DefinitionKind, name: string): string {
  return `${kind} ${name}`;
}

/** The number of the version that a declared object is in this world. */
export function versionOf({ catalogue }: Pick<VariantWorld, "catalogue">, kind: DefinitionKind, name: string): number {
  const known = catalogue.versions.get(definitionKey(kind, name));
  if (!known) throw new Error(`The catalogue has ${kind} ${name} without its version.`);
  return known.version;
}

export function stageNamed<Stage>(stages: ReadonlyMap<string, Stage>, name: string): Stage {
  const stage = stages.get(name);
  if (!stage)
    throw new DomainError("invalid", `The run's stage ${name} has no version in the registry. Start a new run.`);
  return stage;
}

export function stageOf<Stage>(
  world: { stages: ReadonlyMap<string, Stage> },
  instance: Pick<Instance, "stage">,
): Stage {
  return stageNamed(world.stages, instance.stage);
}

/**
 * What a stage reads as people name it: its columns, with every undocumented one in between replaced by what it is made
 * from. A vector of ten features reads ten features.
 */
export function featuresRead(world: VariantWorld, columns: readonly string[]): string[] {
  const read = new Set<string>();
  const seen = new Set<string>();
  const visit = (column: string) => {
    if (seen.has(column)) return;
    seen.add(column);
    const writer = world.writers.get(column);
    if (!writer || world.declared.has(column)) read.add(column);
    else stageOf(world, world.instances.get(writer) as Instance).definition.inputs.forEach(visit);
  };
  columns.forEach(visit);
  return [...read];
}

/** Names of the entities that the variant reads or writes. */
export function entitiesOf({ stages }: { stages: ReadonlyMap<string, { definition: StageDefinition }> }): Set<string> {
  const entities = new Set<string>();
  for (const { definition } of stages.values()) {
    entities.add(definition.entity);
    for (const column of [...definition.inputs, ...(definition.fitInputs ?? [])]) entities.add(splitColumn(column)[0]);
  }
  return entities;
}
