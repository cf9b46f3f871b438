import { momentsOf } from "../../statistics/moments";
import { deciles } from "../../statistics/quantiles";
import { countBetween, countDivided, equalWidthEdges } from "../../statistics/value-histogram";
import {
  bucketsOf,
  countCategories,
  countNumbers,
  edgesFromQuantiles,
  type Histogram,
} from "../../statistics/histogram";
import { alignedDivergence, type SpanHistogram } from "../../statistics/aligned-histograms";
import { doaneEdges, sturgesEdges } from "../../statistics/bin-edges";
import type { Answer } from "./answer";
import { presentNumbers, type Column } from "./cells";

/** Both sides counted by the same buckets. */
export interface Buckets {
  reference: number[];
  current: number[];
  labels?: string[];
  /** What the answer tells about the buckets. */
  shown: Answer;
}

type Numbers = Column & { kind: "numbers" };
type Texts = Column & { kind: "texts" };

/** Texts by value: those of the reference with unseen and missing ones apart ("profile", what monitors do), or those of both sides. */
export function bucketTexts(reference: Texts, current: Texts, binning: string): Buckets {
  if (binning === "profile") {
    const values = [...new Set(reference.values.filter((value) => value !== null))];
    return fromHistograms(countCategories(reference.values, values), countCategories(current.values, values));
  }
  return byValue(present(reference), present(current));
}

/**
 * Numbers by one of the ways that tools have. A string says why there can be no buckets. Each side must have a number.
 * - profile: the reference's deciles, with below, above, missing and NaN apart: what monitors do
 * - deciles: the reference's deciles, the outer buckets open
 * - sturges, sturges_distinct: over the values, or the different values, of both sides
 * - doane: of the reference; what lies outside is one more bucket
 * - by_value; evidently, nannyml: by value or by edges, depending on how many different values the reference has
 * - tfdv: ten equal-width buckets of each side, aligned
 */
export function bucketNumbers(reference: Numbers, current: Numbers, binning: string): Buckets | string {
  const [one, other] = [presentNumbers(reference), presentNumbers(current)];
  const finite = one.filter(Number.isFinite);
  const sorted = Float64Array.from(finite).sort();
  const distinct = new Set(one).size;
  if (binning === "profile") return bucketByEdges(reference, current, edgesFromQuantiles(deciles(sorted)));
  if (binning === "by_value" || (binning === "evidently" && distinct <= 20)) return byValue(one, other);
  if (binning === "nannyml" && distinct <= 50 && distinct / one.length <= 0.1) return byValue(one, other);
  if (sorted.length === 0) return "reference has no finite values";
  if (binning === "deciles") return byDeciles(one, other, deciles(sorted));
  if (binning === "tfdv") return aligned(reference, current);
  if (binning === "doane" || binning === "nannyml") return byDoane(one, other, sorted);
  const both = [...finite, ...other.filter(Number.isFinite)];
  const isDistinct = binning.endsWith("_distinct");
  const edges = sturgesEdges(Float64Array.from(isDistinct ? new Set(both) : both).sort());
  return counted(countBetween(one, edges, "nearest").counts, countBetween(other, edges, "nearest").counts, { edges });
}

/** By given edges, with below, above, missing and NaN apart. */
export function bucketByEdges(reference: Numbers, current: Numbers, edges: readonly number[]): Buckets {
  return fromHistograms(countNumbers(reference.values, edges), countNumbers(current.values, edges));
}

/** What TFDV calls a standard histogram: ten equal-width buckets; a side's infinities stretch its outer buckets. */
export function standardHistogram(column: Numbers): SpanHistogram {
  const numbers = presentNumbers(column);
  const moments = momentsOf(numbers.filter(Number.isFinite));
  const nan = column.values.filter((value) => Number.isNaN(value)).length;
  if (!moments) {
    const infinite = [-Infinity, Infinity].map(
      (end) => [end, end, numbers.filter((value) => value === end).length] as const,
    );
    return { nan, buckets: infinite.filter(([, , count]) => count > 0) };
  }
  const { min, max } = moments;
  if (min === max && numbers.length === moments.count) return { nan, buckets: [[min, max, moments.count]] };
  const { edges, counts } = countBetween(numbers, equalWidthEdges(min, max, 10), "nearest");
  const stretched = [
    numbers.includes(-Infinity) ? -Infinity : edges[0],
    ...edges.slice(1, -1),
    numbers.includes(Infinity) ? Infinity : edges.at(-1),
  ] as number[];
  return {
    nan,
    buckets: counts.map((count, index) => [stretched[index] as number, stretched[index + 1] as number, count]),
  };
}

function present(column: Texts): string[] {
  return column.values.filter((value) => value !== null);
}

function fromHistograms(reference: Histogram, current: Histogram): Buckets {
  const [one, other] = [bucketsOf(reference), bucketsOf(current)];
  const labels = one.map(({ label }) => label);
  const shown: Answer = reference.kind === "numeric" ? { labels, edges: reference.edges } : { labels };
  return {
    ...counted(
      one.map(({ count }) => count),
      other.map(({ count }) => count),
      shown,
    ),
    labels,
  };
}

function byValue<Value extends string | number>(reference: readonly Value[], current: readonly Value[]): Buckets {
  const values = [...new Set([...reference, ...current])].sort((one, other) => (one < other ? -1 : 1));
  const indexOf = new Map(values.map((value, index) => [value, index]));
  const count = (side: readonly Value[]) => {
    const counts = values.map(() => 0);
    for (const value of side) {
      const index = indexOf.get(value) ?? 0;
      counts[index] = (counts[index] ?? 0) + 1;
    }
    return counts;
  };
  const labels = values.map(String);
  return { ...counted(count(reference), count(current), { labels }), labels };
}

function byDeciles(reference: readonly number[], current: readonly number[], raw: readonly number[]): Buckets {
  const inner = [...new Set(raw.slice(1, -1))];
  return counted(countDivided(reference, inner), countDivided(current, inner), {
    raw_edges: [...raw],
    inner_edges: inner,
  });
}

function byDoane(reference: readonly number[], current: readonly number[], sorted: Float64Array): Buckets {
  const edges = doaneEdges(sorted, momentsOf([...sorted])?.populationSkew ?? null);
  const count = (side: readonly number[]) => {
    const { counts } = countBetween(side, edges, "none");
    return [...counts, side.length - counts.reduce((sum, rows) => sum + rows, 0)];
  };
  return counted(count(reference), count(current), { edges });
}

function aligned(reference: Numbers, current: Numbers): Buckets {
  const { edges, p, q, unmatched } = alignedDivergence(
    standardHistogram(reference),
    standardHistogram(current),
    "log2",
  );
  return {
    reference: [...p, unmatched[0], 0],
    current: [...q, 0, unmatched[1]],
    shown: { aligned_edges: edges, p, q },
  };
}

function counted(reference: number[], current: number[], shown: Answer): Buckets {
  return { reference, current, shown: { ...shown, ref_counts: reference, cur_counts: current } };
}
