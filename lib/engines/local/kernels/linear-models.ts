/**
 * Linear models as Spark ML defines them: a mean loss of linear forms plus
 * `regParam · (elasticNetParam · Σ|b| + (1 − elasticNetParam)/2 · Σb²)`, where b are coefficients of columns divided by their
 * standard deviation or, without `standardization`, of the columns as they are. Constant columns get 0. The columns are neither
 * centred nor divided: coefficients are scaled instead, and centred columns are a shift of the intercept, so that sparse rows stay so.
 */
import { BLOCK, type Kernel } from "./kernel";
import { type Design, type Moments, momentsOf } from "./design";
import { type Minimum, minimise } from "./minimise";

export interface LinearRules {
  fitIntercept: boolean;
  standardization: boolean;
  regParam: number;
  /** Share of L1 in the penalty. */
  elasticNetParam: number;
  maxIter: number;
  tol: number;
}

export interface LinearFit {
  /** By class (one for a yes or a number), then by column, in the units of the columns. */
  coefficients: number[][];
  intercepts: number[];
  /** The same for columns divided by their standard deviation. */
  standardised: number[][];
  /** Mean loss without the penalty. */
  loss: number;
  iterations: number;
  converged: boolean;
  history: number[];
}

/** Newton steps where a Hessian is cheap. */
const NEWTON_COLUMNS = 64;
const NEWTON_HALVINGS = 12;
/** Mean loss below which every row is predicted right and the coefficients only run away. */
export const SEPARATED = 1e-6;

interface Scaled {
  moments: Moments;
  /** 1 / std; 0 for a constant column. */
  inverse: Float64Array;
  /** What a centred column is less, in standard deviations; 0 without an intercept. */
  shift: Float64Array;
  l1: Float64Array;
  l2: Float64Array;
}

function scale(design: Design, weights: Float64Array | null, rules: LinearRules, strength: number): Scaled {
  const moments = momentsOf(design, weights, BLOCK);
  const inverse = moments.std.map((s) => (s > 0 ? 1 / s : 0));
  const shift = inverse.map((s, j) => (rules.fitIntercept ? s * moments.mean[j]! : 0));
  const l1 = inverse.map((s) => strength * rules.elasticNetParam * (rules.standardization ? 1 : s));
  const l2 = inverse.map((s) => strength * (1 - rules.elasticNetParam) * (rules.standardization ? 1 : s * s));
  return { moments, inverse, shift, l1, l2 };
}

/** Back to the units of the columns. `x` has the coefficients of each class and then its intercept. */
function unscale(
  x: Float64Array,
  size: number,
  classes: number,
  { inverse, shift }: Scaled,
): Pick<LinearFit, "coefficients" | "intercepts" | "standardised"> {
  const coefficients: number[][] = [];
  const standardised: number[][] = [];
  const intercepts: number[] = [];
  for (let k = 0; k < classes; k++) {
    const own = Array.from(x.subarray(k * (size + 1), k * (size + 1) + size), (b, j) => (inverse[j]! === 0 ? 0 : b));
    standardised.push(own);
    coefficients.push(own.map((b, j) => b * inverse[j]!));
    intercepts.push(x[k * (size + 1) + size]! - own.reduce((sum, b, j) => sum + b * shift[j]!, 0));
  }
  return { coefficients, intercepts, standardised };
}

/**
 * Mean of the loss over rows, with the L2 penalty. `loss` answers a row's loss and leaves its derivatives by the linear forms in
 * `slopes`, one for each class.
 */
