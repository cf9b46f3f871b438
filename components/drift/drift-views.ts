import { parseAsFloat, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { DriftMapQuery } from "@/lib/client/drift";
import type { DriftMap } from "@/lib/contracts/drift";
import { DRIFT_METRIC_NAMES } from "@/lib/domain/drift/drift-metrics";
import { ENVIRONMENTS } from "@/lib/domain/environments";

export const DRIFT_SORTS = ["severity", "name", "view"] as const;
export const THRESHOLD_KINDS = ["default", "calibrated", "custom"] as const;

const DRIFT_VIEWS = ["map", "models", "concept", "skew", "monitors", "alerts"] as const;

/** The state of the page that stands in the URL; feature and month are the cell whose comparison is open. */
export const driftParsers = {
  view: parseAsStringLiteral(DRIFT_VIEWS).withDefault("map"),
  environment: parseAsStringLiteral(ENVIRONMENTS).withDefault("dev"),
  metric: parseAsStringLiteral(DRIFT_METRIC_NAMES).withDefault("natural"),
  thresholds: parseAsStringLiteral(THRESHOLD_KINDS).withDefault("default"),
  warn: parseAsFloat,
  critical: parseAsFloat,
  reference: parseAsString,
  group: parseAsString,
  model: parseAsString,
  sort: parseAsStringLiteral(DRIFT_SORTS).withDefault("severity"),
  entity: parseAsString,
  owner: parseAsString,
  feature: parseAsString,
  month: parseAsString,
};

type Terms = {
  [Name in "environment" | "metric" | "thresholds" | "warn" | "critical" | "reference"]: ReturnType<
    (typeof driftParsers)[Name]["parseServerSide"]
  >;
};

/** What the server is asked for; `model` is null for what an environment serves. */
export function toMapQuery(workspace: string, terms: Terms, model: string | null): DriftMapQuery {
  const { environment, metric, thresholds, warn, critical, reference } = terms;
  const isCustom = thresholds === "custom" && metric !== "natural";
  return {
    workspace,
    environment: environment ?? "dev",
    metric: metric ?? "natural",
    ...(thresholds === "calibrated" && { calibrated: "true" as const }),
    ...(isCustom && warn !== null && { warn }),
    ...(isCustom && critical !== null && { critical }),
    ...(reference !== null && { reference }),
    ...(model !== null && { model }),
  };
}

export type DriftRow = DriftMap["rows"][number];
export type DriftCell = DriftRow["cells"][number];

/** The rows that the filters let through, in order; without a severity a row comes last. */
export function arrange(
  rows: DriftRow[],
  filter: { sort: (typeof DRIFT_SORTS)[number]; entity: string | null; owner: string | null; group: string | null },
): DriftRow[] {
  const { sort, entity, owner, group } = filter;
  const viewOf = (row: DriftRow) => row.views[0] ?? "\uffff";
  return rows
    .filter(
      (row) =>
        (entity === null || row.entity === entity) &&
        (owner === null || row.owner === owner) &&
        (group === null || row.views.includes(group)),
    )
    .sort((one, other) => {
      const byName = one.feature < other.feature ? -1 : 1;
      const bySeverity = (other.severity ?? -1) - (one.severity ?? -1) || byName;
      if (sort === "view") return viewOf(one).localeCompare(viewOf(other)) || bySeverity;
      return sort === "name" ? byName : bySeverity;
    });
}
