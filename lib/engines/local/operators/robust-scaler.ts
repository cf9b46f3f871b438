import { quoteNumber } from "../quote";
import {
  type Fitted,
  type LocalOperator,
  componentNames,
  doubles,
  notFiniteRows,
  stageError,
  storeFitRows,
} from "./local-operator";

/**
 * `learned.median` and `learned.range` (upper less lower quantile) of every component. Quantiles are values of the rows, the lower of
 * two, as in Spark. A component without a range becomes 0.
 */
export const robustScaler: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const { params, session, stage } = context;
    const lower = Number(params.lower);
    const upper = Number(params.upper);
    if (lower >= upper)
      throw stageError(stage, "lower must be below upper.", {
        path: ["params", "lower"],
        expected: `a number below ${upper}`,
        found: String(lower),
      });
    const { size, rows } = await storeFitRows(context, "fit_rows", null);
    const quantiles = `[0.5, ${quoteNumber(lower)}, ${quoteNumber(upper)}]`;
    const columns = Array.from({ length: size }, (_, i) => `quantile_disc(x${i}, ${quantiles}) AS q${i}`);
    const row = await session.row<Record<string, number[]>>(`SELECT ${columns.join(", ")} FROM fit_rows`);
    await session.run("DROP TABLE fit_rows");
    const found = Array.from({ length: size }, (_, i) => row[`q${i}`] ?? []);
    const range = found.map(([, low = 0, high = 0]) => high - low);
    return {
      learned: { median: found.map(([middle = 0]) => middle), range },
      summary: { components: size, rows, constant: range.filter((width) => width === 0).length },
    };
  },
  score({ inputs, params, learned }) {
    const median = learned.median as number[];
    const range = learned.range as number[];
    const components = inputs.flatMap(doubles).map((x, i) => {
      const centred = params.withCentering ? `(${x} - ${quoteNumber(median[i] ?? 0)})` : x;
      if (!params.withScaling) return centred;
      return range[i] ? `${centred} / ${quoteNumber(range[i])}` : `${x} * 0e0`;
    });
    return [{ components }];
  },
  components: ({ inputs }) => [componentNames(inputs)],
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
