import { toShares } from "../statistics/empty-buckets";
import { klDivergence } from "../statistics/share-distances";
import type { Json } from "../definitions/rule";

/** Expected shares: of values, or of the bins between edges. */
export type Partition =
  { values: (string | number | boolean)[]; weights: number[] } | { bins: number[]; weights: number[] };

export interface Holdouts {
  /** Share kept for what lies outside the partition. */
  tail: number;
  /** Share kept for bins whose expected weight is 0. */
  internal: number;
}

/** Shares of the same cells, in the shape of Great Expectations' `details`; `tail_weights` are below and above the bins. */
export type ComparedShares = {
  observed_partition: Shares;
  expected_partition: Shares;
};

type Shares = { values: Json[]; weights: number[] } | { bins: number[]; weights: number[]; tail_weights: number[] };

/**
 * Observed and expected shares of the same cells, as Great Expectations pairs them for a list of values: what was observed
 * and not expected comes last and shares the tail's weight, and what was expected and not observed counts 0.
 * @param counts how many rows have each value
 */
export function categoricalShares(
  { values, weights }: Extract<Partition, { values: unknown }>,
  counts: readonly { value: Json; count: number }[],
  { tail }: Holdouts,
): ComparedShares {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const found = new Map(counts.map(({ value, count }) => [String(value), count]));
  const expected = new Set(values.map(String));
  const strangers = counts.map(({ value }) => value).filter((value) => !expected.has(String(value)));
  const scale = strangers.length > 0 ? 1 - tail : 1;
  const cells = [...values, ...strangers];
  return {
    observed_partition: {
      values: cells,
      weights: cells.map((value) => (total === 0 ? 0 : (found.get(String(value)) ?? 0) / total)),
    },
    expected_partition: {
      values: cells,
      weights: [...weights.map((weight) => weight * scale), ...strangers.map(() => tail / strangers.length)],
    },
  };
}

/**
 * The same for bins: half of the tail's weight on either side of the edges, and the internal weight on bins that were
 * expected to be empty.
 * @param counts rows below the first edge, in each bin (the last includes its right edge), above the last edge
 */
export function binnedShares(
  { bins, weights }: Extract<Partition, { bins: unknown }>,
  counts: readonly number[],
  { tail, internal }: Holdouts,
): ComparedShares {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.map((count) => (total === 0 ? 0 : count / total));
  const empty = weights.filter((weight) => weight === 0).length;
  return {
    observed_partition: {
      bins,
      weights: shares.slice(1, -1),
      tail_weights: [...shares.slice(0, 1), ...shares.slice(-1)],
    },
    expected_partition: {
      bins,
      weights: weights.map((weight) =>
        weight === 0 && internal > 0 ? internal / empty : weight * (1 - tail - internal),
      ),
      tail_weights: [tail / 2, tail / 2],
    },
  };
}

/**
 * Σ p ln(p / q) in nats, q scaled to add up to 1. Infinite where something was observed that was not expected at all, null where
 * nothing was observed.
 */
export function divergenceOf({ observed_partition, expected_partition }: ComparedShares): number | null {
  const observed = weightsOf(observed_partition);
  if (observed.every((weight) => weight === 0)) return null;
  return klDivergence(observed, toShares(weightsOf(expected_partition)));
}

function weightsOf(shares: Shares): number[] {
  return "values" in shares ? shares.weights : [...shares.weights, ...shares.tail_weights];
}
