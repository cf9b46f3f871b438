/**
 * Linear models as Spark ML defines them: a mean loss of linear forms plus
 * `regParam · (elasticNetParam · Σ|b| + (1 − elasticNetParam)/2 · Σb²)`, where b are coefficients of columns divided by their
 * standard deviation or, without `standardization`, of the columns as they are. Constant columns get 0.
 */
import { BLOCK, type Kernel } from "./kernel";
import { type Design, momentsOf } from "./design";
import { type Minimum, minimise } from "./minimise";
import {
  dot,
  finish,
  type LinearFit,
  type LinearRules,
  NEWTON_COLUMNS,
  newton,
  objectiveOf,
  scale,
  type Scaled,
  SEPARATED,
  type SolveSymmetric,
} from "./scaled-forms";

/** Of a row in a yes or no: z is its linear form, y its label. */
function logLoss(z: number, y: number): number {
  return Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));
}

function allL1(scaled: Scaled, size: number, classes: number): Float64Array | null {
  if (!scaled.l1.some((weight) => weight > 0)) return null;
  const l1 = new Float64Array(classes * (size + 1));
  for (let k = 0; k < classes; k++) l1.set(scaled.l1, k * (size + 1));
  return l1;
}

/**
 * Logistic regression of a yes or no. @param y 0 or 1 of every row, both of them there
 * @param solve least-norm solution of A·x = b for a symmetric A
 */
export function* fitBinomial(
  design: Design,
  y: Uint8Array | Float64Array,
  weights: Float64Array | null,
  rules: LinearRules,
  solve: SolveSymmetric,
): Kernel<LinearFit> {
  const scaled = scale(design, weights, rules, rules.regParam);
  const { size } = design;
  let positive = 0;
  for (let i = 0; i < design.rows; i++) positive += y[i]! * (weights ? weights[i]! : 1);
  const share = positive / scaled.moments.weight;
  const start = new Float64Array(size + 1);
  if (rules.fitIntercept) start[size] = Math.log(share / (1 - share));
  const l1 = allL1(scaled, size, 1);
  const objective = objectiveOf(design, weights, scaled, rules, 1, (i, form, slope) => {
    const z = form[0]!;
    slope[0] = 1 / (1 + Math.exp(-z)) - y[i]!;
    return logLoss(z, y[i]!);
  });
  const minimum =
    l1 === null && size <= NEWTON_COLUMNS
      ? yield* newton(design, weights, scaled, rules, objective, start, solve, {
          name: "log loss",
          below: SEPARATED,
          curvature(z) {
            const p = 1 / (1 + Math.exp(-z));
            return p * (1 - p);
          },
        })
      : yield* minimise(objective, start, {
          maxIter: rules.maxIter,
          tol: rules.tol,
          l1,
          stop: (value) => value < SEPARATED,
        });
  return finish(minimum, size, 1, scaled);
}

/**
 * Logistic regression of several classes, by softmax. Intercepts are centred about 0 and, without a penalty, coefficients too, since
 * the same number added to all classes changes nothing.
 * @param y class of every row, each of `classes` there
 */
export function* fitMultinomial(
  design: Design,
  y: Uint8Array | Float64Array,
  classes: number,
  weights: Float64Array | null,
  rules: LinearRules,
): Kernel<LinearFit> {
  const scaled = scale(design, weights, rules, rules.regParam);
  const { size } = design;
  const counts = new Float64Array(classes);
  for (let i = 0; i < design.rows; i++) counts[y[i]!]! += weights ? weights[i]! : 1;
  const start = new Float64Array(classes * (size + 1));
  if (rules.fitIntercept)
    counts.forEach((n, k) => (start[k * (size + 1) + size] = Math.log(n / scaled.moments.weight)));
  const objective = objectiveOf(design, weights, scaled, rules, classes, (i, form, slope) => {
    let highest = -Infinity;
    for (const z of form) highest = Math.max(highest, z);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += slope[k] = Math.exp(form[k]! - highest);
    for (let k = 0; k < classes; k++) slope[k]! /= sum;
    const own = y[i]!;
    slope[own]! -= 1;
    return Math.log(sum) + highest - form[own]!;
  });
  const l1 = allL1(scaled, size, classes);
  const minimum = yield* minimise(objective, start, {
    maxIter: rules.maxIter,
    tol: rules.tol,
    l1,
    stop: (value) => value < SEPARATED,
  });
  const { x } = minimum;
  const stride = size + 1;
  for (let j = 0; j < stride; j++) {
    if (j < size && rules.regParam > 0) continue;
    let mean = 0;
    for (let k = 0; k < classes; k++) mean += x[k * stride + j]! / classes;
    for (let k = 0; k < classes; k++) x[k * stride + j]! -= mean;
  }
  const fit = finish(minimum, size, classes, scaled);
  const mean = fit.intercepts.reduce((sum, b) => sum + b, 0) / classes;
  return { ...fit, intercepts: fit.intercepts.map((b) => (rules.fitIntercept ? b - mean : 0)) };
}