function objectiveOf(
  design: Design,
  weights: Float64Array | null,
  scaled: Scaled,
  rules: Pick<LinearRules, "fitIntercept">,
  classes: number,
  loss: (row: number, forms: Float64Array, slopes: Float64Array) => number,
) {
  const { rows, size } = design;
  const { moments, inverse, shift, l2 } = scaled;
  const block = Math.max(256, Math.ceil(BLOCK / classes));
  const forms = Array.from({ length: classes }, () => new Float64Array(block));
  const slopes = Array.from({ length: classes }, () => new Float64Array(block));
  const form = new Float64Array(classes);
  const slope = new Float64Array(classes);
  const stride = size + 1;
  return function* (x: Float64Array, gradient: Float64Array): Kernel<number> {
    gradient.fill(0);
    const offsets = new Float64Array(classes);
    const totals = new Float64Array(classes);
    const scaledCoefficients = Array.from({ length: classes }, (_, k) => {
      let offset = x[k * stride + size]!;
      for (let j = 0; j < size; j++) offset -= x[k * stride + j]! * shift[j]!;
      offsets[k] = offset;
      return Float64Array.from(inverse, (s, j) => s * x[k * stride + j]!);
    });
    let value = 0;
    for (let from = 0, blocks = 1; from < rows; from += block, blocks++) {
      const to = Math.min(rows, from + block);
      for (let k = 0; k < classes; k++) {
        forms[k]!.fill(offsets[k]!);
        design.multiply(from, to, scaledCoefficients[k]!, forms[k]!);
      }
      for (let i = from; i < to; i++) {
        for (let k = 0; k < classes; k++) form[k] = forms[k]![i - from]!;
        const weight = weights ? weights[i]! : 1;
        value += weight * loss(i, form, slope);
        for (let k = 0; k < classes; k++) slopes[k]![i - from] = weight * slope[k]!;
      }
      for (let k = 0; k < classes; k++) {
        design.transpose(from, to, slopes[k]!, gradient.subarray(k * stride, k * stride + size));
        for (let i = 0; i < to - from; i++) totals[k]! += slopes[k]![i]!;
      }
      if (blocks % 8 === 0) yield null;
    }
    value /= moments.weight;
    for (let k = 0; k < classes; k++) {
      for (let j = 0; j < size; j++) {
        const at = k * stride + j;
        const b = x[at]!;
        gradient[at] =
          inverse[j]! === 0 ? 0 : (gradient[at]! * inverse[j]! - shift[j]! * totals[k]!) / moments.weight + l2[j]! * b;
        value += (l2[j]! / 2) * b * b;
      }
      gradient[k * stride + size] = rules.fitIntercept ? totals[k]! / moments.weight : 0;
    }
    return value;
  };
}

/** Of a row in a yes or no: z is its linear form, y its label. */
function logLoss(z: number, y: number): number {
  return Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));
}

function penaltyOf(x: Float64Array, size: number, classes: number, { l1, l2 }: Scaled): number {
  let sum = 0;
  for (let k = 0; k < classes; k++)
    for (let j = 0; j < size; j++) {
      const b = x[k * (size + 1) + j]!;
      sum += l1[j]! * Math.abs(b) + (l2[j]! / 2) * b * b;
    }
  return sum;
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
      ? yield* newton(design, weights, scaled, rules, objective, start, solve)
      : yield* minimise(objective, start, {
          maxIter: rules.maxIter,
          tol: rules.tol,
          l1,
          stop: (value) => value < SEPARATED,
        });
  return finish(minimum, size, 1, scaled);
}

function finish(minimum: Minimum, size: number, classes: number, scaled: Scaled): LinearFit {
  const { x, value, iterations, converged, history } = minimum;
  return {
    ...unscale(x, size, classes, scaled),
    loss: value - penaltyOf(x, size, classes, scaled),
    iterations,
    converged,
    history,
  };
}

export type SolveSymmetric = (size: number, upper: (row: number, column: number) => number, b: number[]) => number[];

