import { quoteNumber } from "../quote";
import {
  type Fitted,
  type LocalOperator,
  componentNames,
  doubles,
  notFiniteRows,
  storeFitRows,
} from "./local-operator";

/** `learned.maxAbs` of every component. A component that is always 0 stays 0, as in Spark. */
export const maxAbsScaler: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const { size, rows } = await storeFitRows(context, "fit_rows", null);
    const columns = Array.from({ length: size }, (_, i) => `max(abs(x${i})) AS m${i}`);
    const row = await context.session.row<Record<string, number>>(`SELECT ${columns.join(", ")} FROM fit_rows`);
    await context.session.run("DROP TABLE fit_rows");
    return {
      learned: { maxAbs: Array.from({ length: size }, (_, i) => row[`m${i}`] ?? 0) },
      summary: { components: size, rows },
    };
  },
  score({ inputs, learned }) {
    const maxAbs = learned.maxAbs as number[];
    return [{ components: inputs.flatMap(doubles).map((x, i) => `${x} / ${quoteNumber(maxAbs[i] || 1)}`) }];
  },
  components: ({ inputs }) => [componentNames(inputs)],
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
