/**
 * Generalized linear models by iteratively reweighted least squares, as Spark ML fits them: each step solves
 * `Σw(z − b·x)² / 2Σw + regParam/2 · Σb²`, where w are the weights of that step. So regParam counts in the units of a step's mean
 * weight, and of columns as they are. For gaussian and identity that is one step, whose penalty is of columns divided by their
 * standard deviation (of all rows, not of a sample) and weighs regParam divided by that of the label.
 */
import { type Design, momentsOf } from "./design";
import { BLOCK, type Kernel } from "./kernel";
import type { LinearFit, SolveSymmetric } from "./scaled-forms";

export interface GlmRules {
  family: Family;
  link: Link;
  fitIntercept: boolean;
  regParam: number;
  maxIter: number;
  tol: number;
}

export type Family = "gaussian" | "binomial" | "poisson" | "gamma";
export type Link = "identity" | "log" | "inverse" | "logit" | "cloglog" | "sqrt";

export const DEFAULT_LINK: Record<Family, Link> = {
  gaussian: "identity",
  binomial: "logit",
  poisson: "log",
  gamma: "inverse",
};

const EPSILON = 1e-16;

interface Shape {
  variance(mean: number): number;
  /** Where the mean may be. */
  project(mean: number): number;
  /** A mean to begin with. */
  begin(y: number, weight: number): number;
  /** Twice the log-likelihood that is lost, of a row of weight 1. */
  deviance(y: number, mean: number): number;
}

const yLog = (y: number, mean: number) => (y === 0 ? 0 : y * Math.log(y / mean));
const atLeast = (mean: number) => Math.min(Math.max(mean, EPSILON), Number.MAX_VALUE);

const FAMILIES: Record<Family, Shape> = {
  gaussian: {
    variance: () => 1,
    project: (mean) => Math.min(Math.max(mean, -Number.MAX_VALUE), Number.MAX_VALUE),
    begin: (y) => y,
    deviance: (y, mean) => (y - mean) ** 2,
  },
  binomial: {
    variance: (mean) => mean * (1 - mean),
    project: (mean) => Math.min(Math.max(mean, EPSILON), 1 - EPSILON),
    begin: (y, weight) => (weight * y + 0.5) / (weight + 1),
    deviance: (y, mean) => 2 * (yLog(y, mean) + yLog(1 - y, 1 - mean)),
  },
  poisson: {
    variance: (mean) => mean,
    project: atLeast,
    begin: (y) => Math.max(y, 0.1),
    deviance: (y, mean) => 2 * (yLog(y, mean) - (y - mean)),
  },
  gamma: {
    variance: (mean) => mean * mean,
    project: atLeast,
    begin: (y) => y,
    deviance: (y, mean) => -2 * (Math.log(y / mean) - (y - mean) / mean),
  },
};

const LINKS: Record<Link, { link(mean: number): number; slope(mean: number): number; mean(form: number): number }> = {
  identity: { link: (mean) => mean, slope: () => 1, mean: (form) => form },
  log: { link: Math.log, slope: (mean) => 1 / mean, mean: Math.exp },
  inverse: { link: (mean) => 1 / mean, slope: (mean) => -1 / (mean * mean), mean: (form) => 1 / form },
  logit: {
    link: (mean) => Math.log(mean / (1 - mean)),
    slope: (mean) => 1 / (mean * (1 - mean)),
    mean: (form) => 1 / (1 + Math.exp(-form)),
  },
  cloglog: {
    link: (mean) => Math.log(-Math.log1p(-mean)),
    slope: (mean) => 1 / ((mean - 1) * Math.log1p(-mean)),
    mean: (form) => -Math.expm1(-Math.exp(form)),
  },
  sqrt: { link: Math.sqrt, slope: (mean) => 1 / (2 * Math.sqrt(mean)), mean: (form) => form * form },
};

export interface GlmFit extends LinearFit {
  deviance: number;
  /** Of the model that predicts the mean of all rows, or without an intercept, a form of 0. */
  nullDeviance: number;
}

