/** Expected shares: of values, or of the bins between edges. */
export type Partition =
  { values: (string | number | boolean)[]; weights: number[] } | { bins: number[]; weights: number[] };

export interface Holdouts {
  /** Share kept for what lies outside the partition. */
  tail: number;
  /** Share kept for bins whose expected weight is 0. */
  internal: number;
}

/**
 * Observed and expected shares of the same cells, as Great Expectations pairs them for a list of values: what was observed
 * and not expected shares the tail's weight, and what was expected and not observed counts 0.
 * @param counts value as text → how many rows have it
 */
export function categoricalWeights(
  { values, weights }: Extract<Partition, { values: unknown }>,
  counts: ReadonlyMap<string, number>,
  { tail }: Holdouts,
) {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const expected = new Map(values.map((value, at) => [String(value), weights[at] as number]));
  const strangers = [...counts.keys()].filter((value) => !expected.has(value));
  const scale = strangers.length > 0 ? 1 - tail : 1;
  const cells = [...expected.keys(), ...strangers];
  return {
    observed_weights: cells.map((value) => (total === 0 ? 0 : (counts.get(value) ?? 0) / total)),
    expected_weights: cells.map((value) =>
      expected.has(value) ? (expected.get(value) as number) * scale : tail / strangers.length,
    ),
  };
}

/**
 * The same for bins: half of the tail's weight on either side of the edges, and the internal weight on bins that were
 * expected to be empty.
 * @param counts rows below the first edge, in each bin (the last includes its right edge), above the last edge
 */
export function binnedWeights(
  { weights }: Extract<Partition, { bins: unknown }>,
  counts: readonly number[],
  { tail, internal }: Holdouts,
) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const empty = weights.filter((weight) => weight === 0).length;
  const inside = weights.map((weight) =>
    weight === 0 && internal > 0 ? internal / empty : weight * (1 - tail - internal),
  );
  return {
    observed_weights: counts.map((count) => (total === 0 ? 0 : count / total)),
    expected_weights: [tail / 2, ...inside, tail / 2],
  };
}

/** Σ p ln(p / q) in nats, q scaled to add up to 1. Infinite where something was observed that was not expected at all. */
export function klDivergence(observed: readonly number[], expected: readonly number[]): number {
  const sum = expected.reduce((total, weight) => total + weight, 0);
  return observed.reduce((divergence, p, at) => {
    const q = (expected[at] as number) / sum;
    return p === 0 ? divergence : q === 0 ? Infinity : divergence + p * Math.log(p / q);
  }, 0);
}
