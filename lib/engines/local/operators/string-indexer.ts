import { quoteText } from "../quote";
import { type Bound, type Fitted, type LocalOperator, type ScoreContext, scalarOf, stageError } from "./local-operator";

const ORDER: Record<string, string> = {
  frequencyDesc: "n DESC, v",
  frequencyAsc: "n, v",
  alphabetDesc: "v DESC",
  alphabetAsc: "v",
};
/** From here on a hash look-up through an ENUM is faster than a chain of comparisons, if less easy to read. */
const CHAIN_LIMIT = 16;

const textOf = (input: Bound) => (input.type === "string" ? scalarOf(input) : `CAST(${scalarOf(input)} AS VARCHAR)`);

const labelsOf = (context: ScoreContext): string[][] => context.learned.labels as string[][];

/** Index of a text among labels, null when it is not there. */
function indexOf(value: string, labels: string[]): string {
  if (labels.length === 0) return "CAST(NULL AS DOUBLE)";
  if (labels.length <= CHAIN_LIMIT) {
    return `CASE ${value} ${labels.map((label, i) => `WHEN ${quoteText(label)} THEN ${i}e0`).join(" ")} END`;
  }
  return `CAST(enum_code(TRY_CAST(${value} AS ENUM(${labels.map(quoteText).join(", ")}))) AS DOUBLE)`;
}

/** `learned.labels`: for each input its values in order of their numbers. Missing values are never labels. */
export const stringIndexer: LocalOperator = {
  async fit({ session, stage, params, rows, inputs }): Promise<Fitted> {
    const order = ORDER[String(params.stringOrderType)] ?? "v";
    const labels: string[][] = [];
    for (const input of inputs) {
      const found = await session.rows<{ v: string }>(
        `SELECT v FROM (SELECT CAST(${scalarOf(input)} AS VARCHAR) AS v, count(*) AS n FROM ${rows} GROUP BY 1) WHERE v IS NOT NULL ORDER BY ${order}`,
      );
      if (found.length === 0) {
        throw stageError(stage, `${input.column} has no value in the rows to fit on, so there is nothing to number.`, {
          path: ["inputs"],
          expected: "at least one value",
          found: "none",
        });
      }
      labels.push(found.map((row) => row.v));
    }
    return { learned: { labels }, summary: { labels: labels.reduce((sum, list) => sum + list.length, 0) } };
  },
  score(context) {
    return context.inputs.map((input, i) => {
      const labels = labelsOf(context)[i] ?? [];
      const index = indexOf(textOf(input), labels);
      return { scalar: context.params.handleInvalid === "keep" ? `coalesce(${index}, ${labels.length}e0)` : index };
    });
  },
  invalid(context) {
    if (context.params.handleInvalid !== "error") return [];
    return context.inputs.map((input, i) => ({
      column: input.column,
      condition: `${indexOf(textOf(input), labelsOf(context)[i] ?? [])} IS NULL`,
      problem: "values that are missing or were not there when the stage was fitted",
      advice: "Set handleInvalid to keep, which numbers them all the same, or to skip, which leaves the output empty.",
    }));
  },
  unseen: (context) =>
    context.inputs.map(
      (input, i) =>
        `(${scalarOf(input)} IS NOT NULL AND ${indexOf(textOf(input), labelsOf(context)[i] ?? [])} IS NULL)`,
    ),
  finite: () => true,
  categories: ({ params, learned }) =>
    (learned.labels as string[][]).map((labels) => labels.length + (params.handleInvalid === "keep" ? 1 : 0)),
};
