import { bucketsOf, type CategoricalHistogram, type Histogram, type NumericHistogram } from "../drift/histogram";

/** Histograms of several sides of one column in the same buckets. */
export interface SharedBuckets {
  /** In the sides' order; null for a side that has none, or none in these buckets. */
  sides: (Histogram | null)[];
  /** Positions of the sides that were counted in other buckets, and so cannot be drawn or compared. */
  apart: number[];
}

/**
 * The sides in the buckets of the first that has any. Edges of numbers must be equal, as rows cannot be moved between buckets
 * afterwards. Values are buckets of their own: sides that list other values are counted over the values of all, where every
 * value that a side does not list is known not to occur in it.
 */
export function shareBuckets(histograms: readonly (Histogram | null)[]): SharedBuckets {
  const reference = histograms.find((histogram) => histogram !== null);
  if (!reference) return { sides: [...histograms], apart: [] };
  const sides =
    reference.kind === "numeric"
      ? histograms.map((histogram) => (histogram && haveSameBuckets(reference, histogram) ? histogram : null))
      : overAllValues(histograms);
  return {
    sides,
    apart: histograms.flatMap((histogram, index) => (histogram !== null && sides[index] === null ? [index] : [])),
  };
}

function overAllValues(histograms: readonly (Histogram | null)[]): (CategoricalHistogram | null)[] {
  const categorical = histograms.map((histogram) => (histogram?.kind === "categorical" ? histogram : null));
  const [reference] = categorical.filter((histogram) => histogram !== null);
  if (!reference) return categorical;
  const listsAll = (histogram: CategoricalHistogram) => histogram.other === 0;
  const comparable = categorical.map((histogram) =>
    histogram && (haveSameBuckets(reference, histogram) || (listsAll(reference) && listsAll(histogram)))
      ? histogram
      : null,
  );
  const values = [...new Set(comparable.flatMap((histogram) => histogram?.values ?? []))];
  return comparable.map(
    (histogram) =>
      histogram && {
        ...histogram,
        values,
        counts: values.map((value) => histogram.counts[histogram.values.indexOf(value)] ?? 0),
      },
  );
}

function haveSameBuckets(one: Histogram, other: Histogram): boolean {
  const boundsOf = (histogram: Histogram) => (histogram.kind === "numeric" ? histogram.edges : histogram.values);
  const [these, those] = [boundsOf(one), boundsOf(other)];
  return (
    one.kind === other.kind && these.length === those.length && these.every((bound, index) => bound === those[index])
  );
}

/** Rows in each bar, in the order in which they are drawn: below the edges, between them, above; or the values, then others. */
export function barCounts(histogram: Histogram): number[] {
  return histogram.kind === "numeric"
    ? [histogram.underflow, ...histogram.counts, histogram.overflow]
    : [...histogram.counts, histogram.other];
}

/**
 * How far two distributions are apart, as Facets Overview measures it: Σ (u/U − v/V)² / (u/U² + v/V²) over every bucket that
 * anything is in, missing values among them, with u and v rows of the bucket and U and V rows of the side. It grows with the
 * number of rows: it is the chi-square statistic of two samples. Null when a side has no rows.
 */
export function distributionDistance(one: Histogram, other: Histogram): number | null {
  const [u, v] = [one, other].map((histogram) => bucketsOf(histogram).map(({ count }) => count)) as [
    number[],
    number[],
  ];
  const [sumU, sumV] = [u, v].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number];
  if (sumU === 0 || sumV === 0) return null;
  return u.reduce((sum, count, index) => {
    const against = v[index] ?? 0;
    const weight = count / sumU ** 2 + against / sumV ** 2;
    return weight === 0 ? sum : sum + (count / sumU - against / sumV) ** 2 / weight;
  }, 0);
}

/** Equal widths if there are any: on the edges of its own quantiles every distribution looks even. */
export function unevennessCounts(histogram: Histogram, equalWidth: NumericHistogram | null): number[] {
  const shown = equalWidth ?? histogram;
  const counts = barCounts(shown);
  // Ends that nothing lies beyond are no buckets.
  if (shown.kind === "categorical") return shown.other > 0 ? counts : shown.counts;
  return counts.filter((count, index) => count > 0 || (index > 0 && index < counts.length - 1));
}
