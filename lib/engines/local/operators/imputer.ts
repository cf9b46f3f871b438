import { toNumber } from "@/lib/domain/operators/operator-params";
import { SQL_TYPES, quoteNumber } from "../quote";
import { type Bound, type Fitted, type LocalOperator, scalarOf, settle, stageError } from "./local-operator";

/** The value, or null where it is missing: null, NaN and, if given, `missingValue`. */
function present(input: Bound, missingValue: number): string {
  const x = scalarOf(input);
  const marked = Number.isNaN(missingValue) ? x : `nullif(${x}, ${quoteNumber(missingValue)})`;
  return input.type === "double" ? `CASE WHEN isnan(${x}) THEN NULL ELSE ${marked} END` : marked;
}

/** `learned.surrogates`: what stands in for a missing value, one for each input. The median of an even number is the lower of the two, the mode the smallest of equals, as in Spark. */
export const imputer: LocalOperator = {
  async fit({ session, stage, params, rows, inputs }): Promise<Fitted> {
    const missingValue = toNumber(params.missingValue) ?? NaN;
    const columns = inputs.map((input, i) => {
      const x = `CAST(${present(input, missingValue)} AS DOUBLE)`;
      if (params.strategy === "median") return `quantile_disc(${x}, 0.5) AS v${i}, count(${x}) AS n${i}`;
      if (params.strategy === "mean") return `avg(${x}) AS v${i}, count(${x}) AS n${i}`;
      return `count(${x}) AS n${i}`;
    });
    const row = await session.row<Record<string, number | null>>(`SELECT ${columns.join(", ")} FROM ${rows}`);
    const surrogates: number[] = [];
    for (const [i, input] of inputs.entries()) {
      if (row[`n${i}`] === 0) {
        throw stageError(
          stage,
          `every row to fit on lacks ${input.column}, so there is nothing to fill it with. Fit on other rows or leave the column out.`,
          {
            path: ["inputs", i],
            expected: "at least one value",
            found: "none",
          },
        );
      }
      let value = row[`v${i}`];
      if (params.strategy === "mode") {
        const x = present(input, missingValue);
        const mode = await session.row<{ v: number }>(
          `SELECT CAST(${x} AS DOUBLE) AS v, count(*) AS n FROM ${rows} WHERE ${x} IS NOT NULL GROUP BY 1 ORDER BY n DESC, v LIMIT 1`,
        );
        value = mode.v;
      }
      if (value === null || value === undefined || !Number.isFinite(value)) {
        throw stageError(
          stage,
          `${input.column} holds infinite values, so its ${String(params.strategy)} is not a number.`,
          { path: ["inputs", i], expected: "finite values", found: String(value) },
        );
      }
      surrogates.push(settle(value));
    }
    const filled = inputs.map((_, i) => row[`n${i}`] ?? 0).reduce((sum, n) => sum + n, 0);
    return { learned: { surrogates }, summary: { valuesSeen: filled } };
  },
  score({ inputs, stage, params, learned }) {
    const missingValue = toNumber(params.missingValue) ?? NaN;
    return inputs.map((input, i) => {
      const value = (learned.surrogates as number[])[i] ?? 0;
      const filled = `coalesce(${present(input, missingValue)}, ${quoteNumber(value)})`;
      const type = stage.outputs[i]?.type ?? "double";
      return { scalar: type === input.type && type === "double" ? filled : `CAST(${filled} AS ${SQL_TYPES[type]})` };
    });
  },
  finite: ({ inputs }) => inputs.every((input) => input.finite),
};
