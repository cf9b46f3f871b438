import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { quoteNumber } from "../quote";
import {
  type Fitted,
  type LocalOperator,
  doubles,
  notFiniteRows,
  settle,
  stageError,
  storeFitRows,
} from "./local-operator";

/**
 * Directions of greatest variance from the exact covariance. As in Spark vectors are projected as they are, without
 * centring. The sign of a direction is free: the component of greatest size is made positive, so that reruns agree.
 */
export const principalComponents: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const { session, stage, params } = context;
    const { size, rows } = await storeFitRows(context, "fit_rows", null);
    const k = Number(params.k);
    if (k > size)
      throw stageError(stage, `vectors have ${size} components, so there are no ${k} directions.`, {
        path: ["params", "k"],
        expected: `at most ${size}`,
        found: String(k),
      });
    if (rows < 2)
      throw stageError(stage, "one row has no directions; fit on at least two.", {
        path: ["fit"],
        expected: "two or more rows",
        found: "1",
      });
    const pairs = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size - i }, (__, j) => `covar_samp(x${i}, x${i + j}) AS c${i}_${i + j}`),
    ).flat();
    const row = await session.row<Record<string, number>>(`SELECT ${pairs.join(", ")} FROM fit_rows`);
    await session.run("DROP TABLE fit_rows");
    const covariance = new Matrix(size, size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) covariance.set(i, j, row[`c${Math.min(i, j)}_${Math.max(i, j)}`] ?? 0);
    const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(covariance, {
      assumeSymmetric: true,
    });
    const order = values
      .map((_, i) => i)
      .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
      .slice(0, k);
    const components = order.map((column) => {
      const direction = vectors.getColumn(column);
      const largest = direction.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
      return direction.map((x) => settle(largest < 0 ? -x : x));
    });
    const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
    const explained = order.map((column) => (total > 0 ? settle(Math.max(0, values[column] ?? 0) / total) : 0));
    return {
      learned: { components, explained },
      summary: { rows, explained: settle(explained.reduce((sum, share) => sum + share, 0)) },
    };
  },
  score({ inputs, learned }) {
    const xs = inputs.flatMap(doubles);
    return [
      {
        components: (learned.components as number[][]).map((direction) =>
          direction.map((weight, i) => `${quoteNumber(weight)} * ${xs[i]}`).join(" + "),
        ),
      },
    ];
  },
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
