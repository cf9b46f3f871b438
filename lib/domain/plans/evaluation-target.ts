import { type ColumnType, splitColumn } from "../definitions/column-type";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { FitRows, StageDefinition } from "../definitions/stage";
import { DomainError } from "../errors";
import type { RowSet } from "../leakage/types";
import { estimatorClass, findOperator, labelOf, operatorName } from "../operators/operator-table";
import type { EvaluationTask } from "../outcomes/evaluation";
import { evaluationTask, explainNoTask } from "./evaluation-task";
import type { Instance } from "./instances";
import { fitRowsOf, type ResolvedVersions, rowSetOf, type Split, splitBy, splitOf, type Upstream } from "./row-sets";
import { stageOf, type VariantWorld } from "./variant-world";

/** Rows in one role of the model. */
interface RoleRows {
  role: "train" | "validation" | "test";
  split: Split | null;
  rowSet: RowSet;
}

/** The estimator whose output is evaluated: it becomes the model. */
export interface EvaluationTarget {
  model: string;
  instance: Instance;
  prediction: string;
  label: string;
  /** Null where nothing is evaluated: a deployment's model without test rows. */
  task: EvaluationTask | null;
  roles: RoleRows[];
}

/** Whether a stage predicts a label: a supervised estimator that is fitted to it, and no encoder, which only learns from it. */
function predictsLabel(stage: StageDefinition, label: string): boolean {
  if (stage.estimator === undefined || estimatorClass(stage) !== "supervised") return false;
  const operator = findOperator(operatorName(stage));
  return operator
    ? operator.predicts !== undefined && labelOf(stage) === label
    : (stage.fitInputs ?? []).includes(label);
}

/** Which outputs an evaluation may judge, and the one that it judges; null when that is none, or not clear. */
export interface PredictionChoice {
  candidates: string[];
  prediction: string | null;
}

/**
 * The prediction of the label among a pipeline's outputs: the only one, or the one that `evaluate.prediction` names. Their
 * order says nothing.
 * @param writersOf stages that may write a column, none for a source's
 */
export function choosePrediction(
  { outputs, evaluate }: Pick<PipelineDefinition, "outputs" | "evaluate">,
  writersOf: (column: string) => readonly StageDefinition[],
): PredictionChoice {
  if (!evaluate) return { candidates: [], prediction: null };
  const candidates = [...new Set(outputs)]
    .filter((column) => writersOf(column).some((stage) => predictsLabel(stage, evaluate.label)))
    .sort();
  const named = evaluate.prediction;
  const chosen = named === undefined ? candidates : candidates.filter((column) => column === named);
  return { candidates, prediction: chosen.length === 1 ? (chosen[0] as string) : null };
}

/** The rows that the evaluated estimator is fitted on, where it is clear which that is; else the pipeline's. Undefined: all. */
export function fitOfPrediction(
  pipeline: Pick<PipelineDefinition, "outputs" | "evaluate" | "fit" | "refit">,
  writersOf: (column: string) => readonly StageDefinition[],
): FitRows | undefined {
  const { prediction } = choosePrediction(pipeline, writersOf);
  const [writer, ...others] = prediction === null ? [] : writersOf(prediction);
  if (!writer || others.length > 0 || pipeline.refit?.includes(writer.name)) return pipeline.fit;
  return writer.fit ?? pipeline.fit;
}

/** Why nothing can be evaluated, as a sentence that names what could be. */
export function explainNoPrediction(
  { evaluate, outputs }: Pick<PipelineDefinition, "outputs" | "evaluate">,
  candidates: readonly string[],
): string {
  const label = evaluate?.label ?? "the label";
  const names = candidates.map((column) => `\`${column}\``).join(", ");
  if (candidates.length === 0)
    return `none of the outputs ${outputs.map((column) => `\`${column}\``).join(", ")} is a prediction of \`${label}\`, written by a supervised estimator that has it in \`fitInputs\`.`;
  if (evaluate?.prediction === undefined)
    return `several outputs are predictions of \`${label}\`: ${names}. Name the one to evaluate in \`evaluate.prediction\`.`;
  return `\`${evaluate.prediction}\` is not an output that predicts \`${label}\`. Name ${candidates.length === 1 ? "" : "one of "}${names} in \`evaluate.prediction\`${candidates.length === 1 ? ", or leave it out" : ""}.`;
}

/** The same for one variant, where every column has one writer. */
export function predictionIn(world: VariantWorld): PredictionChoice {
  return choosePrediction(world.pipeline, (column) => {
    const writer = world.writers.get(column);
    return writer === undefined ? [] : [stageOf(world, world.instances.get(writer) as Instance).definition];
  });
}

