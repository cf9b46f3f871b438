import type { SourceDefinition } from "../definitions/source";
import type { EstimatorClass } from "../definitions/stage";
import type { DatasetFacts, EstimatorFit, LeakageInput, RowSet, TimeWindow } from "../leakage/types";
import { policyKey, toSplitPolicy } from "../leakage/split-policy";
import { estimatorClass } from "../operators/operator-table";
import type { PlannedFit } from "./fit-fingerprints";
import type { EvaluationTarget } from "./evaluation-target";
import { searchedBy } from "./parameter-search";
import { featuresRead, stageOf, type VariantWorld, versionOf } from "./variant-world";

/** A version of a source, with the first and last value of its time column, ISO. */
export interface SourceVersion {
  version: number;
  time: [string, string] | null;
}

/**
 * Everything that the verdict on a variant's model depends on: datasets, policies, fits and the consumer itself.
 * @param fits instance key → rows that it is fitted on
 */
export function toLeakageInput(
  world: VariantWorld,
  fits: ReadonlyMap<string, Pick<PlannedFit, "rowSet">>,
  sources: ReadonlyMap<string, SourceVersion>,
  target: EvaluationTarget,
  testUnits: number | undefined,
): LeakageInput {
  const evaluate = world.pipeline.evaluate;
  const horizon = evaluate?.labelHorizonDays;
  const rowsIn = (role: string) => target.roles.find((rows) => rows.role === role)?.rowSet ?? [];
  const others = [...world.instances.values()]
    .filter(({ key }) => key !== target.instance.key)
    .map((instance) => ({ stage: stageOf(world, instance).definition, fit: fits.get(instance.key) }));
  return {
    datasets: Object.fromEntries(
      world.catalogue.sources.flatMap((source) => {
        const resolved = sources.get(source.name);
        if (!resolved) return [];
        return [[source.name, datasetFacts(source, [resolved])]];
      }),
    ),
    policies: Object.fromEntries(
      world.catalogue.splits.map((split) => {
        const version = versionOf(world, "SplitPolicy", split.name);
        return [policyKey({ policy: split.name, version, parts: [] }), toSplitPolicy(split)];
      }),
    ),
    estimators: others.flatMap(({ stage, fit }): EstimatorFit[] =>
      fit
        ? [
            {
              id: stage.name,
              class: estimatorClass(stage) as EstimatorClass,
              inputs: stage.inputs,
              fitInputs: stage.fitInputs ?? [],
              outputs: stage.outputs.map((output) => output.column),
              fit: fit.rowSet,
              ...(horizon !== undefined && { labelHorizonDays: horizon }),
            },
          ]
        : [],
    ),
    transformers: others
      .filter(({ fit }) => !fit)
      .map(({ stage }) => ({
        id: stage.name,
        inputs: stage.inputs,
        outputs: stage.outputs.map((output) => output.column),
      })),
    consumer: {
      name: target.model,
      features: modelReads(world, target),
      label: target.label,
      unit: evaluate?.unit ?? [],
      // A split by time says that the model is to predict what comes after the rows it learned from.
      temporal: target.roles.some(({ role, split }) => role === "test" && split?.policy.type === "time"),
      train: rowsIn("train"),
      ...(world.pipeline.search && { selection: selectionRows(world, target) }),
      test: rowsIn("test"),
      ...(testUnits !== undefined && { testUnits }),
    },
    measurements: [],
  };
}

/** The rows that a search scores its trials on: folds are the rows that the model is fitted on in the end. */
function selectionRows({ pipeline }: VariantWorld, { roles }: EvaluationTarget): RowSet {
  const role = searchedBy(pipeline) === "folds" ? "train" : "validation";
  return roles.find((rows) => rows.role === role)?.rowSet ?? [];
}

/** What the model reads: the features behind its inputs, and inputs that nobody documented, so that no fit in between is missed. */
function modelReads(world: VariantWorld, target: EvaluationTarget): string[] {
  const { inputs } = stageOf(world, target.instance).definition;
  return [...new Set([...featuresRead(world, inputs), ...inputs])];
}

/** What the rules need to know of a source, in the versions that row-sets may name. */
export function datasetFacts(source: SourceDefinition, versions: readonly SourceVersion[]): DatasetFacts {
  return {
    columns: source.columns.map(({ name }) => name),
    rowKey: source.rowKey,
    timeColumn: source.timeColumn ?? null,
    appendOnly: source.appendOnly ?? false,
    versions: Object.fromEntries(versions.map((one) => [String(one.version), { time: windowOf(one) }])),
  };
}

/** Half-open, one millisecond past the last row; open where that is beyond the year 9999. */
function windowOf({ time }: Pick<SourceVersion, "time">): TimeWindow | null {
  if (!time) return null;
  const [first, last] = time;
  const end = new Date(new Date(last).getTime() + 1).toISOString();
  return [first, end.startsWith("+") ? null : end];
}
