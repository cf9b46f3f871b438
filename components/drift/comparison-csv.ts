import type { DriftComparison } from "@/lib/contracts/drift-comparison";
import { csvLine } from "@/lib/domain/csv";
import type { BarShares } from "./bar-shares";

/** The buckets of a comparison as they are shown, with plain numbers. */
export function comparisonCsv({ reference, current }: DriftComparison, bars: readonly BarShares[]): string {
  const names = (side: string) => [`${side} rows`, `${side} share`];
  return [
    csvLine(["bucket", "share of", ...names(reference.label), ...names(current.label)]),
    ...bars.map(({ label, isOfValues, reference: before, current: now }) =>
      csvLine([label, isOfValues ? "values" : "rows", before.rows, before.share, now.rows, now.share]),
    ),
  ].join("");
}
