import { quoteNumber } from "../quote";
import {
  type FitContext,
  type Fitted,
  type LocalOperator,
  addUp,
  binaryLabel,
  doubles,
  notFiniteRows,
  settle,
  storeFitRows,
} from "./local-operator";
import { solveSymmetric } from "./solve-symmetric";

const HALVINGS = 12;
/** Mean loss below which every row is predicted right and the coefficients only run away. */
const SEPARATED = 1e-6;

interface Sums {
  loss: number;
  gradient: number[];
  hessian: number[][];
}

/** Linear form over the expressions; coefficients of 0 are left out. */
function linearForm(xs: string[], coefficients: number[], intercept: number): string {
  const terms = coefficients.flatMap((value, i) => (value === 0 ? [] : [`${quoteNumber(value)} * ${xs[i]}`]));
  return addUp([quoteNumber(intercept), ...terms]);
}

/**
 * One pass over the rows at the given coefficients: loss, gradient and Hessian of the mean log loss, as scalar sums,
 * because DuckDB adds columns several times faster than lists. Column 0 is the constant.
 */
async function sumRows({ session }: FitContext, size: number, rows: number, beta: number[]): Promise<Sums> {
  const xs = Array.from({ length: size }, (_, i) => `x${i}`);
  const columns = ["1", ...xs];
  const select = ["sum(greatest(z, 0) - z * y + ln(1 + exp(-abs(z)))) AS loss"];
  columns.forEach((a, i) => {
    select.push(`sum(${i === 0 ? "r" : `r * ${a}`}) AS g${i}`);
    columns
      .slice(i)
      .forEach((b, j) => select.push(`sum(${i === 0 ? (j === 0 ? "w" : `w${j}`) : `w${i} * ${b}`}) AS h${i}_${i + j}`));
  });
  const weighted = xs.map((x, i) => `w * ${x} AS w${i + 1}`);
  const row = await session.row<Record<string, number>>(
    `SELECT ${select.join(", ")} FROM (
       SELECT *, ${weighted.length > 0 ? weighted.join(", ") : "0 AS none"} FROM (
         SELECT *, p - y AS r, p * (1 - p) AS w FROM (
           SELECT *, 1 / (1 + exp(-z)) AS p FROM (SELECT *, ${linearForm(xs, beta.slice(1), beta[0] ?? 0)} AS z FROM fit_rows))))`,
  );
  const at = (name: string) => (row[name] ?? 0) / rows;
  return {
    loss: at("loss"),
    gradient: columns.map((_, i) => at(`g${i}`)),
    hessian: columns.map((_, i) => columns.map((__, j) => at(`h${Math.min(i, j)}_${Math.max(i, j)}`))),
  };
}

/**
 * Minimises mean log loss + regParam/2 · Σ b² (Spark's objective, L2) by iteratively reweighted least squares on
 * standardised columns; a step that makes it worse is halved. `learned.coefficients` are in the units of the inputs.
 * Constant columns get 0, as in Spark.
 */
