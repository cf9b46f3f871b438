import { quoteNumber } from "../quote";
import {
  type Fitted,
  type LocalOperator,
  addUp,
  doubles,
  notFiniteRows,
  scalarOf,
  settle,
  stageError,
  storeFitRows,
} from "./local-operator";
import { solveSymmetric } from "./solve-symmetric";

/**
 * Least squares by the normal equations on centred, scaled columns, whose sums DuckDB gives in one pass. With `regParam`
 * it minimises ½ · mean squared error + regParam/2 · Σ b², and like Spark it measures the error in standard deviations of
 * the label. `learned.coefficients` are in the units of the inputs.
 */
export const linearRegression: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const { session, params, labels, stage } = context;
    const label = labels[0];
    const y = `CAST(${scalarOf(label)} AS DOUBLE)`;
    const { n } = await session.row<{ n: number }>(
      `SELECT count(*) AS n FROM ${context.rows} WHERE NOT isfinite(${y})`,
    );
    if (n > 0)
      throw stageError(stage, `${n} rows of the label ${label?.column} are NaN or infinite.`, {
        path: ["fitInputs"],
        expected: "finite numbers",
        found: `${n} rows`,
      });
    const { size, rows } = await storeFitRows(context, "fit_rows", y);
    const fitIntercept = Boolean(params.fitIntercept);
    const names = [...Array.from({ length: size }, (_, i) => `x${i}`), "y"];
    const moment = await session.row<Record<string, number>>(
      `SELECT ${names.map((name) => `avg(${name}) AS m_${name}, coalesce(stddev_samp(${name}), 0) AS s_${name}`).join(", ")} FROM fit_rows`,
    );
    const mean = names.map((name) => (fitIntercept ? (moment[`m_${name}`] ?? 0) : 0));
    const std = names.map((name) => moment[`s_${name}`] ?? 0);
    const used = names.map((_, i) => i).filter((i) => i < size && (std[i] ?? 0) > 0);
    const scaled = [...used, size].map(
      (i) => `(${names[i]} - ${quoteNumber(mean[i] ?? 0)}) / ${quoteNumber(std[i] || 1)} AS z${i}`,
    );
    const products = used.flatMap((i, a) => [...used.slice(a), size].map((j) => `avg(z${i} * z${j}) AS p${i}_${j}`));
    const sums = await session.row<Record<string, number>>(
      `SELECT ${["avg(z" + size + " * z" + size + ") AS total", ...products].join(", ")} FROM (SELECT ${scaled.join(", ")} FROM fit_rows)`,
    );
    await session.run("DROP TABLE fit_rows");

    const regParam = Number(params.regParam);
    const penalty = (i: number) =>
      (params.standardization ? regParam : regParam / (std[i] ?? 1) ** 2) / (std[size] || 1);
    const at = (a: number, b: number) => sums[`p${used[a]}_${used[b]}`] ?? 0;
    const targets = used.map((i) => sums[`p${i}_${size}`] ?? 0);
    const beta = solveSymmetric(used.length, (a, b) => at(a, b) + (a === b ? penalty(used[a] ?? 0) : 0), targets);
    const coefficients = new Array<number>(size).fill(0);
    used.forEach((i, a) => (coefficients[i] = settle(((beta[a] ?? 0) * (std[size] || 1)) / (std[i] ?? 1))));
    const intercept = fitIntercept
      ? settle((mean[size] ?? 0) - coefficients.reduce((sum, b, i) => sum + b * (mean[i] ?? 0), 0))
      : 0;
    const explained = beta.reduce(
      (sum, b, a) =>
        sum +
        b * (2 * (targets[a] ?? 0) - beta.reduce((inner, c, d) => inner + c * at(Math.min(a, d), Math.max(a, d)), 0)),
      0,
    );
    const total = sums.total ?? 0;
    return { learned: { coefficients, intercept }, summary: { rows, r2: total > 0 ? settle(explained / total) : 0 } };
  },
  score({ inputs, learned }) {
    const xs = inputs.flatMap(doubles);
    const terms = (learned.coefficients as number[]).map((b, i) => `${quoteNumber(b)} * ${xs[i]}`);
    return [{ scalar: addUp([quoteNumber(Number(learned.intercept)), ...terms]) }];
  },
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
