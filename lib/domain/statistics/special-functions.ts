/**
 * The tails that the tests of this folder need. No dependency: what npm has is either without types and ES modules or a
 * package per function. Each is checked against published values.
 */

/** Lanczos' coefficients for g = 607/128 by Godfrey (2001), as in Numerical Recipes, 3rd edition, § 6.1; 15 digits. */
const LANCZOS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746,
  -0.4919138160976202, 3.399464998481189e-05, 4.652362892704858e-05, -9.837447530487956e-05,
  0.0001580887032249125, -0.00021026444172410488, 0.00021743961811521265, -0.0001643181065367639,
  8.441822398385275e-05, -2.6190838401581408e-05, 3.6899182659531625e-06,
]; // prettier-ignore

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const t = shifted + 607 / 128 + 0.5;
  const series = LANCZOS.reduce((sum, c, index) => (index === 0 ? c : sum + c / (shifted + index)), 0);
  return (shifted + 0.5) * Math.log(t) - t + 0.5 * Math.log(2 * Math.PI) + Math.log(series);
}

/**
 * Q(a, x), the upper regularised incomplete gamma function, for a > 0 and x ≥ 0: by P's series below a + 1 and by Lentz's
 * continued fraction above (Numerical Recipes, 3rd edition, § 6.2), so that small tails keep their digits.
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x);
}

const EPSILON = 1e-16;
const TINY = 1e-300;

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * EPSILON; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let product = d;
  for (let n = 1, delta = 0; Math.abs(delta - 1) > 2 * EPSILON && n < 1e6; n += 1) {
    const an = n * (a - n);
    b += 2;
    d = 1 / away(an * d + b);
    c = away(b + an / c);
    delta = d * c;
    product *= delta;
  }
  return product;
}

/** Lentz's method must not divide by zero. */
function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** P(X ≥ statistic) of the chi-square distribution; 1 without degrees of freedom, where there is nothing to be surprised at. */
export function chiSquareTail(statistic: number, df: number): number {
  return df <= 0 ? 1 : upperGamma(df / 2, statistic / 2);
}

/** P(|Z| ≥ |z|) of the standard normal distribution: erfc(|z| / √2) = Q(1/2, z² / 2). */
export function normalTwoSidedTail(z: number): number {
  return upperGamma(0.5, (z * z) / 2);
}
