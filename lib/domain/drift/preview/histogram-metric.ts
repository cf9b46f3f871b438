import { alignedDivergence, rowsOf, type SpanBucket, type SpanHistogram } from "../../statistics/aligned-histograms";
import { insufficient, statusOf } from "./answer";
import { standardHistogram } from "./buckets";
import { readList, readNumbers, type Side } from "./cells";
import { isMap, readCount } from "./counts";
import type { Issues } from "./issues";
import type { Metric } from "./metric";

/** TFDV's divergence of histograms that have their own buckets, `[low, high, count]`, or of values that get ten. */
export const HISTOGRAM_METRIC: Metric = {
  about: "Jensen–Shannon divergence of histograms with different buckets",
  parameters: ["log", "align", "nan", "inf"],
  defaults: { log: "log2" },
  answer(question, parameters, issues) {
    const reference = readHistogram(question.reference, "reference", issues);
    const current = readHistogram(question.current, "current", issues);
    issues.throwIfAny();
    const rows = [rowsOf(reference), rowsOf(current)];
    if (rows.includes(0)) {
      const side = rows[0] === 0 ? "reference" : "current";
      return insufficient(`${side} has no rows`, { error: "InvalidArgument: empty histogram cannot be normalised" });
    }
    const { value, edges, p, q, unmatched } = alignedDivergence(
      reference,
      current,
      parameters.text("log") === "ln" ? "ln" : "log2",
    );
    return { value, status: statusOf(rows), aligned_edges: edges, p, q, unmatched_shares: unmatched };
  },
};

function readHistogram(value: unknown, side: Side, issues: Issues): SpanHistogram {
  const list = isMap(value) ? value.buckets : value;
  const nan = isMap(value) && value.num_nan !== undefined ? readCount(value.num_nan, [side, "num_nan"], issues) : 0;
  const path: (string | number)[] = isMap(value) ? [side, "buckets"] : [side];
  if (isMap(value)) {
    for (const name of Object.keys(value).filter((key) => key !== "buckets" && key !== "num_nan"))
      issues.add([side, name], "is not known", "buckets and num_nan", name);
  }
  if (!Array.isArray(list)) {
    issues.add(
      path,
      "is no list of buckets",
      "a list of [low, high, count], or an object with buckets and num_nan",
      list,
    );
    return { buckets: [], nan };
  }
  const items = readList(list, side, issues);
  if (items.length > 0 && !items.some(Array.isArray)) return standardHistogram(readNumbers(items, side, issues));
  const buckets = items
    .map((bucket, index) => readBucket(bucket, [...path, index], issues))
    .filter((bucket) => bucket !== null);
  return { buckets: withoutOverlap(buckets, path, issues), nan };
}

function readBucket(value: unknown, path: (string | number)[], issues: Issues): SpanBucket | null {
  if (Array.isArray(value) && value.length === 3) {
    const [low, high] = [readBound(value[0]), readBound(value[1])];
    if (low !== null && high !== null && low <= high) return [low, high, readCount(value[2], [...path, 2], issues)];
  }
  issues.add(path, "is no bucket", "[low, high, count] with low at most high", value);
  return null;
}

function readBound(value: unknown): number | null {
  if (value === "Infinity") return Infinity;
  if (value === "-Infinity") return -Infinity;
  return typeof value === "number" ? value + 0 : null;
}

function withoutOverlap(buckets: SpanBucket[], path: (string | number)[], issues: Issues): SpanBucket[] {
  const spans = buckets
    .filter(([low, high]) => low < high)
    .sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const at = spans.findIndex(([low], index) => index > 0 && low < (spans[index - 1]?.[1] ?? low));
  if (at !== -1)
    issues.add(path, "has buckets that overlap", "buckets that share at most their ends", spans.slice(at - 1, at + 1));
  return buckets;
}
