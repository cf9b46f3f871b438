import { parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { DriftMap } from "@/lib/contracts/drift";
import { ENVIRONMENTS } from "@/lib/domain/environments";

export const DRIFT_SORTS = ["severity", "name"] as const;

/** The state of the page that stands in the URL; feature and month are the cell whose comparison is open. */
export const DRIFT_VIEWS = ["map", "monitors", "alerts"] as const;

export const driftParsers = {
  view: parseAsStringLiteral(DRIFT_VIEWS).withDefault("map"),
  environment: parseAsStringLiteral(ENVIRONMENTS).withDefault("dev"),
  sort: parseAsStringLiteral(DRIFT_SORTS).withDefault("severity"),
  entity: parseAsString,
  owner: parseAsString,
  feature: parseAsString,
  month: parseAsString,
};

export type DriftRow = DriftMap["rows"][number];
export type DriftCell = DriftRow["cells"][number];

/** The rows that the filters let through, in order; without a severity a row comes last. */
export function arrange(
  rows: DriftRow[],
  { sort, entity, owner }: { sort: (typeof DRIFT_SORTS)[number]; entity: string | null; owner: string | null },
): DriftRow[] {
  return rows
    .filter((row) => (entity === null || row.entity === entity) && (owner === null || row.owner === owner))
    .sort((one, other) => {
      const byName = one.feature < other.feature ? -1 : 1;
      return sort === "name" ? byName : (other.severity ?? -1) - (one.severity ?? -1) || byName;
    });
}
