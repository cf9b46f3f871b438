import {
  type CategoricalHistogram,
  countsOf,
  type Histogram,
  type NumericHistogram,
  totalOf,
} from "../statistics/histogram";
import { facetsDistance } from "../statistics/count-distances";

/** Histograms of several groups of one column in the same buckets. */
export interface SharedBuckets {
  /** In the groups' order; null for a group that has none, or none in these buckets. */
  groups: (Histogram | null)[];
  /** Positions of the groups that were counted in other buckets, and so cannot be drawn or compared. */
  apart: number[];
}

/**
 * The groups in the buckets of the first that has any. Edges of numbers must be equal, as rows cannot be moved between buckets
 * afterwards. Values are buckets of their own: groups that list other values are counted over the values of all, where every
 * value that a group does not list is known not to occur in it.
 */
export function shareBuckets(histograms: readonly (Histogram | null)[]): SharedBuckets {
  const reference = histograms.find((histogram) => histogram !== null);
  if (!reference) return { groups: [...histograms], apart: [] };
  const groups =
    reference.kind === "numeric"
      ? histograms.map((histogram) => (histogram && haveSameBuckets(reference, histogram) ? histogram : null))
      : overAllValues(histograms);
  return {
    groups,
    apart: histograms.flatMap((histogram, index) => (histogram !== null && groups[index] === null ? [index] : [])),
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

/** Facets' distance over every bucket, missing values among them; null when a group has no rows. */
export function distributionDistance(one: Histogram, other: Histogram): number | null {
  const distance = facetsDistance(countsOf(one), countsOf(other));
  return totalOf(one) === 0 || totalOf(other) === 0 ? null : distance;
}

/** Equal widths if there are any: on the edges of its own quantiles every distribution looks even. */
export function unevennessCounts(histogram: Histogram, equalWidth: NumericHistogram | null): number[] {
  const shown = equalWidth ?? histogram;
  const counts = barCounts(shown);
  // Ends that nothing lies beyond are no buckets.
  if (shown.kind === "categorical") return shown.other > 0 ? counts : shown.counts;
  return counts.filter((count, index) => count > 0 || (index > 0 && index < counts.length - 1));
}
