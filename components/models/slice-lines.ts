import type { SlicedFeature } from "@/lib/contracts/model-slices";
import { csvLine } from "@/lib/domain/csv";

const HEAD = [
  "part",
  "feature",
  "kind",
  "slice",
  "rows",
  "metric",
  "value",
  "low",
  "high",
  "difference",
  "difference low",
  "difference high",
];

/** Every metric of every slice of a feature as lines of CSV. */
export function sliceLines({ feature, parts }: SlicedFeature): string[] {
  return [
    csvLine(HEAD),
    ...Object.entries(parts).flatMap(([part, slices]) =>
      slices.flatMap(({ kind, name, metrics: { rows = 0, ...metrics }, intervals, differences }) =>
        Object.entries(metrics).map(([metric, value]) => {
          const { value: difference = null, interval = null } = differences[metric] ?? {};
          const [low = null, high = null] = intervals[metric] ?? [];
          return csvLine([part, feature, kind, name, rows, metric, value, low, high, difference, interval?.[0] ?? null, interval?.[1] ?? null]); // prettier-ignore
        }),
      ),
    ),
  ];
}