export const logisticRegression: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const { session, params, stage } = context;
    const y = await binaryLabel(context);
    const { size, rows } = await storeFitRows(context, "raw_rows", y);

    const moments = Array.from(
      { length: size },
      (_, i) => `avg(x${i}) AS m${i}, coalesce(stddev_samp(x${i}), 0) AS s${i}`,
    );
    const moment = await session.row<Record<string, number>>(
      `SELECT ${["avg(y) AS share", ...moments].join(", ")} FROM raw_rows`,
    );
    const fitIntercept = Boolean(params.fitIntercept);
    const mean = Array.from({ length: size }, (_, i) => (fitIntercept ? settle(moment[`m${i}`] ?? 0) : 0));
    const std = Array.from({ length: size }, (_, i) => settle(moment[`s${i}`] ?? 0));
    const used = std.map((value) => value > 0);
    const scaled = std.flatMap((value, i) =>
      used[i] ? [`(x${i} - ${quoteNumber(mean[i] ?? 0)}) / ${quoteNumber(value)}`] : [],
    );
    await session.run(
      `CREATE TABLE fit_rows AS SELECT ${[...scaled.map((x, i) => `${x} AS x${i}`), "y"].join(", ")} FROM raw_rows`,
    );
    await session.run("DROP TABLE raw_rows");

    const columns = scaled.length;
    const spread = std.filter((_, i) => used[i]);
    const regParam = Number(params.regParam);
    const penalty = [0, ...spread.map((s) => (params.standardization ? regParam : regParam / (s * s)))];
    const share = moment.share ?? 0.5;
    const start = fitIntercept && share > 0 && share < 1 ? Math.log(share / (1 - share)) : 0;

    const objective = (sums: Sums, beta: number[]) =>
      sums.loss + beta.reduce((sum, b, i) => sum + ((penalty[i] ?? 0) / 2) * b * b, 0);
    const first = fitIntercept ? 0 : 1;
    let beta = [start, ...new Array<number>(columns).fill(0)];
    let sums = await sumRows(context, columns, rows, beta);
    let iterations = 0;
    let converged = false;
    while (!converged && iterations < Number(params.maxIter)) {
      const gradient = sums.gradient.map((g, i) => g + (penalty[i] ?? 0) * (beta[i] ?? 0));
      const current = sums;
      const step = solveSymmetric(
        columns + 1 - first,
        (i, j) => (current.hessian[i + first]?.[j + first] ?? 0) + (i === j ? (penalty[i + first] ?? 0) : 0),
        gradient.slice(first),
      );
      const before = objective(sums, beta);
      let length = 1;
      let moved: number[];
      for (let halving = 0; ; halving++) {
        const base = beta;
        moved = base.map((b, i) => (i < first ? b : b - length * (step[i - first] ?? 0)));
        sums = await sumRows(context, columns, rows, moved);
        if (objective(sums, moved) <= before + 1e-12 || halving === HALVINGS) break;
        length /= 2;
      }
      const change = Math.max(...moved.map((b, i) => Math.abs(b - (beta[i] ?? 0))), 0);
      beta = moved;
      iterations++;
      context.step(`step ${iterations}, log loss ${sums.loss.toPrecision(6)}`);
      converged = change < Number(params.tol);
      if (sums.loss < SEPARATED) {
        context.warn(
          `Stage ${stage.name}: the inputs tell the classes apart without error, so the coefficients have no finite best value; set regParam above 0.`,
        );
        break;
      }
    }
    await session.run("DROP TABLE fit_rows");
    if (!converged && sums.loss >= SEPARATED)
      context.warn(
        `Stage ${stage.name} stopped after ${iterations} steps without settling; raise maxIter or set regParam above 0.`,
      );

    let next = 1;
    const coefficients = used.map((isUsed, i) => (isUsed ? settle((beta[next++] ?? 0) / (std[i] ?? 1)) : 0));
    const shift = coefficients.reduce((sum, b, i) => sum + b * (mean[i] ?? 0), 0);
    const intercept = fitIntercept ? settle((beta[0] ?? 0) - shift) : 0;
    return {
      learned: { coefficients, intercept },
      summary: { iterations, converged: String(converged), logLoss: settle(sums.loss), rows, positives: settle(share) },
    };
  },
  score({ inputs, stage, learned }) {
    const xs = inputs.flatMap(doubles);
    const z = linearForm(xs, learned.coefficients as number[], Number(learned.intercept));
    const present = xs.map((x) => `${x} IS NOT NULL`).join(" AND ");
    const p = `CASE WHEN ${present} THEN 1 / (1 + exp(-(${z}))) END`;
    return [stage.outputs[0]?.type === "vector" ? { components: [`1 - ${p}`, p] } : { scalar: p }];
  },
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
