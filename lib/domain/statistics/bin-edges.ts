import { equalWidthEdges } from "./value-histogram";

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
