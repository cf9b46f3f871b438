export interface Interval {
  low: number;
  high: number;
}

/** Wilson's score interval (1927) of a share p of n rows: (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). */
export function wilson(p: number, n: number, z: number): Interval {
  const square = z * z;
  const centre = p + square / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + square / (4 * n * n));
  const scale = 1 + square / n;
  // Rounding must not leave the share itself outside, at 0 and at 1.
  return {
    low: Math.max(0, Math.min(p, (centre - half) / scale)),
    high: Math.min(1, Math.max(p, (centre + half) / scale)),
  };
}
