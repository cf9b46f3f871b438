import type { ParameterSearch, SearchValues } from "../definitions/parameter-search";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { FitRows, StageDefinition } from "../definitions/stage";
import { checkStage } from "../operators/check-stage";
import { checkParams } from "../operators/operator-params";
import { findOperator, operatorName } from "../operators/operator-table";
import { MODEL_METRICS } from "../outcomes/model-metrics";
import { metricsToCompare } from "./cross-validation";
import { axesOf, combinationsOf, MOST_TRIALS, trialCount, trialsOf, type TrialParams, withTrial } from "./trials";

/** Why a search cannot run, with the member that says so. */
export interface SearchProblem {
  path: (string | number)[];
  message: string;
  expected?: string;
  found?: string;
}

/** By what a pipeline's search scores its trials. */
export function searchedBy({ crossValidate }: Pick<PipelineDefinition, "crossValidate">): "folds" | "validation" {
  return crossValidate ? "folds" : "validation";
}

/** The parts whose rows a search scores its trials on; none where it has none. */
export function searchedParts({ fit, evaluate, crossValidate }: PipelineDefinition): string[] {
  if (crossValidate) return fit && "split" in fit ? fit.parts : [];
  return evaluate?.validation ?? [];
}

/** What a pipeline's search tries and by what it chooses, as a sentence; null without a search. */
export function describeSearch(pipeline: PipelineDefinition): string | null {
  const { search, evaluate, fit } = pipeline;
  if (!search) return null;
  const count = trialCount(search);
  const names = axesOf(search).map(({ stage, param }) => `${stage}.${param}`);
  const rows =
    searchedBy(pipeline) === "folds"
      ? `${searchedParts(pipeline).length} folds of ${fit && "split" in fit ? fit.split : "its policy"}`
      : `${searchedParts(pipeline).join(" and ")} of ${evaluate?.split ?? "its policy"}`;
  return `Tries ${count ?? "some"} ${search.trials === undefined ? "combinations" : "random combinations"} of ${names.join(", ")} and fits with the best by ${search.metric} on ${rows}.`;
}

/** What each trial of a pipeline's search sets. */
export function searchTrials(
  search: ParameterSearch,
  stageNamed: (name: string) => StageDefinition | undefined,
): TrialParams[] {
  return trialsOf(search, (stage, param) => paramOf(stageNamed(stage), param)?.type === "integer");
}

/**
 * What keeps a search from running: no rows to choose by that are apart from fit and test rows, too many trials, parameters and values
 * that no operator takes.
 * @param stageNamed undefined for a stage that is not there, which is said elsewhere
 * @param fit the rows that the evaluated estimator is fitted on; undefined is all
 */
export function searchProblems(
  pipeline: PipelineDefinition,
  stageNamed: (name: string) => StageDefinition | undefined,
  fit: FitRows | undefined,
): SearchProblem[] {
  const { search } = pipeline;
  if (!search) return [];
  const values = axesOf(search).flatMap(({ stage, param, values }) =>
    valueProblems(stageNamed(stage), [stage, param], values),
  );
  const problems = [...metricProblems(search), ...rowProblems(pipeline, fit), ...countProblems(search), ...values];
  return problems.length > 0 ? problems : combinationProblems(search, stageNamed);
}

function metricProblems({ metric }: ParameterSearch): SearchProblem[] {
  if (MODEL_METRICS[metric]?.better) return [];
  return [
    {
      path: ["search", "metric"],
      message: `\`${metric}\` is no metric that models are compared by.`,
      expected: `one of ${metricsToCompare().join(", ")}`,
      found: metric,
    },
  ];
}

function rowProblems(pipeline: PipelineDefinition, fit: FitRows | undefined): SearchProblem[] {
  const { evaluate } = pipeline;
  if (!evaluate)
    return [
      {
        path: ["search"],
        message: "there is nothing to score trials by without `evaluate`, which names the label.",
        expected: "`evaluate` beside `search`",
      },
    ];
  if (searchedBy(pipeline) === "folds") return [];
  const parts = evaluate.validation ?? [];
  if (parts.length === 0)
    return [
      {
        path: ["search"],
        message: "there are no rows to choose by: parameters are never chosen on test rows.",
        expected: "evaluate: { validation: [PART] }, or crossValidate with folds of a kfold policy",
      },
    ];
  const tested = parts.filter((part) => evaluate.test.includes(part));
  if (tested.length > 0)
    return [
      {
        path: ["evaluate", "validation"],
        message: `part ${tested.join(" and ")} of ${evaluate.split} is in both \`evaluate.validation\` and \`evaluate.test\`, and parameters are never chosen on test rows.`,
        expected: "validation parts that are no test parts",
        found: parts.join(", "),
      },
    ];
  const fitted =
    fit === undefined || "rows" in fit ? parts : fit.split === evaluate.split ? parts.filter((part) => fit.parts.includes(part)) : []; // prettier-ignore
  if (fitted.length === 0) return [];
  return [
    {
      path: ["evaluate", "validation"],
      message: `part ${fitted.join(" and ")} of ${evaluate.split} is fitted on as well, so its rows cannot say which parameters are best.`,
      expected: "`fit` with parts of the policy that are no validation parts",
      found: parts.join(", "),
    },
  ];
}

