import type { Issue } from "../errors";
import { didYouMean } from "../names/nearest-name";
import { MODEL_METRICS } from "../outcomes/model-metrics";
import { type Comparison, parseComparisons } from "../search/comparisons";

/** Roles whose rows a run may have been judged on. */
const PARTS = ["train", "validation", "test"];

/** A figure of a run that a list filters, sorts and shows by: a metric on a part, or a parameter of a stage. */
export type RunFigure =
  | { kind: "metric"; name: string; part: string; metric: string }
  | { kind: "param"; name: string; stage: string; param: string };

/** A figure with what it must be. */
export type RunComparison = Comparison & { figure: RunFigure };

export interface RunQuery {
  comparisons: RunComparison[];
  /** What titles must have, all of them; numbers of runs too. */
  words: string[];
  sort: { figure: RunFigure; falling: boolean } | null;
  issues: Issue[];
}

/** What a person asks a list of runs: the text of its search box, and a figure to sort by, `-` before it for falling values. */
export function parseRunQuery(q: string, sort: string | undefined): RunQuery {
  const { comparisons, words, incomplete } = parseComparisons(q);
  const issues: Issue[] = incomplete.map((name) => ({
    path: ["q"],
    message: `\`${name}\` is compared with nothing.`,
    expected: "a sign of <, <=, >, >=, = and !=, then a value, as in metrics.test.auc > 0.8",
    found: name,
  }));
  const read = (name: string, path: "q" | "sort"): RunFigure[] => {
    const figure = figureOf(name);
    if ("message" in figure) issues.push({ ...figure, path: [path], found: name });
    else return [figure];
    return [];
  };
  const known = comparisons.flatMap((one) =>
    read(one.name, "q").flatMap((figure): RunComparison[] => {
      const isOrder = one.sign !== "=" && one.sign !== "!=";
      if (typeof one.value === "number" || (figure.kind === "param" && !isOrder)) return [{ ...one, figure }];
      issues.push({
        path: ["q"],
        message: `\`${one.name}\` ${one.sign} is followed by no number.`,
        expected: "a number",
        found: String(one.value),
      });
      return [];
    }),
  );
  const [figure] = sort === undefined ? [] : read(sort.replace(/^-/, ""), "sort");
  return {
    comparisons: known,
    words: words.map(({ text }) => text),
    sort: figure ? { figure, falling: sort?.startsWith("-") ?? false } : null,
    issues,
  };
}

function figureOf(name: string): RunFigure | Omit<Issue, "path"> {
  const [kind, first = "", second = "", ...more] = name.split(".");
  if (first === "" || second === "" || more.length > 0 || (kind !== "metrics" && kind !== "params"))
    return {
      message: `\`${name}\` names no figure of a run.`,
      expected:
        "metrics.PART.METRIC such as metrics.test.auc, or params.STAGE.PARAMETER such as params.late_model.regParam",
    };
  if (kind === "params") return { kind: "param", name, stage: first, param: second };
  if (!PARTS.includes(first))
    return {
      message: `\`${first}\` in \`${name}\` is no part that runs are judged on.${didYouMean(first, PARTS)}`,
      expected: `one of ${PARTS.join(", ")}`,
    };
  if (!MODEL_METRICS[second])
    return {
      message: `There is no metric \`${second}\`.${didYouMean(second, Object.keys(MODEL_METRICS))}`,
      expected: `one of ${Object.keys(MODEL_METRICS).join(", ")}`,
    };
  return { kind: "metric", name, part: first, metric: second };
}
