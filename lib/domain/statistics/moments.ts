export interface Moments {
  count: number;
  min: number;
  max: number;
  sum: number;
  mean: number;
  populationStd: number;
  /** Null for one value, whose spread a sample cannot tell. */
  sampleStd: number | null;
  /** m₃ / m₂^1.5 (g₁); null for a constant. */
  populationSkew: number | null;
  /** Fisher–Pearson's G₁ = g₁ √(n (n − 1)) / (n − 2); null for a constant and below three values. */
  sampleSkew: number | null;
}

/** Beyond this, squares overflow: values are divided by a power of two first, which changes no digit. */
const LARGE = 2 ** 300;
const SMALL = 2 ** -300;

/**
 * Two passes over finite values, both over distances from the least one and with compensated sums (Neumaier 1974), so that
 * neither a large offset nor many values lose digits. Null for none.
 */
export function momentsOf(values: readonly number[] | Float64Array): Moments | null {
  const count = values.length;
  if (count === 0) return null;
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const magnitude = Math.max(Math.abs(min), Math.abs(max));
  const isOrdinary = magnitude === 0 || (magnitude < LARGE && magnitude > SMALL);
  const scale = isOrdinary ? 1 : 2 ** Math.min(1023, Math.floor(Math.log2(magnitude)));
  const least = min / scale;
  const sum = compensatedSum(values, (value) => value / scale);
  const centre = compensatedSum(values, (value) => value / scale - least) / count;
  let [rest, second, third] = [0, 0, 0];
  for (const value of values) {
    const deviation = value / scale - least - centre;
    rest += deviation;
    second += deviation ** 2;
    third += deviation ** 3;
  }
  second = Math.max(0, second - rest ** 2 / count);
  const std = Math.sqrt(second / count);
  const skew = std > 0 ? third / count / std ** 3 : null;
  return {
    count,
    min: min + 0,
    max: max + 0,
    sum: sum * scale,
    mean: (min === max ? least : sum / count) * scale,
    populationStd: std * scale,
    sampleStd: count > 1 ? Math.sqrt(second / (count - 1)) * scale : null,
    populationSkew: skew,
    sampleSkew: skew !== null && count > 2 ? (skew * Math.sqrt(count * (count - 1))) / (count - 2) : null,
  };
}

function compensatedSum(values: readonly number[] | Float64Array, of: (value: number) => number): number {
  let [sum, lost] = [0, 0];
  for (const value of values) {
    const term = of(value);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** Moments of a set of rows that can be put together with those of others. */
export interface CentralMoments {
  /** Rows. */
  n: number;
  mean: number;
  /** What is missing of the mean, which a double cannot hold to the last digit beside a large offset. */
  rest: number;
  /** Σ (x − mean)² and Σ (x − mean)³. */
  m2: number;
  m3: number;
}

/** The moments of several disjoint sets as one (Pébay 2008), without a loss of digits by a common offset. Null without rows. */
export function combineMoments(parts: readonly CentralMoments[]): CentralMoments | null {
  const filled = parts.filter(({ n }) => n > 0);
  const [first] = filled;
  if (!first) return null;
  const n = filled.reduce((sum, part) => sum + part.n, 0);
  const away = (part: CentralMoments) => part.mean - first.mean + part.rest;
  const centre = filled.reduce((sum, part) => sum + part.n * away(part), 0) / n;
  let [m2, m3] = [0, 0];
  for (const part of filled) {
    const apart = away(part) - centre;
    m2 += part.m2 + part.n * apart ** 2;
    m3 += part.m3 + 3 * apart * part.m2 + part.n * apart ** 3;
  }
  return { n, mean: first.mean, rest: centre, m2, m3 };
}
