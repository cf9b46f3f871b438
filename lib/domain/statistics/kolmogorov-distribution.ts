import { Matrix } from "ml-matrix";
import { logGamma } from "./special-functions";

/** P(K ≥ x) of Kolmogorov's limit distribution: 2 Σ (−1)^(k−1) exp(−2 k² x²), or its theta transform, which converges for small x. */
export function kolmogorovLimitTail(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) {
    const exponent = -(Math.PI ** 2) / (8 * x * x);
    const sum = [1, 3, 5, 7].reduce((total, odd) => total + Math.exp(odd * odd * exponent), 0);
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1, sign = 1; k <= 8; k += 1, sign = -sign) sum += sign * Math.exp(-2 * k * k * x * x);
  return Math.min(1, 2 * sum);
}

/** The matrix power takes too long above. */
const MOST_BY_MATRIX = 500;

/**
 * P(D ≥ d) of the two-sided one-sample statistic over n values (SciPy's `kstwo`). In the tail, n d² ≥ 2.5, it is twice the
 * one-sided probability (Miller 1956; relative error e^(−6 n d²), at most 4e-7). Elsewhere it is Marsaglia, Tsang and Wang's
 * matrix power (2003) up to five hundred values, and above them the limit with Vrbik's correction (2018), three digits.
 */
export function kolmogorovTail(d: number, n: number): number {
  if (d <= 0 || n * d <= 0.5) return 1;
  if (d >= 1) return 0;
  if (n * d * d >= 2.5) return Math.min(1, 2 * smirnovTail(d, n));
  if (n <= MOST_BY_MATRIX) return 1 - matrixPower(d, n);
  const root = Math.sqrt(n);
  const x = d * root;
  return kolmogorovLimitTail(x + 1 / (6 * root) + (x - 1) / (4 * n));
}

/** P(D⁺ ≥ d) = d Σ C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j) (Birnbaum and Tingey 1951); every term is positive, no digit cancels. */
function smirnovTail(d: number, n: number): number {
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - d)); j += 1) {
    const rest = 1 - d - j / n;
    if (rest <= 0) continue;
    const choose = logGamma(n + 1) - logGamma(j + 1) - logGamma(n - j + 1);
    sum += Math.exp(choose + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(rest));
  }
  return d * sum;
}

/** P(D < d) by Marsaglia, Tsang and Wang, "Evaluating Kolmogorov's Distribution", J. Stat. Soft. 8 (18), 2003. */
function matrixPower(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const matrix = Matrix.zeros(size, size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= Math.min(i + 1, size - 1); j += 1) matrix.set(i, j, 1);
  }
  for (let i = 0; i < size; i += 1) {
    matrix.set(i, 0, matrix.get(i, 0) - h ** (i + 1));
    matrix.set(size - 1, i, matrix.get(size - 1, i) - h ** (size - i));
  }
  if (2 * h > 1) matrix.set(size - 1, 0, matrix.get(size - 1, 0) + (2 * h - 1) ** size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= Math.min(i, size - 1); j += 1) {
      matrix.set(i, j, matrix.get(i, j) / Math.exp(logGamma(i - j + 2)));
    }
  }
  const { entry, logScale } = centreOfPower(matrix, n, k - 1);
  return Math.min(1, Math.max(0, entry * Math.exp(logScale + logGamma(n + 1) - n * Math.log(n))));
}

/** The middle entry of matrix^exponent as entry × e^logScale: the power by itself would overflow. */
function centreOfPower(matrix: Matrix, exponent: number, middle: number): { entry: number; logScale: number } {
  let base = matrix;
  let baseLog = 0;
  let result = Matrix.eye(matrix.rows);
  let resultLog = 0;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) {
      result = result.mmul(base);
      resultLog += baseLog;
      const scale = result.get(middle, middle);
      result.div(scale);
      resultLog += Math.log(scale);
    }
    base = base.mmul(base);
    baseLog *= 2;
    const scale = base.get(middle, middle);
    base.div(scale);
    baseLog += Math.log(scale);
  }
  return { entry: result.get(middle, middle), logScale: resultLog };
}