function countProblems(search: ParameterSearch): SearchProblem[] {
  const count = trialCount(search);
  const combinations = combinationsOf(search);
  if (axesOf(search).length === 0)
    return [
      {
        path: ["search", "params"],
        message: "names no parameter to try.",
        expected: "params: { STAGE: { PARAMETER: [VALUE, …] } }",
      },
    ];
  if (count === null)
    return [
      {
        path: ["search", "trials"],
        message: "is missing: a range has no end of values, so the number of trials must be said.",
        expected: `a whole number from 1 to ${MOST_TRIALS}`,
      },
    ];
  if (search.trials !== undefined && combinations !== null && search.trials > combinations)
    return [
      {
        path: ["search", "trials"],
        message: `there are only ${combinations} combinations of these values.`,
        expected: `at most ${combinations}, or nothing for all of them`,
        found: String(search.trials),
      },
    ];
  if (count > MOST_TRIALS)
    return [
      {
        path: ["search", search.trials === undefined ? "params" : "trials"],
        message: `${count} trials are more than a run may have.`,
        expected: `at most ${MOST_TRIALS}: fewer values, or \`trials\` for a random draw of them`,
        found: String(count),
      },
    ];
  return [];
}

const paramOf = (stage: StageDefinition | undefined, name: string) =>
  stage && findOperator(operatorName(stage))?.params.find((param) => param.name === name);

/** What the operator refuses of one parameter's values by themselves. */
function valueProblems(
  stage: StageDefinition | undefined,
  [name, param]: [string, string],
  values: SearchValues,
): SearchProblem[] {
  const path = ["search", "params", name, param];
  if (!stage) return [];
  if (operatorName(stage) === "sql")
    return [
      {
        path,
        message: `\`${name}\` is an SQL stage, whose statement is not tried.`,
        expected: "a stage of another operator",
        found: param,
      },
    ];
  const known = findOperator(operatorName(stage))?.params;
  // Whether it goes with the other parameters is another question: those may be tried too.
  const refused = (value: unknown) =>
    known ? checkParams(withTrial(stage, { [name]: { [param]: value } }), known).filter(({ path: at }) => at[1] === param) : []; // prettier-ignore
  if (Array.isArray(values))
    return values.flatMap((value, position) => {
      const issues = refused(value).map((issue) => ({ ...issue, path: [...path, position] }));
      // A parameter that there is not is said once.
      return position > 0 && !paramOf(stage, param) ? [] : issues;
    });
  const type = paramOf(stage, param)?.type;
  const { from, to, scale } = values;
  if (type !== undefined && type !== "number" && type !== "integer")
    return [{ path, message: `${param} of ${operatorName(stage)} is no number, so there is no range of it.`, expected: "a list of values", found: "a range" }]; // prettier-ignore
  if (from >= to)
    return [{ path, message: "the range is empty.", expected: "`from` below `to`", found: `${from} to ${to}` }];
  if (scale === "log" && from <= 0)
    return [{ path: [...path, "from"], message: "a range by powers of ten begins above 0.", expected: "a number above 0", found: String(from) }]; // prettier-ignore
  return (["from", "to"] as const).flatMap((end, position) =>
    position > 0 && !paramOf(stage, param)
      ? []
      : refused(values[end]).map((issue) => ({ ...issue, path: [...path, end] })),
  );
}

/** What an operator refuses of values together, such as a link that a family does not have. */
function combinationProblems(
  search: ParameterSearch,
  stageNamed: (name: string) => StageDefinition | undefined,
): SearchProblem[] {
  const seen = new Set<string>();
  return searchTrials(search, stageNamed).flatMap((trial) =>
    Object.keys(trial).flatMap((name) => {
      const stage = stageNamed(name);
      if (!stage) return [];
      const before = new Set(checkStage(stage).map(({ message }) => message));
      return checkStage(withTrial(stage, trial)).flatMap((issue) => {
        if (before.has(issue.message) || seen.has(issue.message)) return [];
        seen.add(issue.message);
        return [{ ...issue, path: ["search", "params", name] }];
      });
    }),
  );
}
