/** Counts between ascending edges; bucket i is `[edges[i], edges[i + 1])` and the last one includes its upper edge. */
export interface ValueHistogram {
  edges: number[];
  counts: number[];
}

/** Equal-width edges of [min, max]; a constant c gets [c − 0.5, c + 0.5], as NumPy's histogram does. */
export function equalWidthEdges(min: number, max: number, buckets: number): number[] {
  const [low, high] = min === max ? [min - 0.5, max + 0.5] : [min, max];
  // The width of all doubles is no double.
  const scale = Number.isFinite(high - low) ? 1 : 2;
  const step = (high / scale - low / scale) / buckets;
  const edge = (index: number) => (low / scale + index * step) * scale;
  return Array.from({ length: buckets + 1 }, (_, index) => (index === buckets ? high : edge(index)));
}

/**
 * Counts of values between edges (two or more). Infinities, and whatever else lies outside, belong to the bucket beside them
 * when `outside` is "nearest" and are left out when it is "none". NaN must not be among the values.
 */
export function countBetween(
  values: readonly number[],
  edges: readonly number[],
  outside: "nearest" | "none",
): ValueHistogram {
  const counts = new Array<number>(edges.length - 1).fill(0);
  const [first, last] = [edges[0] as number, edges.at(-1) as number];
  for (const value of values) {
    if (outside === "none" && (value < first || value > last)) continue;
    const index = Math.min(counts.length - 1, Math.max(0, edgesUpTo(value, edges) - 1));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return { edges: [...edges], counts };
}

/** Counts by edges that only divide: below the first, between them, from the last on; one more than there are edges. */
export function countDivided(values: readonly number[], inner: readonly number[]): number[] {
  const counts = new Array<number>(inner.length + 1).fill(0);
  for (const value of values) {
    const index = edgesUpTo(value, inner);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** How many edges are at or below the value. */
function edgesUpTo(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