/** Columns up to which the sums of products of all pairs are solved at once. */
const NORMAL_COLUMNS = 256;

/**
 * Least squares. Spark measures the error in standard deviations of the label, so the penalty weighs regParam divided by one.
 * `loss` is half the mean squared error in those units.
 * @param y finite
 */
export function* fitLinear(
  design: Design,
  y: Float64Array,
  weights: Float64Array | null,
  rules: LinearRules,
  solve: SolveSymmetric,
): Kernel<LinearFit & { r2: number }> {
  const { rows, size } = design;
  const label = momentsOf(
    {
      rows,
      size: 1,
      transpose(from, to, factors, out) {
        for (let i = from; i < to; i++) out[0]! += y[i]! * factors[i - from]!;
      },
      squares(from, to, factors, centre, out) {
        for (let i = from; i < to; i++) out[0]! += (y[i]! - centre[0]!) ** 2 * factors[i - from]!;
      },
    },
    weights,
    BLOCK,
  );
  const spread = label.std[0]! || 1;
  const middle = rules.fitIntercept ? label.mean[0]! : 0;
  const scaled = scale(design, weights, rules, rules.regParam / spread);
  const l1 = allL1(scaled, size, 1);
  const objective = objectiveOf(design, weights, scaled, { fitIntercept: rules.fitIntercept }, 1, (i, form, slope) => {
    const away = form[0]! - (y[i]! - middle) / spread;
    slope[0] = away;
    return (away * away) / 2;
  });
  const start = new Float64Array(size + 1);
  let minimum: Minimum;
  if (l1 === null && size <= NORMAL_COLUMNS) {
    const gradient = new Float64Array(size + 1);
    const before = yield* objective(start, gradient);
    const products = yield* productsOf(design, weights, scaled);
    const step = solve(
      size,
      (i, j) => products[i * size + j]! + (i === j ? scaled.l2[i]! : 0),
      Array.from(gradient.subarray(0, size)),
    );
    const x = Float64Array.from(start, (_, i) => (i < size && scaled.inverse[i]! > 0 ? -step[i]! : 0));
    const value = yield* objective(x, gradient);
    minimum = { x, value, iterations: 1, converged: true, history: [before, value] };
  } else minimum = yield* minimise(objective, start, { maxIter: rules.maxIter, tol: rules.tol, l1 });
  const fit = finish(minimum, size, 1, scaled);
  // Of the label about its mean, or about 0 without an intercept.
  let total = 0;
  for (let i = 0; i < rows; i++) total += (weights ? weights[i]! : 1) * ((y[i]! - middle) / spread) ** 2;
  const r2 = total > 0 ? 1 - (2 * fit.loss * label.weight) / total : 0;
  return {
    ...fit,
    coefficients: fit.coefficients.map((own) => own.map((b) => b * spread)),
    standardised: fit.standardised.map((own) => own.map((b) => b * spread)),
    intercepts: [rules.fitIntercept ? fit.intercepts[0]! * spread + middle : 0],
    r2,
  };
}

/** Mean of x·xᵀ over rows, of scaled and centred columns. */
function* productsOf(
  design: Design,
  weights: Float64Array | null,
  { inverse, shift, moments }: Scaled,
): Kernel<Float64Array> {
  const { rows, size } = design;
  const sums = new Float64Array(size * size);
  const block = 2048;
  const columns = Array.from({ length: size }, () => new Float64Array(block));
  const weighted = new Float64Array(block);
  const unit = new Float64Array(size);
  for (let from = 0, blocks = 1; from < rows; from += block, blocks++) {
    const to = Math.min(rows, from + block);
    for (let j = 0; j < size; j++) {
      columns[j]!.fill(-shift[j]!);
      unit[j] = inverse[j]!;
      design.multiply(from, to, unit, columns[j]!);
      unit[j] = 0;
    }
    for (let a = 0; a < size; a++) {
      const left = columns[a]!;
      for (let i = 0; i < to - from; i++) weighted[i] = left[i]! * (weights ? weights[from + i]! : 1);
      for (let b = a; b < size; b++) sums[a * size + b]! += dot(weighted, columns[b]!, to - from);
    }
    if (size > 32 || blocks % 16 === 0) yield null;
  }
  for (let i = 0; i < sums.length; i++) sums[i]! /= moments.weight;
  return sums;
}
