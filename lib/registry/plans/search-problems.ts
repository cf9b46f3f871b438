import type { EngineName } from "@/lib/domain/definitions/engine-name";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { metricProblem } from "@/lib/domain/plans/cross-validation";
import { choosePrediction, fitOfPrediction } from "@/lib/domain/plans/evaluation-target";
import { evaluationTask } from "@/lib/domain/plans/evaluation-task";
import type { Instance } from "@/lib/domain/plans/instances";
import { searchProblems, searchTrials } from "@/lib/domain/plans/parameter-search";
import type { PlannedVariant } from "@/lib/domain/plans/types";
import { withTrial } from "@/lib/domain/plans/trials";
import type { Catalogue } from "../catalogue/catalogue";
import { assertSupported, type Support } from "./support";

interface SearchedVariant {
  variant: Pick<PlannedVariant, "choice">;
  stages: readonly StageDefinition[];
  instances: readonly Instance[];
}

/**
 * Throws `invalid`, naming every member that is wrong, where a run could not try the pipeline's parameters in this variant, and
 * `unsupported` where the engine refuses a value of one.
 */
export async function assertSearchable(
  pipeline: PipelineDefinition,
  catalogue: Pick<Catalogue, "sources" | "entities" | "splits">,
  searched: SearchedVariant,
  engine: Support,
  name?: EngineName,
): Promise<void> {
  const { search } = pipeline;
  const { sources } = catalogue;
  if (!search) return;
  const stageNamed = (name: string) => searched.stages.find((stage) => stage.name === name);
  const writersOf = (column: string) => searched.stages.filter(({ name }) => name === searched.variant.choice[column]);
  const { prediction } = choosePrediction(pipeline, writersOf);
  const typeOf = (column: string) =>
    writersOf(column)
      .flatMap(({ outputs }) => outputs)
      .find((output) => output.column === column)?.type ??
    sources
      .filter(({ entity }) => entity === splitColumn(column)[0])
      .flatMap(({ columns }) => columns)
      .find(({ name }) => name === splitColumn(column)[1])?.type;
  const issues: Issue[] = [
    ...stageProblems(pipeline, searched, prediction),
    ...searchProblems(pipeline, stageNamed, fitOfPrediction(pipeline, writersOf)),
  ];
  const type = prediction === null ? undefined : typeOf(prediction);
  const label = typeOf(pipeline.evaluate?.label ?? ".");
  if (prediction !== null && type !== undefined && label !== undefined) {
    const tasks = writersOf(prediction).map((stage) => evaluationTask(stage, type, label));
    const problem = metricProblem(search.metric, ["search", "metric"], { prediction, type, tasks });
    if (problem) issues.push(problem);
  }
  if (issues.length > 0)
    throw new DomainError(
      "invalid",
      `Pipeline ${pipeline.name} cannot be searched: ${issues.map(({ message }) => message).join(" ")}`,
      { issues },
    );
  const trials = searchTrials(search, stageNamed);
  const varied = trials.flatMap((trial) => Object.keys(trial).flatMap((name) => stageNamed(name) ?? []).map((stage) => withTrial(stage, trial))); // prettier-ignore
  await assertSupported(engine, varied, { ...catalogue, fit: pipeline.fit }, name);
}

/** Stages that the variant does not run, and those whose parameters change nothing that is scored. */
function stageProblems(
  { search }: PipelineDefinition,
  { variant, stages, instances }: SearchedVariant,
  prediction: string | null,
): Issue[] {
  const before = stagesBefore(instances, prediction === null ? "" : (variant.choice[prediction] ?? ""));
  return Object.keys(search?.params ?? {}).flatMap((name): Issue[] => {
    const path = ["search", "params", name];
    if (!stages.some((stage) => stage.name === name))
      return [
        {
          path,
          message: `this variant runs no stage \`${name}\`.`,
          expected: `one of ${[...before].join(", ")}`,
          found: name,
        },
      ];
    if (prediction === null || before.has(name)) return [];
    return [
      {
        path,
        message: `\`${prediction}\` is not made of what stage \`${name}\` writes, so its parameters change no score.`,
        expected: `one of ${[...before].join(", ")}`,
        found: name,
      },
    ];
  });
}

/** Names of a stage and of all that it reads from. */
function stagesBefore(instances: readonly Instance[], stage: string): Set<string> {
  const byKey = new Map(instances.map((instance) => [instance.key, instance]));
  const names = new Set<string>();
  const visit = (instance: Instance | undefined) => {
    if (!instance || names.has(instance.stage)) return;
    names.add(instance.stage);
    for (const from of Object.values(instance.inputs)) if ("instance" in from) visit(byKey.get(from.instance));
  };
  visit(instances.find((instance) => instance.stage === stage));
  return names;
}
