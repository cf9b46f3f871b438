import { missingRows, scoreBuckets } from "./bucketizer";
import { type Fitted, type LocalOperator, type ScoreContext, scalarOf, stageError } from "./local-operator";

/** Infinity does not survive JSON, so `learned.splits` holds the inner edges only. */
const edgesOf = (context: ScoreContext): number[] => [-Infinity, ...(context.learned.splits as number[]), Infinity];

/** `learned.splits`: inner edges, values of the column at i/numBuckets of its sorted rows; equal ones collapse into one. */
export const quantileDiscretizer: LocalOperator = {
  async fit({ session, stage, params, rows, inputs, warn }): Promise<Fitted> {
    const x = `CAST(${scalarOf(inputs[0])} AS DOUBLE)`;
    const wanted = Number(params.numBuckets);
    const at = Array.from({ length: wanted - 1 }, (_, i) => `${i + 1}e0 / ${wanted}`);
    const { q, n } = await session.row<{ q: number[] | null; n: number }>(
      `SELECT quantile_disc(x, [${at.join(", ")}]) AS q, count(*) AS n FROM (SELECT ${x} AS x FROM ${rows}) WHERE x IS NOT NULL AND NOT isnan(x)`,
    );
    if (q === null || n === 0) {
      throw stageError(stage, `${inputs[0]?.column} has no value in the rows to fit on, so it has no quantiles.`, {
        path: ["inputs", 0],
        expected: "at least one value",
        found: "none",
      });
    }
    const splits = [...new Set(q)].filter(Number.isFinite);
    if (splits.length + 1 < wanted)
      warn(
        `Stage ${stage.name} makes ${splits.length + 1} of ${wanted} bands: quantiles of ${inputs[0]?.column} coincide.`,
      );
    return { learned: { splits }, summary: { bands: splits.length + 1, rows: n } };
  },
  score: (context) => scoreBuckets(context, edgesOf(context), "band_"),
  invalid: missingRows,
  finite: () => true,
  categories: ({ learned }) => [(learned.splits as number[]).length + 1],
};
