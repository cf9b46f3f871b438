import { standardHistogram } from "../statistics/aligned-histograms";
import { distinctEdges, doaneEdges, equalWidthEdges, sturgesEdges } from "../statistics/bin-edges";
import { compareCodePoints } from "../statistics/code-points";
import { countByValue } from "../statistics/count-by-value";
import { countCategories, countNumbers, edgesFromQuantiles, type Histogram } from "../statistics/histogram";
import { momentsOf } from "../statistics/moments";
import { openEnds } from "../statistics/open-ends";
import { deciles } from "../statistics/quantiles";
import { CATEGORY_LIMIT, TEXT_VALUES } from "../statistics/reference-values";
import type { DriftSide } from "./drift-side";
import type { Answer } from "./preview-answer";
import { type Column, type Population, presentNumbers, readColumns } from "./preview-cells";
import { isMap, readCounts, readMaps } from "./preview-counts";
import { alignedSides, readHistogram } from "./preview-histograms";
import type { Issues } from "./preview-issues";
import type { Binning, PreviewParameters } from "./preview-parameters";

/** Whether a metric compares distribution functions, which values by themselves tell exactly, by ranks or by distances. */
export type Order = "rank" | "distance" | null;

export type Question = Record<Population, unknown>;

/** What profiles would keep of both populations. */
export interface ComparedSides {
  reference: DriftSide;
  current: DriftSide;
  /** How the buckets are told: by the metric's own counts, as aligned shares, or not at all. */
  buckets: { labels: readonly string[] } | { edges: readonly number[] } | null;
  shown: Answer;
}

type Numbers = Column & { kind: "numbers" };
type Texts = Column & { kind: "texts" };

/** The form of the input where the parameter does not say it. */
export function inputOf({ reference, current }: Question, { input }: PreviewParameters): PreviewParameters["input"] {
  if (input) return input;
  const both = [reference, current];
  if (both.some((of) => (isMap(of) && "buckets" in of) || (Array.isArray(of) && of.some(Array.isArray))))
    return "buckets";
  return both.some(isMap) ? "map" : "values";
}

/** Both populations from whatever form the question has. Throws all issues found so far. */
export function readSides(
  question: Question,
  {
    input,
    edges,
    binning,
    order,
  }: {
    input: PreviewParameters["input"];
    edges: readonly number[] | undefined;
    binning: Binning | undefined;
    order: Order;
  },
  issues: Issues,
): ComparedSides {
  if (input === "values") return ofValues(question, edges, binning, order, issues);
  if (input === "buckets") {
    const [reference, current] = [
      readHistogram(question.reference, "reference", issues),
      readHistogram(question.current, "current", issues),
    ];
    issues.throwIfAny();
    const { shown, ...aligned } = alignedSides(reference, current);
    return { ...sides(aligned.reference, aligned.current), buckets: null, shown };
  }
  const counts: CountsInput = input === "map" ? readMaps(question, issues) : readCounts(question, issues);
  issues.throwIfAny();
  const values = counts.names ?? counts.reference.map((_, index) => String(index));
  const histogram = (of: number[]): Histogram => ({ kind: "categorical", values, counts: of, other: 0, missing: 0 });
  return {
    ...sides(histogram(counts.reference), histogram(counts.current)),
    buckets: counts.names ? { labels: counts.names } : null,
    shown: {},
  };
}

/** Counts of the same buckets, which have names when they came as a map. */
type CountsInput = Record<Population, number[]> & { names?: string[] };

function sides(reference: Histogram, current: Histogram): { reference: DriftSide; current: DriftSide } {
  return { reference: { histogram: reference }, current: { histogram: current } };
}

function ofValues(
  question: Question,
  edges: readonly number[] | undefined,
  binning: Binning | undefined,
  order: Order,
  issues: Issues,
): ComparedSides {
  const { reference, current } = readColumns(question, issues, order === "distance");
  if (reference.kind === "numbers" && current.kind === "numbers") {
    issues.throwIfAny();
    return ofNumbers(reference, current, edges, binning, order);
  }
  if (edges) issues.add(["params", "edges"], "are for numbers, and the values are texts", "numbers");
  if (binning !== undefined && !TEXT_BINNINGS.has(binning))
    issues.add(["params", "binning"], "is for numbers, and the values are texts", "by_value", binning);
  issues.throwIfAny();
  return ofTexts(reference as Texts, current as Texts, binning);
}

/** Presets choose by the kind of the values. */
const TEXT_BINNINGS: ReadonlySet<Binning> = new Set(["by_value", "evidently", "evidently_distinct", "nannyml", "tfdv"]);

/** By the reference's most frequent values, with others as unseen; or by the values of both. */
function ofTexts(reference: Texts, current: Texts, binning: Binning | undefined): ComparedSides {
  const before = reference.values.filter((value) => value !== null);
  const now = current.values.filter((value) => value !== null);
  const values = binning === undefined ? mostFrequent(before) : countByValue(before, now).values;
  return {
    ...sides(countCategories(reference.values, values), countCategories(current.values, values)),
    buckets: { labels: values },
    shown: {},
  };
}

function mostFrequent(values: readonly string[]): string[] {
  const { values: different, reference: counts } = countByValue(values, []);
  return different
    .map((value, at) => ({ value, count: counts[at] as number }))
    .sort((one, other) => other.count - one.count || compareCodePoints(one.value, other.value))
    .slice(0, TEXT_VALUES)
    .map(({ value }) => value);
}