/** @param y finite, and where the family has means */
export function* fitGeneralizedLinear(
  design: Design,
  y: Float64Array,
  weights: Float64Array | null,
  rules: GlmRules,
  solve: SolveSymmetric,
): Kernel<GlmFit> {
  const { rows } = design;
  const { maxIter, tol, fitIntercept } = rules;
  const family = FAMILIES[rules.family];
  const link = LINKS[rules.link];
  const prior = weights ?? new Float64Array(rows).fill(1);
  const begun = y.map((value, i) => link.link(family.project(family.begin(value, prior[i]!))));
  const isLeastSquares = rules.family === "gaussian" && rules.link === "identity";
  let model = yield* leastSquares(design, begun, prior, { fitIntercept, regParam: rules.regParam, isStandardised: true }, solve); // prettier-ignore
  let iterations = isLeastSquares ? 1 : 0;
  let converged = isLeastSquares;
  const working = new Float64Array(rows);
  const own = new Float64Array(rows);
  const form = new Float64Array(rows);
  while (!converged && iterations < maxIter) {
    formsOf(design, model, form);
    for (let i = 0; i < rows; i++) {
      const mean = family.project(link.mean(form[i]!));
      const slope = link.slope(mean);
      working[i] = form[i]! + (y[i]! - mean) * slope;
      own[i] = prior[i]! / (slope * slope * family.variance(mean));
    }
    const next = yield* leastSquares(design, working, own, { fitIntercept, regParam: rules.regParam, isStandardised: false }, solve); // prettier-ignore
    const moved = Math.max(
      Math.abs(next.intercept - model.intercept),
      ...next.coefficients.map((b, j) => Math.abs(b - model.coefficients[j]!)),
    );
    model = next;
    iterations += 1;
    yield `step ${iterations}, coefficients moved by ${moved.toPrecision(3)}`;
    if (!Number.isFinite(moved)) break;
    converged = moved < tol;
  }
  formsOf(design, model, form);
  let deviance = 0;
  let total = 0;
  let weighted = 0;
  for (let i = 0; i < rows; i++) {
    deviance += prior[i]! * family.deviance(y[i]!, family.project(link.mean(form[i]!)));
    weighted += prior[i]! * y[i]!;
    total += prior[i]!;
  }
  const mean = family.project(fitIntercept ? weighted / total : link.mean(0));
  const nullDeviance = y.reduce((sum, value, i) => sum + prior[i]! * family.deviance(value, mean), 0);
  const { std } = momentsOf(design, weights, BLOCK);
  return {
    coefficients: [model.coefficients],
    intercepts: [model.intercept],
    standardised: [model.coefficients.map((b, j) => b * std[j]!)],
    loss: deviance / total,
    iterations,
    converged,
    history: [],
    deviance,
    nullDeviance,
  };
}

interface Model {
  coefficients: number[];
  intercept: number;
}

function formsOf(design: Design, { coefficients, intercept }: Model, out: Float64Array): void {
  out.fill(intercept);
  design.multiply(0, design.rows, Float64Array.from(coefficients), out);
}

interface LeastSquaresRules {
  fitIntercept: boolean;
  regParam: number;
  /** Whether the penalty is of columns and label divided by their standard deviations. */
  isStandardised: boolean;
}

/** Weighted least squares about the weighted means, in columns divided by their spread so that their scales do not matter. */
function* leastSquares(
  design: Design,
  z: Float64Array,
  weights: Float64Array,
  { fitIntercept, regParam, isStandardised }: LeastSquaresRules,
  solve: SolveSymmetric,
): Kernel<Model> {
  const { rows, size } = design;
  let total = 0;
  let zMean = 0;
  for (let i = 0; i < rows; i++) {
    total += weights[i]!;
    zMean += weights[i]! * z[i]!;
  }
  zMean /= total;
  let zSpread = 0;
  for (let i = 0; i < rows; i++) zSpread += weights[i]! * (z[i]! - zMean) ** 2;
  zSpread = Math.sqrt(zSpread / total);
  const mean = new Float64Array(size);
  design.transpose(0, rows, weights, mean);
  const spread = new Float64Array(size);
  for (let j = 0; j < size; j++) mean[j]! /= total;
  design.squares(0, rows, weights, mean, spread);
  const inverse = spread.map((sum, j) => {
    const found = Math.sqrt(Math.max(0, sum) / total);
    return found <= 1e-12 * Math.abs(mean[j]!) ? 0 : 1 / found;
  });
  const centre = mean.map((m) => (fitIntercept ? m : 0));
  const middle = fitIntercept ? zMean : 0;
  const sums = new Float64Array(size * size);
  const right = new Float64Array(size);
  const block = 2048;
  const columns = Array.from({ length: size }, () => new Float64Array(block));
  const weighted = new Float64Array(block);
  const unit = new Float64Array(size);
  for (let from = 0, blocks = 1; from < rows; from += block, blocks++) {
    const to = Math.min(rows, from + block);
    const n = to - from;
    for (let j = 0; j < size; j++) {
      columns[j]!.fill(-centre[j]! * inverse[j]!);
      unit[j] = inverse[j]!;
      design.multiply(from, to, unit, columns[j]!);
      unit[j] = 0;
    }
    for (let a = 0; a < size; a++) {
      const left = columns[a]!;
      let product = 0;
      for (let i = 0; i < n; i++) {
        weighted[i] = left[i]! * weights[from + i]!;
        product += weighted[i]! * (z[from + i]! - middle);
      }
      right[a]! += product;
      for (let b = a; b < size; b++) {
        const other = columns[b]!;
        let sum = 0;
        for (let i = 0; i < n; i++) sum += weighted[i]! * other[i]!;
        sums[a * size + b]! += sum;
      }
    }
    if (size > 32 || blocks % 8 === 0) yield null;
  }
  const penalty = inverse.map((s) => (isStandardised ? (zSpread > 0 ? regParam / zSpread : 0) : regParam * s * s));
  const solution = solve(
    size,
    (i, j) => sums[i * size + j]! / total + (i === j ? penalty[i]! : 0),
    Array.from(right, (sum) => sum / total),
  );
  const coefficients = solution.map((b, j) => (inverse[j] === 0 ? 0 : b * inverse[j]!));
  const intercept = fitIntercept ? zMean - coefficients.reduce((sum, b, j) => sum + b * mean[j]!, 0) : 0;
  return { coefficients, intercept };
}
