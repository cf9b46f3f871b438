import { type Fitted, type LocalOperator, type ScoreContext, scalarOf, stageError } from "./local-operator";

const sizesOf = (context: ScoreContext): number[] => context.learned.categorySizes as number[];

/**
 * `learned.categorySizes`: for each input the number of categories. As in Spark that is what the indexer or bucketizer before it can write,
 * an indexer's number for unknown values included, whether or not the rows of the fit hold it; without one of these, one more than the
 * largest number seen.
 */
export const oneHotEncoder: LocalOperator = {
  async fit({ session, stage, rows, inputs }): Promise<Fitted> {
    const categorySizes: number[] = [];
    for (const input of inputs) {
      if (input.categories !== null) {
        categorySizes.push(input.categories);
        continue;
      }
      const x = scalarOf(input);
      const { low, high, odd } = await session.row<{ low: number | null; high: number | null; odd: number }>(
        `SELECT CAST(min(${x}) AS DOUBLE) AS low, CAST(max(${x}) AS DOUBLE) AS high, count(*) FILTER (WHERE ${x} <> floor(${x})) AS odd FROM ${rows} WHERE ${x} IS NOT NULL`,
      );
      if (low === null || high === null || low < 0 || odd > 0 || !Number.isFinite(high)) {
        throw stageError(stage, `${input.column} must hold category numbers 0, 1, 2 … as StringIndexer writes them.`, {
          path: ["inputs"],
          expected: "whole numbers from 0",
          found: low === null ? "no value" : odd > 0 ? `${odd} fractions` : `${low} to ${high}`,
        });
      }
      categorySizes.push(high + 1);
    }
    return { learned: { categorySizes }, summary: { categories: categorySizes.reduce((sum, size) => sum + size, 0) } };
  },
  score(context) {
    const keep = context.params.handleInvalid === "keep";
    return context.inputs.map((input, i) => {
      const size = sizesOf(context)[i] ?? 0;
      const x = scalarOf(input);
      // As in Spark, invalid values are a category after the last one, and that is the one dropLast leaves out.
      const categories = size + (keep ? 1 : 0) - (context.params.dropLast ? 1 : 0);
      return {
        components: Array.from({ length: categories }, (_, category) => {
          if (keep && category === size) return `CASE WHEN ${x} >= 0 AND ${x} < ${size} THEN 0e0 ELSE 1e0 END`;
          return keep
            ? `CASE WHEN ${x} = ${category} THEN 1e0 ELSE 0e0 END`
            : `CASE WHEN ${x} = ${category} THEN 1e0 WHEN ${x} IS NOT NULL THEN 0e0 END`;
        }),
      };
    });
  },
  invalid(context) {
    if (context.params.handleInvalid !== "error") return [];
    return context.inputs.map((input, i) => ({
      column: input.column,
      condition: `coalesce(NOT (${scalarOf(input)} >= 0 AND ${scalarOf(input)} < ${sizesOf(context)[i] ?? 0}), true)`,
      problem: "category numbers that are missing or were not there when the stage was fitted",
      advice: "Set handleInvalid to keep, which makes them a category of their own.",
    }));
  },
  finite: () => true,
};
