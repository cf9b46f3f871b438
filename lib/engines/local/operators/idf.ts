import { quoteNumber } from "../quote";
import {
  type Fitted,
  type LocalOperator,
  componentNames,
  doubles,
  notFiniteRows,
  settle,
  storeFitRows,
} from "./local-operator";

/**
 * `learned.idf`: ln((m + 1) / (d + 1)) of every component, where d of the m rows hold more than 0, and 0 where d is below
 * `minDocFreq`; `learned.docFreq` is d. Rows without a vector are not counted.
 */
export const idf: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const { session, params } = context;
    const { size, rows } = await storeFitRows(context, "fit_rows", null);
    const columns = Array.from({ length: size }, (_, i) => `count(*) FILTER (WHERE x${i} > 0) AS d${i}`);
    const row = await session.row<Record<string, number>>(`SELECT ${columns.join(", ")} FROM fit_rows`);
    await session.run("DROP TABLE fit_rows");
    const docFreq = Array.from({ length: size }, (_, i) => row[`d${i}`] ?? 0);
    const weights = docFreq.map((d) => (d >= Number(params.minDocFreq) ? settle(Math.log((rows + 1) / (d + 1))) : 0));
    return {
      learned: { idf: weights, docFreq },
      summary: { components: size, rows, weightless: weights.filter((weight) => weight === 0).length },
    };
  },
  score({ inputs, learned }) {
    const weights = learned.idf as number[];
    return [{ components: inputs.flatMap(doubles).map((x, i) => `${x} * ${quoteNumber(weights[i] ?? 0)}`) }];
  },
  components: ({ inputs }) => [componentNames(inputs)],
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
