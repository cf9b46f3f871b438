/**
 * What linear models are fitted with: a mean loss of linear forms with Spark ML's penalty, and Newton's method on it. The columns are
 * neither centred nor divided: coefficients are scaled instead, and centred columns are a shift of the intercept, so that sparse rows
 * stay so.
 */
import { BLOCK, type Kernel } from "./kernel";
import { type Design, type Moments, momentsOf } from "./design";
import type { Minimum } from "./minimise";

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
export const NEWTON_COLUMNS = 64;
const NEWTON_HALVINGS = 12;
/** Mean loss below which every row is predicted right and the coefficients only run away. */
export const SEPARATED = 1e-6;

export interface Scaled {
  moments: Moments;
  /** 1 / std; 0 for a constant column. */
  inverse: Float64Array;
  /** What a centred column is less, in standard deviations; 0 without an intercept. */
  shift: Float64Array;
  l1: Float64Array;
  l2: Float64Array;
}

export function scale(design: Design, weights: Float64Array | null, rules: LinearRules, strength: number): Scaled {
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
export function objectiveOf(
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

function penaltyOf(x: Float64Array, size: number, classes: number, { l1, l2 }: Scaled): number {
  let sum = 0;
  for (let k = 0; k < classes; k++)
    for (let j = 0; j < size; j++) {
      const b = x[k * (size + 1) + j]!;
      sum += l1[j]! * Math.abs(b) + (l2[j]! / 2) * b * b;
    }
  return sum;
}

export function finish(minimum: Minimum, size: number, classes: number, scaled: Scaled): LinearFit {
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

/**
 * Newton's method on a loss of one linear form: a step that makes it worse is halved. Columns that depend on each other share the weight.
 * `curvature` answers the loss's second derivative by the form.
 */
export function* newton(
  design: Design,
  weights: Float64Array | null,
  scaled: Scaled,
  rules: LinearRules,
  objective: (x: Float64Array, gradient: Float64Array) => Kernel<number>,
  start: Float64Array,
  solve: SolveSymmetric,
  { curvature, name, below }: { curvature: (form: number, row: number) => number; name: string; below: number },
): Kernel<Minimum> {
  const { size } = design;
  const width = size + (rules.fitIntercept ? 1 : 0);
  let x = start;
  let gradient = new Float64Array(size + 1);
  let value = yield* objective(x, gradient);
  const history = [value];
  for (let iterations = 0; ; iterations++) {
    if (value < below || iterations === rules.maxIter) return { x, value, iterations, converged: false, history };
    const hessian = yield* hessianOf(design, weights, scaled, x, curvature);
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
    yield `step ${iterations + 1}, ${name} ${value.toPrecision(6)}`;
    if (change < rules.tol) return { x, value, iterations: iterations + 1, converged: true, history };
  }
}

/** Sum of the first `n` products; four sums at a time, because one would wait for itself. */
export function dot(left: Float64Array, right: Float64Array, n: number): number {
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

/** Mean of the curvature times x·xᵀ over rows, of scaled and centred columns and a constant at the end. */
function* hessianOf(
  design: Design,
  weights: Float64Array | null,
  scaled: Scaled,
  x: Float64Array,
  curvature: (form: number, row: number) => number,
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
      form[i] = curvature(form[i]!, from + i) * (weights ? weights[from + i]! : 1);
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
