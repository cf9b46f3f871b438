import type { PlanBody } from "@/lib/contracts/plans";
import type { PlanConsumer } from "@/lib/contracts/plan-graph";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { partNames } from "@/lib/domain/definitions/split-rule";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { choosePrediction, explainNoPrediction, fitOfPrediction } from "@/lib/domain/plans/evaluation-target";
import { explainFitOnTestRows } from "@/lib/domain/plans/fit-on-test-rows";
import { nearest } from "@/lib/domain/names/nearest-name";
import { assertSliceable } from "./assert-sliceable";
import type { PlanCatalogue } from "./catalogue";
import { describeFitRows } from "@/lib/domain/leakage/describe-fit-rows";

type Request = Pick<PlanBody, "outputs" | "consumer" | "split" | "fit" | "refit" | "evaluate">;
type Declared = Pick<PlanCatalogue, "pipelines" | "splits" | "stages" | "sources">;

export interface ChosenConsumer {
  /** The pipeline as it would run with the request's own rows: what fits and verdicts follow from. */
  pipeline: PipelineDefinition;
  /** For people; null when no consumer chosen. */
  consumer: PlanConsumer | null;
  /** What else may be chosen. */
  consumers: PlanConsumer[];
}

/** Who would be judged, and on which rows estimators would be fitted. Throws `invalid` for names that nobody declares. */
export function chooseConsumer(declared: Declared, request: Request): ChosenConsumer {
  const { pipelines, splits } = declared;
  const { outputs, fit, refit, evaluate } = request;
  const candidates = pipelines.filter((one) => one.evaluate && one.outputs.some((output) => outputs.includes(output)));
  const named = pipelineNamed(pipelines, request.consumer);
  const base = request.consumer === undefined && !evaluate ? candidates[0] : named;
  const asked: PipelineDefinition = {
    kind: "Pipeline",
    name: base?.name ?? "plan",
    outputs: [...new Set(outputs)],
    ...pick(base),
    ...(fit && { fit }),
    ...(refit && { refit }),
    ...(evaluate && { evaluate }),
  };
  const pipeline = request.split === undefined ? asked : splitBy(asked, request.split);
  assertParts(splits, pipeline, request);
  const writersOf = writersIn(declared);
  if (evaluate) {
    assertPrediction(pipeline, writersOf);
    const { prediction } = choosePrediction(pipeline, writersOf);
    const path = ["evaluate", "slices"];
    assertSliceable(pipeline, { slices: evaluate.slices ?? [], prediction, path }, declared);
  }
  return {
    pipeline,
    consumer: describe(pipeline, base?.evaluate && !evaluate ? base.name : null, writersOf),
    consumers: candidates.flatMap((one) => describe(one, one.name, writersOf) ?? []),
  };
}

function pick(
  base: PipelineDefinition | undefined,
): Pick<PipelineDefinition, "fit" | "refit" | "evaluate" | "crossValidate" | "search"> {
  return {
    ...(base?.crossValidate && { crossValidate: base.crossValidate }),
    ...(base?.search && { search: base.search }),
    ...(base?.fit && { fit: base.fit }),
    ...(base?.refit && { refit: base.refit }),
    ...(base?.evaluate && { evaluate: base.evaluate }),
  };
}

function pipelineNamed(
  pipelines: PipelineDefinition[],
  name: string | null | undefined,
): PipelineDefinition | undefined {
  if (name === undefined || name === null) return undefined;
  const found = pipelines.find((one) => one.name === name);
  if (found) return found;
  const names = pipelines.map((one) => one.name);
  throw refuse("consumer", "pipeline", name, names);
}

/** The same parts of another policy. */
function splitBy(pipeline: PipelineDefinition, split: string): PipelineDefinition {
  const { fit, evaluate } = pipeline;
  return {
    ...pipeline,
    ...(fit && "split" in fit && { fit: { ...fit, split } }),
    ...(evaluate && { evaluate: { ...evaluate, split } }),
  };
}

function assertParts(splits: SplitPolicyDefinition[], { fit, evaluate }: PipelineDefinition, request: Request): void {
  const member = (own: "fit" | "evaluate") => (request.split === undefined ? own : "split");
  if (fit && "split" in fit) assertHas(splits, fit.split, fit.parts, member("fit"));
  if (evaluate)
    assertHas(splits, evaluate.split, [...(evaluate.validation ?? []), ...evaluate.test], member("evaluate"));
}

function assertHas(splits: SplitPolicyDefinition[], name: string, parts: readonly string[], member: string): void {
  const policy = splits.find((one) => one.name === name);
  if (!policy)
    throw refuse(
      member,
      "split policy",
      name,
      splits.map((one) => one.name),
    );
  const known = partNames(policy);
  const missing = parts.find((part) => !known.includes(part));
  if (missing === undefined) return;
  throw new DomainError(
    "invalid",
    `Split policy \`${name}\` has no part \`${missing}\`: it has ${known.join(", ")}. Give \`fit\` and \`evaluate\` with parts of it.`,
    { issues: [{ path: [member], message: `expected parts of ${name}: ${known.join(", ")}`, found: missing }] },
  );
}

function refuse(member: string, what: string, name: string, known: string[]): DomainError {
  const near = nearest(name, known);
  const hint = near
    ? `Did you mean \`${near}\`?`
    : known.length > 0
      ? `There are ${known.join(", ")}.`
      : `Apply a spec that declares one.`;
  return new DomainError("invalid", `There is no ${what} \`${name}\`. ${hint}`, {
    issues: [{ path: [member], message: `expected a declared ${what}`, found: name }],
    suggestions: near ? [near] : [],
  });
}

type WritersOf = (column: string) => readonly StageDefinition[];

/** The stages that may write a column; a source overrides them. */
function writersIn({ stages, sources }: Declared): WritersOf {
  const given = new Set(sources.flatMap(({ entity, columns }) => columns.map(({ name }) => `${entity}.${name}`)));
  return (column) =>
    given.has(column) ? [] : stages.filter(({ outputs }) => outputs.some((output) => output.column === column));
}

function assertPrediction(pipeline: PipelineDefinition, writersOf: WritersOf): void {
  const { candidates, prediction } = choosePrediction(pipeline, writersOf);
  if (prediction !== null) return;
  const message = explainNoPrediction(pipeline, candidates);
  throw new DomainError("invalid", `This plan cannot be evaluated: ${message}`, {
    issues: [{ path: ["evaluate"], message, found: pipeline.evaluate?.prediction ?? pipeline.outputs.join(", ") }],
    candidates,
  });
}

function describe(consumer: PipelineDefinition, pipeline: string | null, writersOf: WritersOf): PlanConsumer | null {
  const { evaluate } = consumer;
  if (!evaluate) return null;
  const fit = fitOfPrediction(consumer, writersOf);
  const warning = explainFitOnTestRows(fit, evaluate);
  const { model, split, label, test } = evaluate;
  return {
    pipeline,
    model,
    split,
    label,
    train: describeFitRows(fit) ?? "all rows",
    test: describeFitRows({ split, parts: test }) as string,
    warnings: warning === null ? [] : [`${model}: ${warning}`],
  };
}
