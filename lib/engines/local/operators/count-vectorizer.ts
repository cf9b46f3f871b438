import { quoteNumber, quoteText } from "../quote";
import { type Fitted, type LocalOperator, scalarOf, stageError } from "./local-operator";
import { VECTOR_LIMIT, binaryCounts, countIndices, frequentCounts } from "./token-counts";

/**
 * `learned.vocabulary`: the `vocabSize` tokens that occur most often in all, of those in `minDF` or more rows (a share
 * of the rows below 1). Equally frequent tokens are in order of their UTF-8 bytes; Spark leaves their order open.
 * Rows without a list count as rows; missing tokens are not counted; a missing list stays missing, where Spark fails.
 */
export const countVectorizer: LocalOperator = {
  async fit({ session, stage, params, rows, count, inputs }): Promise<Fitted> {
    const minDF = Number(params.minDF);
    const least = minDF >= 1 ? minDF : minDF * count;
    const vocabSize = Number(params.vocabSize);
    const found = await session.rows<{ token: string; n: number }>(
      `SELECT token, sum(n) AS n FROM (
         SELECT row, token, count(*) AS n FROM (
           SELECT row, unnest(tokens) AS token FROM (SELECT row_number() OVER () AS row, ${scalarOf(inputs[0])} AS tokens FROM ${rows}))
         WHERE token IS NOT NULL GROUP BY row, token)
       GROUP BY token HAVING count(*) >= ${quoteNumber(least)} ORDER BY n DESC, token LIMIT ${Math.min(vocabSize, VECTOR_LIMIT + 1)}`,
    );
    if (found.length === 0) {
      throw stageError(
        stage,
        `no token of ${inputs[0]?.column} is in ${least} or more of the ${count} rows to fit on.`,
        {
          path: ["params", "minDF"],
          expected: "at least one token",
          found: "none",
        },
      );
    }
    if (found.length > VECTOR_LIMIT) {
      throw stageError(
        stage,
        `${inputs[0]?.column} has more than ${VECTOR_LIMIT} different tokens, and the local engine has a column for each. Set vocabSize to ${VECTOR_LIMIT} or less, raise minDF, or run the stage on spark.`,
        { path: ["params", "vocabSize"], expected: `at most ${VECTOR_LIMIT}`, found: String(vocabSize) },
      );
    }
    const occurrences = found.reduce((sum, { n }) => sum + Number(n), 0);
    return {
      learned: { vocabulary: found.map(({ token }) => token) },
      summary: { vocabulary: found.length, occurrences, rows: count },
    };
  },
  score({ inputs, params, learned }) {
    const vocabulary = learned.vocabulary as string[];
    const tokens = scalarOf(inputs[0]);
    const index = `enum_code(TRY_CAST(token AS ENUM(${vocabulary.map(quoteText).join(", ")})))`;
    const known = `list_filter(list_transform(${tokens}, lambda token: ${index}), lambda i: i IS NOT NULL)`;
    const minTF = Number(params.minTF);
    const counts = countIndices(tokens, known);
    const kept =
      minTF === 1
        ? counts
        : frequentCounts(counts, minTF > 1 ? quoteNumber(minTF) : `${quoteNumber(minTF)} * len(${tokens})`);
    return [{ sparse: params.binary ? binaryCounts(kept) : kept, size: vocabulary.length }];
  },
  finite: () => true,
};
