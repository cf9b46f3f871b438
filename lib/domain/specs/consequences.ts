import { splitColumn } from "../definitions/column-type";
import type { Definition, DefinitionKind } from "../definitions/definition";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { StageDefinition } from "../definitions/stage";
import type { SpecDifference } from "./difference";

/** An object that reads, directly or through others, what a difference touches. */
export interface Consequence {
  kind: DefinitionKind | "Model";
  name: string;
}

/** Members that say something about an object and change nothing of what it does. */
const DOCUMENTATION = new Set(["description", "owner", "tags", "title", "unit", "code", "tests"]);

/**
 * Tells of differences the objects of `present` downstream, in the order stages, features, views, services, pipelines, models. A
 * difference in words only has none. What is present is looked through once, whatever the number of differences.
 */
export function consequencesIn(present: readonly Definition[]): (difference: SpecDifference) => Consequence[] {
  const readers = readersIn(present);
  return (difference) => {
    const documentationOnly =
      difference.changes.length > 0 &&
      difference.changes.every(({ path }) => DOCUMENTATION.has(path.split(/[.[]/)[0] ?? ""));
    if (documentationOnly) return [];
    const found = downstream(difference, readers);
    return found.filter((one) => one.kind !== difference.kind || one.name !== difference.name);
  };
}

/** Who reads what. */
interface Readers {
  /** In declaration order. */
  stages: StageDefinition[];
  places: ReadonlyMap<Definition, number>;
  stagesOf: ReadonlyMap<string, StageDefinition[]>;
  features: ReadonlyMap<string, Definition>;
  viewsByName: ReadonlyMap<string, Definition>;
  viewsOf: ReadonlyMap<string, Definition[]>;
  servicesOf: ReadonlyMap<string, Definition[]>;
  pipelines: PipelineDefinition[];
}

function readersIn(present: readonly Definition[]): Readers {
  const kind = <Kind extends DefinitionKind>(wanted: Kind) =>
    present.filter((one): one is Extract<Definition, { kind: Kind }> => one.kind === wanted);
  const stages = kind("Stage");
  const views = kind("FeatureView");
  return {
    stages,
    places: new Map(present.map((one, place) => [one, place])),
    stagesOf: byKeys(stages, (stage) => [...stage.inputs, ...(stage.fitInputs ?? [])]),
    features: new Map(kind("Feature").map((one) => [one.name, one])),
    viewsByName: new Map(views.map((one) => [one.name, one])),
    viewsOf: byKeys(views, (view) => view.features),
    servicesOf: byKeys(kind("FeatureService"), (service) => service.features.map((ref) => ref.split(":")[0] ?? "")),
    pipelines: kind("Pipeline"),
  };
}

/** Key → the objects that have it. */
function byKeys<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items)
    for (const key of new Set(keysOf(item))) {
      const known = found.get(key);
      if (known) known.push(item);
      else found.set(key, [item]);
    }
  return found;
}

function downstream({ kind, name, before, after }: SpecDifference, readers: Readers): Consequence[] {
  const both = [before, after].filter((one) => one !== null);
  const columns = new Set(both.flatMap((one) => touchedColumns(one, readers.stages)));
  const stages = followReaders(columns, readers);
  const touchedSplits = new Set(kind === "SplitPolicy" ? [name] : []);
  const touchedStages = new Set([...stages.map((stage) => stage.name), ...(kind === "Stage" ? [name] : [])]);
  const views = new Set([...columns].flatMap((column) => readers.viewsOf.get(column) ?? []));
  const own = kind === "FeatureView" ? readers.viewsByName.get(name) : undefined;
  if (own) views.add(own);
  const services = new Set([...views].flatMap((view) => readers.servicesOf.get(view.name) ?? []));
  const pipelines = readers.pipelines.filter(
    (one) =>
      (kind === "Pipeline" && one.name === name) ||
      one.outputs.some((output) => columns.has(output)) ||
      Object.values(one.pins ?? {}).some((stage) => touchedStages.has(stage)) ||
      (one.fit && "split" in one.fit && touchedSplits.has(one.fit.split)) ||
      (one.evaluate &&
        (touchedSplits.has(one.evaluate.split) ||
          [one.evaluate.label, ...(one.evaluate.slices ?? [])].some((column) => columns.has(column)))),
  );
  const models = pipelines.flatMap((one) => (one.evaluate ? [one.evaluate.model] : []));
  const inOrder = (found: Iterable<Definition>) =>
    [...found].sort((a, b) => (readers.places.get(a) ?? 0) - (readers.places.get(b) ?? 0));
  return [
    ...inOrder(stages),
    ...inOrder([...columns].flatMap((column) => readers.features.get(column) ?? [])),
    ...inOrder(views),
    ...inOrder(services),
    ...pipelines,
  ]
    .map((one): Consequence => ({ kind: one.kind, name: one.name }))
    .concat([...new Set(models)].map((model) => ({ kind: "Model", name: model })));
}

/** Columns whose values, or whose meaning, the object decides. */
function touchedColumns(definition: Definition, stages: readonly StageDefinition[]): string[] {
  switch (definition.kind) {
    case "Source":
      return definition.columns.map((column) => `${definition.entity}.${column.name}`);
    case "Stage":
      return definition.outputs.map((output) => output.column);
    case "Entity":
      return stages
        .flatMap((stage) => stage.outputs.map((output) => output.column))
        .filter((column) => splitColumn(column)[0] === definition.name);
    case "Feature":
      return [definition.name];
    case "SplitPolicy":
      return stages
        .filter(({ fit }) => fit && "split" in fit && fit.split === definition.name)
        .flatMap((stage) => stage.outputs.map((output) => output.column));
    default:
      return [];
  }
}

/** Stages that read any of the columns, transitively. Adds what they write to `columns`. */
function followReaders(columns: Set<string>, { stagesOf }: Readers): StageDefinition[] {
  const found = new Set<StageDefinition>();
  // A set is gone through in the order of insertion, what is added meanwhile included.
  for (const column of columns)
    for (const stage of stagesOf.get(column) ?? []) {
      if (found.has(stage)) continue;
      found.add(stage);
      for (const output of stage.outputs) columns.add(output.column);
    }
  return [...found];
}
