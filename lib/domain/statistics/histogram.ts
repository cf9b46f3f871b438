import { DomainError } from "../errors";

/**
 * Counts by bucket. The edges (or values) are those of a feature's reference profile, so that any two histograms of the
 * feature can be compared bucket by bucket, and windows can be added up.
 */
export type Histogram = NumericHistogram | CategoricalHistogram;

export interface NumericHistogram {
  kind: "numeric";
  /** Ascending; bucket i is `[edges[i], edges[i + 1])`, and the last one includes its upper edge. */
  edges: number[];
  /** One less than there are edges; none when there are no edges. */
  counts: number[];
  /** Below the first edge, −∞ included. */
  underflow: number;
  /** Above the last edge, +∞ included; every number when there are no edges. */
  overflow: number;
  missing: number;
  nan: number;
}

export interface CategoricalHistogram {
  kind: "categorical";
  values: string[];
  counts: number[];
  /** Values that the reference did not have. */
  other: number;
  missing: number;
}

/** One bucket of a histogram, as people call it. */
export interface Bucket {
  label: string;
  count: number;
}

export function countNumbers(values: Iterable<number | null | undefined>, edges: readonly number[]): NumericHistogram {
  assertAscending(edges);
  const histogram: NumericHistogram = {
    kind: "numeric",
    edges: [...edges],
    counts: new Array<number>(Math.max(0, edges.length - 1)).fill(0),
    underflow: 0,
    overflow: 0,
    missing: 0,
    nan: 0,
  };
  const { counts } = histogram;
  for (const value of values) {
    if (value === null || value === undefined) histogram.missing += 1;
    else if (Number.isNaN(value)) histogram.nan += 1;
    else {
      const index = bucketIndex(value, edges);
      if (index < 0) histogram.underflow += 1;
      else if (index >= counts.length) histogram.overflow += 1;
      else counts[index] = (counts[index] ?? 0) + 1;
    }
  }
  return histogram;
}

export function countCategories(
  values: Iterable<string | null | undefined>,
  categories: readonly string[],
): CategoricalHistogram {
  const indexOf = new Map(categories.map((category, index) => [category, index]));
  const counts = new Array<number>(categories.length).fill(0);
  let other = 0;
  let missing = 0;
  for (const value of values) {
    if (value === null || value === undefined) {
      missing += 1;
      continue;
    }
    const index = indexOf.get(value);
    if (index === undefined) other += 1;
    else counts[index] = (counts[index] ?? 0) + 1;
  }
  return { kind: "categorical", values: [...categories], counts, other, missing };
}

/**
 * Edges of buckets from a reference's quantiles (eleven for deciles). Quantiles that coincide, as they do where one value
 * fills several buckets, become one edge; a constant gets the one bucket that holds it. Numbers that are not finite are no edges.
 */
export function edgesFromQuantiles(quantiles: readonly number[]): number[] {
  const finite = quantiles.filter(Number.isFinite).sort((one, other) => one - other);
  const edges = finite.filter((edge, index) => index === 0 || edge !== finite[index - 1]);
  const [constant] = edges;
  return edges.length === 1 && constant !== undefined ? [constant, constant] : edges;
}

/** The histogram of both windows together. Throws `invalid` when the two are not counted by the same buckets. */
export function addHistograms<Kind extends Histogram>(one: Kind, other: NoInfer<Kind>): Kind;
export function addHistograms(one: Histogram, other: Histogram): Histogram {
  assertSameBuckets(one, other);
  const counts = one.counts.map((count, index) => count + (other.counts[index] ?? 0));
  const missing = one.missing + other.missing;
  if (one.kind === "numeric" && other.kind === "numeric") {
    return {
      ...one,
      edges: [...one.edges],
      counts,
      underflow: one.underflow + other.underflow,
      overflow: one.overflow + other.overflow,
      missing,
      nan: one.nan + other.nan,
    };
  }
  if (one.kind === "categorical" && other.kind === "categorical") {
    return { ...one, values: [...one.values], counts, other: one.other + other.other, missing };
  }
  throw differentBuckets("kinds");
}

/** The same counts by fewer edges. Throws `invalid` unless the new edges are among the old ones and keep the first and the last. */
export function coarsen(histogram: NumericHistogram, edges: readonly number[]): NumericHistogram {
  assertAscending(edges);
  const positions = edges.map((edge) => histogram.edges.indexOf(edge));
  const keepsEnds = edges[0] === histogram.edges[0] && edges.at(-1) === histogram.edges.at(-1);
  if (positions.includes(-1) || !keepsEnds || (edges.length < 2 && histogram.edges.length > 1)) {
    throw new DomainError(
      "invalid",
      "A histogram can only be coarsened to some of its own edges, its first and last among them.",
      {
        edges: [...histogram.edges],
        requested: [...edges],
      },
    );
  }
  // A constant's bucket has the same edge twice.
  if (histogram.counts.length <= 1) return { ...histogram, edges: [...edges], counts: [...histogram.counts] };
  const counts = positions
    .slice(1)
    .map((end, index) => histogram.counts.slice(positions[index], end).reduce((sum, count) => sum + count, 0));
  return { ...histogram, edges: [...edges], counts };
}

