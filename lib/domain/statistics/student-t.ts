import { logGamma, normalTwoSidedTail } from "./special-functions";

/** From here on the normal distribution is the same to nine digits. */
const NORMAL_FROM = 1e8;

/**
 * I_x(a, b), the regularised incomplete beta function, by Lentz's continued fraction on the side where it converges quickly
 * (Numerical Recipes, 3rd edition, § 6.4).
 */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const scale = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (scale * fraction(x, a, b)) / a : 1 - (scale * fraction(1 - x, b, a)) / b;
}

const EPSILON = 1e-16;
const TINY = 1e-300;

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1, delta = 0; Math.abs(delta - 1) > 2 * EPSILON && m < 1e5; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    product *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    delta = d * c;
    product *= delta;
  }
  return product;
}

/** Lentz's method must not divide by zero. */
function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** P(|T| ≥ |t|) of Student's t distribution: I_{ν/(ν+t²)}(ν/2, 1/2). Degrees of freedom need not be whole; Infinity is the normal. */
export function studentTwoSidedTail(t: number, df: number): number {
  if (df >= NORMAL_FROM) return normalTwoSidedTail(t);
  return regularisedBeta(df / (df + t * t), df / 2, 0.5);
}

/** The t with P(|T| ≥ t) = alpha, for 0 < alpha < 1: by bisection, since the tail is monotone. */
export function studentCritical(alpha: number, df: number): number {
  let low = 0;
  let high = 1;
  while (studentTwoSidedTail(high, df) > alpha && high < 1e12) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-13 * high; step += 1) {
    const middle = (low + high) / 2;
    if (studentTwoSidedTail(middle, df) > alpha) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The z with P(|Z| ≥ z) = alpha of the standard normal distribution. */
export function normalCritical(alpha: number): number {
  return studentCritical(alpha, Infinity);
}
