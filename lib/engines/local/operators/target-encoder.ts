import { quoteNumber, quoteText } from "../quote";
import {
  type Bound,
  type Fitted,
  type LocalOperator,
  type ScoreContext,
  scalarOf,
  settle,
  stageError,
} from "./local-operator";

/** Of one input: category number → what stands for it. `missing` is of rows without one; null where there was none. */
interface Encoding {
  categories: number[];
  means: number[];
  missing: number | null;
}

/** From here on a look-up by position is faster than a chain of comparisons, if less easy to read. */
const CHAIN_LIMIT = 16;
/** Numbers with at most so many gaps for each category are looked up by position, others by hash. */
const GAPS = 4;

const encodingOf = ({ learned }: Pick<ScoreContext, "learned">, i: number) =>
  (learned.encodings as Encoding[])[i] as Encoding;

/** What stands for a category; null for one that was not there. */
function lookUp(input: Bound, { categories, means }: Encoding): string {
  const x = `CAST(${scalarOf(input)} AS DOUBLE)`;
  if (categories.length <= CHAIN_LIMIT)
    return `CASE ${x} ${categories.map((category, k) => `WHEN ${quoteNumber(category)} THEN ${quoteNumber(means[k] ?? 0)}`).join(" ")} END`;
  const last = categories.at(-1) ?? 0;
  if (last >= (GAPS + 1) * categories.length) {
    const names = categories.map((category) => quoteText(String(category))).join(", ");
    const number = `enum_code(TRY_CAST(CAST(CAST(${x} AS BIGINT) AS VARCHAR) AS ENUM(${names})))`;
    return `CASE WHEN ${x} = floor(${x}) AND ${x} BETWEEN 0 AND ${quoteNumber(last)} THEN ${listOf(means)}[${number} + 1] END`;
  }
  const byNumber = Array.from({ length: last + 1 }, (): number | null => null);
  categories.forEach((category, k) => (byNumber[category] = means[k] ?? null));
  return `CASE WHEN ${x} = floor(${x}) AND ${x} BETWEEN 0 AND ${quoteNumber(last)} THEN ${listOf(byNumber)}[CAST(${x} AS BIGINT) + 1] END`;
}

/** As a subquery, because DuckDB copies a constant list anew for every 2,048 rows; as a text, because it binds that as one constant. */
const listOf = (values: readonly (number | null)[]) => `(SELECT CAST('${JSON.stringify(values)}' AS DOUBLE[]))`;

/**
 * `learned.encodings`, `learned.overall`: w · (mean of the label in the category) + (1 − w) · (mean of all), where w = n / (n +
 * smoothing) of n rows. Rows without a category are one of their own, as in Spark; rows without a label are left out.
 */
export const targetEncoder: LocalOperator = {
  async fit({ session, stage, params, rows, inputs, labels, count, warn }): Promise<Fitted> {
    const label = labels[0];
    const y = `CAST(${scalarOf(label)} AS DOUBLE)`;
    const smoothing = Number(params.smoothing);
    const { n, mean, odd, other } = await session.row<{ n: number; mean: number | null; odd: number; other: number }>(
      `SELECT count(${y}) AS n, avg(${y}) FILTER (WHERE isfinite(${y})) AS mean, count(*) FILTER (WHERE NOT isfinite(${y})) AS odd, count(*) FILTER (WHERE ${y} NOT IN (0, 1)) AS other FROM ${rows}`,
    );
    if (n === 0 || mean === null || odd > 0)
      throw stageError(
        stage,
        odd > 0
          ? `${odd} rows of the label ${label?.column} are NaN or infinite.`
          : `the label ${label?.column} has no value at all in the ${count} rows to fit on.`,
        { path: ["fitInputs"], expected: "finite labels", found: odd > 0 ? `${odd} rows` : "none" },
      );
    if (params.targetType === "binary" && other > 0)
      throw stageError(
        stage,
        `the label ${label?.column} must be true or false, or 1 or 0, for targetType binary. Set it to continuous for numbers.`,
        {
          path: ["params", "targetType"],
          expected: "continuous",
          found: "binary",
        },
      );
    if (n < count) warn(`Stage ${stage.name} is fitted on ${n} of ${count} rows; the others lack the label.`);
    const encodings: Encoding[] = [];
    for (const [i, input] of inputs.entries()) {
      const x = `CAST(${scalarOf(input)} AS DOUBLE)`;
      const found = await session.rows<{ x: number | null; n: number; m: number }>(
        `SELECT ${x} AS x, count(*) AS n, avg(${y}) AS m FROM ${rows} WHERE ${y} IS NOT NULL GROUP BY 1 ORDER BY 1`,
      );
      const bad = found.find((row) => row.x !== null && (!Number.isInteger(row.x) || row.x < 0));
      if (bad)
        throw stageError(stage, `${input.column} must hold category numbers 0, 1, 2 … as StringIndexer writes them.`, {
          path: ["inputs", i],
          expected: "whole numbers from 0",
          found: String(bad.x),
        });
      const encode = (row: { n: number; m: number }) =>
        settle((row.n * row.m + smoothing * mean) / (row.n + smoothing));
      const categories = found.filter((row): row is typeof row & { x: number } => row.x !== null);
      const missing = found.find((row) => row.x === null);
      encodings.push({
        categories: categories.map((row) => row.x),
        means: categories.map(encode),
        missing: missing ? encode(missing) : null,
      });
    }
    return {
      learned: { encodings, overall: settle(mean) },
      summary: { rows: n, categories: encodings.reduce((sum, { categories }) => sum + categories.length, 0) },
    };
  },
  score(context) {
    const overall = quoteNumber(Number(context.learned.overall));
    return context.inputs.map((input, i) => {
      const encoding = encodingOf(context, i);
      const found = lookUp(input, encoding);
      if (context.params.handleInvalid !== "keep") return { scalar: found };
      const absent = encoding.missing === null ? overall : quoteNumber(encoding.missing);
      return { scalar: `CASE WHEN ${scalarOf(input)} IS NULL THEN ${absent} ELSE coalesce(${found}, ${overall}) END` };
    });
  },
  invalid(context) {
    if (context.params.handleInvalid !== "error") return [];
    return context.inputs.map((input, i) => ({
      column: input.column,
      condition: `(${lookUp(input, encodingOf(context, i))}) IS NULL`,
      problem: "category numbers that are missing or were not there when the stage was fitted",
      advice: "Set handleInvalid to keep, which gives them the mean of all rows.",
    }));
  },
  unseen: (context) =>
    context.inputs.map(
      (input, i) => `(${scalarOf(input)} IS NOT NULL AND (${lookUp(input, encodingOf(context, i))}) IS NULL)`,
    ),
  finite: () => true,
};
