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
 * Equal-width edges by Sturges' rule, log₂ n + 1 buckets, and by Doane's, which adds buckets for skew, as
 * `numpy.histogram_bin_edges` makes them of floats (the number of buckets is rounded up after dividing the range, as there).
 * `sorted` is ascending, finite and not empty.
 */
export function sturgesEdges(sorted: ArrayLike<number>): number[] {
  return edgesFor(sorted, Math.log2(sorted.length) + 1);
}

export function doaneEdges(sorted: ArrayLike<number>, populationSkew: number | null): number[] {
  const n = sorted.length;
  if (n <= 2 || populationSkew === null) return edgesFor(sorted, 1);
  const skewError = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  return edgesFor(sorted, 1 + Math.log2(n) + Math.log2(1 + Math.abs(populationSkew) / skewError));
}

function edgesFor(sorted: ArrayLike<number>, wanted: number): number[] {
  const [min, max] = [sorted[0] as number, sorted[sorted.length - 1] as number];
  const half = max / 2 - min / 2;
  const buckets = half === 0 ? 1 : Math.ceil(half / (half / wanted));
  return equalWidthEdges(min, max, buckets);
}

/** Without edges that are equal, as they are where a range holds fewer doubles than buckets. */
export function distinctEdges(edges: readonly number[]): number[] {
  return edges.filter((edge, at) => at === 0 || edge !== edges[at - 1]);
}