/**
 * Every bucket in a fixed order: underflow, the edges' buckets, overflow, missing, NaN; or the values, unseen, missing. With
 * open ends the outer buckets are called by their inner edge, as what lies outside was added to them.
 */
export function bucketsOf(histogram: Histogram, hasOpenEnds = false): Bucket[] {
  const { counts } = histogram;
  if (histogram.kind === "categorical") {
    return [
      ...histogram.values.map((value, index) => ({ label: JSON.stringify(value), count: counts[index] ?? 0 })),
      { label: "unseen values", count: histogram.other },
      { label: "missing", count: histogram.missing },
    ];
  }
  const edges = figuresOf(histogram.edges);
  return [
    { label: edges.length === 0 ? "below" : `below ${edges[0]}`, count: histogram.underflow },
    ...counts.map((count, index) => {
      const isLast = index === counts.length - 1;
      if (hasOpenEnds && counts.length > 1 && index === 0) return { label: `below ${edges[1]}`, count };
      if (hasOpenEnds && counts.length > 1 && isLast) return { label: `${edges[index]} and above`, count };
      const [low, high] = [edges[index], edges[index + 1]];
      return { label: low === high ? `${low}` : `${low} to ${high}`, count };
    }),
    { label: edges.length === 0 ? "any number" : `above ${edges.at(-1)}`, count: histogram.overflow },
    { label: "missing", count: histogram.missing },
    { label: "NaN", count: histogram.nan },
  ];
}

/** Edges for people: whole numbers whole, others with three significant digits, or as many more as keep any two apart. */
function figuresOf(edges: readonly number[]): string[] {
  const different = new Set(edges).size;
  for (const digits of [3, 4, 5, 6]) {
    const short = edges.map((edge) => figureOf(edge, digits));
    if (new Set(short).size === different) return short;
  }
  return edges.map((edge) => figureOf(edge, 17));
}

function figureOf(edge: number, digits: number): string {
  const isWhole = Number.isInteger(edge) && Math.abs(edge) < 1e6;
  return String(isWhole ? edge : Number(edge.toPrecision(digits))).replaceAll("-", "−");
}

/** Rows of every bucket, in the order of `bucketsOf`. */
export function countsOf(histogram: Histogram): number[] {
  const { counts, missing } = histogram;
  return histogram.kind === "categorical"
    ? [...counts, histogram.other, missing]
    : [histogram.underflow, ...counts, histogram.overflow, missing, histogram.nan];
}

/** Number of rows counted, missing ones included. */
export function totalOf(histogram: Histogram): number {
  return countsOf(histogram).reduce((sum, count) => sum + count, 0);
}

/** Share of all rows in each bucket, in the order of `bucketsOf`; all zero for a histogram without rows. */
export function shares(histogram: Histogram): number[] {
  const total = totalOf(histogram);
  return countsOf(histogram).map((count) => (total === 0 ? 0 : count / total));
}

/** Throws `invalid` unless both are counted by the same buckets. */
export function assertSameBuckets(one: Histogram, other: Histogram): void {
  if (one.kind === "numeric" && other.kind === "numeric") {
    if (!areEqual(one.edges, other.edges)) throw differentBuckets("edges");
  } else if (one.kind === "categorical" && other.kind === "categorical") {
    if (!areEqual(one.values, other.values)) throw differentBuckets("values");
  } else {
    throw differentBuckets("kinds");
  }
}

function areEqual<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one === other || (one.length === other.length && one.every((item, index) => item === other[index]));
}

function differentBuckets(what: string): DomainError {
  return new DomainError(
    "invalid",
    `The two histograms have different ${what}, so their buckets cannot be compared. Count both by the feature's reference profile.`,
  );
}

function assertAscending(edges: readonly number[]): void {
  const isConstant = edges.length === 2 && edges[0] === edges[1];
  const isAscending = edges.every(
    (edge, index) => Number.isFinite(edge) && (index === 0 || edge > (edges[index - 1] ?? edge)),
  );
  if (isConstant ? !edges.every(Number.isFinite) : !isAscending) {
    throw new DomainError("invalid", "Edges must be finite and ascending.", { edges: [...edges] });
  }
}

/** −1 below the edges; the number of buckets above them. */
function bucketIndex(value: number, edges: readonly number[]): number {
  const buckets = edges.length - 1;
  const last = edges.at(-1);
  if (last === undefined || value > last) return Math.max(0, buckets);
  if (value === last) return Math.max(0, buckets - 1);
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (edges[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}
