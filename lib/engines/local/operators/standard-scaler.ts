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

/** `learned.mean` and `learned.std` (sample) of every component. A constant component becomes 0, as in Spark. */
export const standardScaler: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const { size, rows } = await storeFitRows(context, "fit_rows", null);
    const columns = Array.from(
      { length: size },
      (_, i) => `avg(x${i}) AS m${i}, coalesce(stddev_samp(x${i}), 0) AS s${i}`,
    );
    const row = await context.session.row<Record<string, number>>(`SELECT ${columns.join(", ")} FROM fit_rows`);
    await context.session.run("DROP TABLE fit_rows");
    const mean = Array.from({ length: size }, (_, i) => settle(row[`m${i}`] ?? 0));
    const std = Array.from({ length: size }, (_, i) => settle(row[`s${i}`] ?? 0));
    return {
      learned: { mean, std },
      summary: { components: size, rows, constant: std.filter((value) => value === 0).length },
    };
  },
  score({ inputs, params, learned }) {
    const mean = learned.mean as number[];
    const std = learned.std as number[];
    const components = inputs.flatMap(doubles).map((x, i) => {
      const centred = params.withMean ? `(${x} - ${quoteNumber(mean[i] ?? 0)})` : x;
      if (!params.withStd) return centred;
      return std[i] ? `${centred} / ${quoteNumber(std[i])}` : `${x} * 0e0`;
    });
    return [{ components }];
  },
  components: ({ inputs }) => [componentNames(inputs)],
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
