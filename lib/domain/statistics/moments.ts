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

/** Two passes over finite values, the second over deviations from the mean, so large offsets lose no digits. Null for none. */
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
  let sum = 0;
  for (const value of values) sum += value / scale;
  const mean = min === max ? min / scale : sum / count;
  let [second, third] = [0, 0];
  for (const value of values) {
    const deviation = value / scale - mean;
    second += deviation ** 2;
    third += deviation ** 3;
  }
  const std = Math.sqrt(second / count);
  const skew = std > 0 ? third / count / std ** 3 : null;
  return {
    count,
    min: min + 0,
    max: max + 0,
    sum: sum * scale,
    mean: mean * scale,
    populationStd: std * scale,
    sampleStd: count > 1 ? Math.sqrt(second / (count - 1)) * scale : null,
    populationSkew: skew,
    sampleSkew: skew !== null && count > 2 ? (skew * Math.sqrt(count * (count - 1))) / (count - 2) : null,
  };
}