/** Newton's method on the logistic loss: a step that makes it worse is halved. Columns that depend on each other share the weight. */
function* newton(
  design: Design,
  weights: Float64Array | null,
  scaled: Scaled,
  rules: LinearRules,
  objective: (x: Float64Array, gradient: Float64Array) => Kernel<number>,
  start: Float64Array,
  solve: SolveSymmetric,
): Kernel<Minimum> {
  const { size } = design;
  const width = size + (rules.fitIntercept ? 1 : 0);
  let x = start;
  let gradient = new Float64Array(size + 1);
  let value = yield* objective(x, gradient);
  const history = [value];
  for (let iterations = 0; ; iterations++) {
    if (value < SEPARATED || iterations === rules.maxIter) return { x, value, iterations, converged: false, history };
    const hessian = yield* hessianOf(design, weights, scaled, x);
    const step = solve(
      width,
      (i, j) => hessian[i * (size + 1) + j]! + (i === j && i < size ? scaled.l2[i]! : 0),
      Array.from(gradient.subarray(0, width)),
    );
    let length = 1;
    let moved: Float64Array;
    let found: number;
    const next = new Float64Array(size + 1);
    for (let halving = 0; ; halving++) {
      moved = x.map((b, i) => (i < width && (i === size || scaled.inverse[i]! > 0) ? b - length * step[i]! : b));
      found = yield* objective(moved, next);
      if (found <= value + 1e-12 || halving === NEWTON_HALVINGS) break;
      length /= 2;
    }
    let change = 0;
    for (let i = 0; i < width; i++) change = Math.max(change, Math.abs(moved[i]! - x[i]!));
    x = moved;
    gradient = next;
    value = found;
    history.push(value);
    yield `step ${iterations + 1}, log loss ${value.toPrecision(6)}`;
    if (change < rules.tol) return { x, value, iterations: iterations + 1, converged: true, history };
  }
}

/** Sum of the first `n` products; four sums at a time, because one would wait for itself. */
function dot(left: Float64Array, right: Float64Array, n: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < n; i += 4) {
    a += left[i]! * right[i]!;
    b += left[i + 1]! * right[i + 1]!;
    c += left[i + 2]! * right[i + 2]!;
    d += left[i + 3]! * right[i + 3]!;
  }
  for (; i < n; i++) a += left[i]! * right[i]!;
  return a + b + (c + d);
}

/** Mean of p(1 − p)·x·xᵀ over rows, of scaled and centred columns and a constant at the end. */
function* hessianOf(
  design: Design,
  weights: Float64Array | null,
  scaled: Scaled,
  x: Float64Array,
): Kernel<Float64Array> {
  const { rows, size } = design;
  const { inverse, shift, moments } = scaled;
  const width = size + 1;
  const sums = new Float64Array(width * width);
  const block = 2048;
  const form = new Float64Array(block);
  const weighted = new Float64Array(block);
  const columns = Array.from({ length: width }, () => new Float64Array(block));
  const units = Array.from({ length: size }, (_, j) =>
    Float64Array.from({ length: size }, (__, i) => (i === j ? inverse[j]! : 0)),
  );
  let offset = x[size]!;
  for (let j = 0; j < size; j++) offset -= x[j]! * shift[j]!;
  const coefficients = inverse.map((s, j) => s * x[j]!);
  for (let from = 0, blocks = 1; from < rows; from += block, blocks++) {
    const to = Math.min(rows, from + block);
    const n = to - from;
    form.fill(offset);
    design.multiply(from, to, coefficients, form);
    for (let j = 0; j < size; j++) {
      columns[j]!.fill(-shift[j]!);
      design.multiply(from, to, units[j]!, columns[j]!);
    }
    columns[size]!.fill(1);
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-form[i]!));
      form[i] = p * (1 - p) * (weights ? weights[from + i]! : 1);
    }
    for (let a = 0; a < width; a++) {
      const left = columns[a]!;
      for (let i = 0; i < n; i++) weighted[i] = form[i]! * left[i]!;
      for (let b = a; b < width; b++) sums[a * width + b]! += dot(weighted, columns[b]!, n);
    }
    if (blocks % 16 === 0) yield null;
  }
  for (let i = 0; i < sums.length; i++) sums[i]! /= moments.weight;
  return sums;
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
