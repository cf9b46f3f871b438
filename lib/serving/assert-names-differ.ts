import type { HistoryFormat } from "@/lib/domain/joins/feature-history";
import { malformed } from "./wire-error";

/** DuckDB, which writes Parquet and CSV, would rename a column whose name differs from another's in case only. */
export function assertNamesDiffer(
  columns: readonly string[],
  features: readonly string[],
  format: HistoryFormat,
): void {
  const isFolded = format === "parquet" || format === "csv";
  const names = [...columns, ...features];
  const folded = names.map((name) => (isFolded ? name.toLowerCase() : name));
  const both = names.filter((_, at) => folded.indexOf(folded[at] ?? "") < at);
  if (both.length > 0)
    throw malformed([
      {
        type: "value_error",
        loc: ["body", "features"],
        msg: `The answer would have two columns named ${both.join(", ")}${isFolded ? ` (in ${format}, case does not tell names apart)` : ""}: rename those of the spine, or ask with full_feature_names`,
      },
    ]);
}
