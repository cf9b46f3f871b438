import { quoteNumber } from "../quote";
import { toNumber } from "@/lib/domain/operators/operator-params";
import {
  type Fitted,
  type LocalOperator,
  componentNames,
  doubles,
  notFiniteRows,
  stageError,
  storeFitRows,
} from "./local-operator";

/** `learned.min` and `learned.max` of every component. A constant component goes to the middle of the range, as in Spark. */
export const minMaxScaler: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const low = toNumber(context.params.min) ?? 0;
    const high = toNumber(context.params.max) ?? 1;
    if (low >= high) {
      throw stageError(context.stage, "min must be below max.", {
        path: ["params", "min"],
        expected: `a number below ${high}`,
        found: String(low),
      });
    }
    const { size, rows } = await storeFitRows(context, "fit_rows", null);
    const columns = Array.from({ length: size }, (_, i) => `min(x${i}) AS l${i}, max(x${i}) AS h${i}`);
    const row = await context.session.row<Record<string, number>>(`SELECT ${columns.join(", ")} FROM fit_rows`);
    await context.session.run("DROP TABLE fit_rows");
    const min = Array.from({ length: size }, (_, i) => row[`l${i}`] ?? 0);
    const max = Array.from({ length: size }, (_, i) => row[`h${i}`] ?? 0);
    return { learned: { min, max }, summary: { components: size, rows } };
  },
  score({ inputs, params, learned }) {
    const low = toNumber(params.min) ?? 0;
    const high = toNumber(params.max) ?? 1;
    const min = learned.min as number[];
    const max = learned.max as number[];
    const components = inputs.flatMap(doubles).map((x, i) => {
      const from = min[i] ?? 0;
      const width = (max[i] ?? 0) - from;
      if (width === 0) return `${x} * 0e0 + ${quoteNumber((low + high) / 2)}`;
      return `(${x} - ${quoteNumber(from)}) / ${quoteNumber(width)} * ${quoteNumber(high - low)} + ${quoteNumber(low)}`;
    });
    return [{ components }];
  },
  components: ({ inputs }) => [componentNames(inputs)],
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