function ofNumbers(
  reference: Numbers,
  current: Numbers,
  edges: readonly number[] | undefined,
  binning: Binning | undefined,
  order: Order,
): ComparedSides {
  const one = presentNumbers(reference);
  const other = presentNumbers(current);
  const way = edges ? "edges" : (binning ?? (order ? "by_value" : "profile"));
  const compared = countedBy(way, { reference, current, one, other, edges: edges ?? [], order });
  const withStats = (side: DriftSide, values: readonly number[]): DriftSide => {
    const moments = momentsOf(values.filter(Number.isFinite));
    if (!moments) return side;
    const { min, max, mean, populationStd } = moments;
    return { ...side, stats: { min, max, mean, populationStd } };
  };
  return {
    ...compared,
    reference: withStats(compared.reference, one),
    current: withStats(compared.current, other),
  };
}

interface NumbersToCount {
  reference: Numbers;
  current: Numbers;
  /** The values that are there. */
  one: number[];
  other: number[];
  edges: readonly number[];
  order: Order;
}

/**
 * Numbers by one of the ways that tools have:
 * - profile: few integers by the reference's values, other numbers by its deciles: what monitors do
 * - sturges, sturges_distinct: over the values, or the different values, of both; nothing lies outside
 * - doane: of the reference; what lies outside is one more bucket
 * - evidently, nannyml: by value or by edges, depending on how many different values the reference has
 * - tfdv: ten equal-width buckets of each, aligned
 */
function countedBy(way: Binning | "edges" | "profile", given: NumbersToCount): ComparedSides {
  const { reference, current, one, other, edges } = given;
  const finite = one.filter(Number.isFinite);
  const sorted = Float64Array.from(finite).sort();
  const byEdges = (chosen: readonly number[]): ComparedSides => ({
    ...sides(countNumbers(reference.values, chosen), countNumbers(current.values, chosen)),
    buckets: { edges: chosen },
    shown: {},
  });
  switch (way) {
    case "edges":
      return byEdges(edges);
    case "profile":
      return byReferenceValues(given) ?? byEdges(edgesFromQuantiles(deciles(sorted)));
    case "deciles":
      return byEdges(edgesFromQuantiles(deciles(sorted)));
    case "equal_width":
      return byEdges(
        sorted.length === 0 ? [] : distinctEdges(equalWidthEdges(sorted[0] as number, sorted.at(-1) as number, 10)),
      );
    case "by_value":
      return byValues(given);
    case "evidently":
      return new Set(one).size <= 20 ? byValues(given) : countedBy("sturges", given);
    case "evidently_distinct":
      return countedBy("sturges_distinct", given);
    case "nannyml": {
      const distinct = new Set(one).size;
      return distinct <= 50 && distinct / one.length <= 0.1 ? byValues(given) : countedBy("doane", given);
    }
    case "tfdv": {
      const { shown, ...aligned } = alignedSides(
        standardHistogram(reference.values.filter((value) => value !== null)),
        standardHistogram(current.values.filter((value) => value !== null)),
      );
      return { ...sides(aligned.reference, aligned.current), buckets: null, shown };
    }
    case "doane":
      return sorted.length === 0 ? byEdges([]) : byDoane(given, sorted);
    case "sturges":
    case "sturges_distinct": {
      const both = [...finite, ...other.filter(Number.isFinite)];
      if (both.length === 0) return byEdges([]);
      const chosen = distinctEdges(sturgesEdges(Float64Array.from(way === "sturges" ? both : new Set(both)).sort()));
      const counted = (values: Numbers["values"]) => openEnds(countNumbers(values, chosen));
      return { ...sides(counted(reference.values), counted(current.values)), buckets: { edges: chosen }, shown: {} };
    }
  }
}

/** Null unless both hold integers only and the reference few different ones. */
function byReferenceValues({ reference, current, one, other }: NumbersToCount): ComparedSides | null {
  const values = [...new Set(one)].sort((a, b) => a - b);
  if (values.length === 0 || values.length > CATEGORY_LIMIT) return null;
  if (!one.every(Number.isSafeInteger) || !other.every(Number.isSafeInteger)) return null;
  const texts = (column: Numbers) => column.values.map((value) => (value === null ? null : String(value + 0)));
  const labels = values.map((value) => String(value + 0));
  return {
    ...sides(countCategories(texts(reference), labels), countCategories(texts(current), labels)),
    buckets: { labels },
    shown: {},
  };
}

/** By every value of both. For distances, infinite values count at the ends of the finite ones. */
function byValues({ reference, current, one, other, order }: NumbersToCount): ComparedSides {
  const counted =
    order === "distance" ? countByValue(withinFinite(one), withinFinite(other)) : countByValue(one, other);
  const values = counted.values.map((value) => String(value + 0));
  const histogram = (counts: number[], column: Numbers): Histogram => ({
    kind: "categorical",
    values,
    counts,
    other: 0,
    missing: column.values.length - counts.reduce((sum, count) => sum + count, 0),
  });
  return {
    ...sides(histogram(counted.reference, reference), histogram(counted.current, current)),
    buckets: { labels: values },
    shown: {},
  };
}

function withinFinite(values: readonly number[]): readonly number[] {
  const moments = momentsOf(values.filter(Number.isFinite));
  return moments ? values.map((value) => Math.min(moments.max, Math.max(moments.min, value))) : values;
}

function byDoane({ reference, current, one }: NumbersToCount, sorted: Float64Array): ComparedSides {
  const edges = distinctEdges(doaneEdges(sorted, momentsOf(one.filter(Number.isFinite))?.populationSkew ?? null));
  const counted = (values: Numbers["values"]) => {
    const histogram = countNumbers(values, edges);
    return { ...histogram, underflow: 0, overflow: histogram.underflow + histogram.overflow };
  };
  return { ...sides(counted(reference.values), counted(current.values)), buckets: { edges }, shown: {} };
}