/** What the pipeline's evaluation judges; null without one. Throws `invalid`, naming the candidates, when that is not clear. */
export function evaluationTargetOf(
  world: VariantWorld,
  upstream: ReadonlyMap<string, Upstream>,
  versions: ResolvedVersions,
): EvaluationTarget | null {
  const { evaluate, name } = world.pipeline;
  if (!evaluate) return null;
  const { prediction, candidates } = predictionIn(world);
  if (prediction === null)
    throw new DomainError(
      "invalid",
      `Pipeline ${name} cannot be evaluated: ${explainNoPrediction(world.pipeline, candidates)}`,
      { candidates },
    );
  const instance = world.instances.get(world.writers.get(prediction) as string) as Instance;
  const { entity } = stageOf(world, instance).definition;
  const { sources } = upstream.get(instance.key) as Upstream;
  const rowsIn = (role: RoleRows["role"], split: Split | null): RoleRows => ({
    role,
    split,
    rowSet: rowSetOf(world, entity, sources, split, versions),
  });
  return {
    model: evaluate.model,
    instance,
    prediction,
    label: evaluate.label,
    task: taskIn(world, stageOf(world, instance).definition, prediction),
    roles: [
      rowsIn("train", splitOf(world, fitRowsOf(world, instance))),
      ...(evaluate.validation ? [rowsIn("validation", splitBy(world, evaluate.split, evaluate.validation))] : []),
      rowsIn("test", splitBy(world, evaluate.split, evaluate.test)),
    ],
  };
}

/** Throws `invalid` where the prediction's type and the label's do not go together. */
function taskIn(world: VariantWorld, estimator: StageDefinition, prediction: string): EvaluationTask {
  const label = world.pipeline.evaluate?.label ?? "";
  const types = [typeIn(world, prediction), typeIn(world, label)] as const;
  const task = evaluationTask(estimator, ...types);
  if (task !== null) return task;
  throw new DomainError(
    "invalid",
    `Pipeline ${world.pipeline.name} cannot be evaluated: ${explainNoTask([prediction, types[0]], [label, types[1]])}`,
  );
}

function typeIn(world: VariantWorld, column: string): ColumnType {
  const writer = world.writers.get(column);
  const output = writer && stageOf(world, world.instances.get(writer) as Instance).definition.outputs;
  const [entity, name] = splitColumn(column);
  const found = output
    ? output.find((one) => one.column === column)
    : world.catalogue.sources
        .filter((source) => source.entity === entity)
        .flatMap(({ columns }) => columns)
        .find((one) => one.name === name);
  if (!found) throw new DomainError("invalid", `Nothing writes \`${column}\` in pipeline ${world.pipeline.name}.`);
  return found.type;
}

/**
 * The estimators that a model of a pipeline without evaluation may be: those that write an output, or all when none does,
 * without those that others build on; the supervised ones where there are any. More than one means that it is not clear.
 * @param instances in an order in which they can run
 */
export function finalEstimators(
  instances: Iterable<Instance>,
  definitionOf: (instance: Instance) => StageDefinition,
  outputs: readonly string[],
): Instance[] {
  const all = [...instances];
  const estimators = all.filter((instance) => definitionOf(instance).estimator !== undefined);
  const writing = estimators.filter((instance) =>
    definitionOf(instance).outputs.some(({ column }) => outputs.includes(column)),
  );
  const candidates = writing.length > 0 ? writing : estimators;
  const builtOn = new Map<string, Set<string>>();
  for (const { key, inputs } of all) {
    const before = new Set<string>();
    for (const from of Object.values(inputs)) {
      if ("source" in from) continue;
      before.add(from.instance);
      builtOn.get(from.instance)?.forEach((one) => before.add(one));
    }
    builtOn.set(key, before);
  }
  const last = candidates.filter(({ key }) => !candidates.some((other) => builtOn.get(other.key)?.has(key)));
  const supervised = last.filter((instance) => estimatorClass(definitionOf(instance)) === "supervised");
  return supervised.length > 0 ? supervised : last;
}

/** Why several final estimators are no model, to follow "fits". */
export function severalModels(candidates: readonly Pick<Instance, "stage">[]): string {
  return `several estimators that may be the model: ${candidates.map(({ stage }) => `\`${stage}\``).join(", ")}. Evaluate one of them with \`evaluate\`, or leave the others to a pipeline of their own.`;
}
