import { splitColumn } from "../definitions/column-type";
import type { Definition, DefinitionKind } from "../definitions/definition";
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
 * The objects of `present` downstream of a difference, in the order stages, features, views, services, pipelines, models.
 * A difference in words only has none.
 */
export function consequencesOf(difference: SpecDifference, present: readonly Definition[]): Consequence[] {
  const documentationOnly =
    difference.changes.length > 0 &&
    difference.changes.every(({ path }) => DOCUMENTATION.has(path.split(/[.[]/)[0] ?? ""));
  if (documentationOnly) return [];
  const found = downstream(difference, present);
  return found.filter((one) => one.kind !== difference.kind || one.name !== difference.name);
}

function downstream({ kind, name, before, after }: SpecDifference, present: readonly Definition[]): Consequence[] {
  const both = [before, after].filter((one) => one !== null);
  const stages = present.filter((one) => one.kind === "Stage");
  const columns = new Set(both.flatMap((one) => touchedColumns(one, stages)));
  const readers = followReaders(columns, stages);
  const touchedSplits = new Set(kind === "SplitPolicy" ? [name] : []);
  const touchedStages = new Set([...readers.map((stage) => stage.name), ...(kind === "Stage" ? [name] : [])]);
  const views = present.filter(
    (one) =>
      one.kind === "FeatureView" &&
      ((kind === "FeatureView" && one.name === name) || one.features.some((feature) => columns.has(feature))),
  );
  const viewNames = new Set(views.map((view) => view.name));
  const pipelines = present.filter(
    (one) =>
      one.kind === "Pipeline" &&
      ((kind === "Pipeline" && one.name === name) ||
        one.outputs.some((output) => columns.has(output)) ||
        Object.values(one.pins ?? {}).some((stage) => touchedStages.has(stage)) ||
        (one.fit && "split" in one.fit && touchedSplits.has(one.fit.split)) ||
        (one.evaluate && (touchedSplits.has(one.evaluate.split) || columns.has(one.evaluate.label)))),
  );
  const models = pipelines.flatMap((one) => (one.kind === "Pipeline" && one.evaluate ? [one.evaluate.model] : []));
  return [
    ...readers,
    ...present.filter((one) => one.kind === "Feature" && columns.has(one.name)),
    ...views,
    ...present.filter(
      (one) =>
        one.kind === "FeatureService" && one.features.some((feature) => viewNames.has(feature.split(":")[0] ?? "")),
    ),
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
function followReaders(columns: Set<string>, stages: readonly StageDefinition[]): StageDefinition[] {
  const readers = new Set<StageDefinition>();
  for (let grew = true; grew;) {
    grew = false;
    for (const stage of stages) {
      if (readers.has(stage) || ![...stage.inputs, ...(stage.fitInputs ?? [])].some((input) => columns.has(input)))
        continue;
      readers.add(stage);
      for (const output of stage.outputs) columns.add(output.column);
      grew = true;
    }
  }
  return stages.filter((stage) => readers.has(stage));
}
