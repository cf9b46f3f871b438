import { parseAsFloat, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { DriftMapQuery, DriftTermsQuery } from "@/lib/client/drift";
import { DRIFT_SORTS } from "@/lib/contracts/drift";
import { DRIFT_METRIC_NAMES } from "@/lib/domain/definitions/drift-metric";
import { ENVIRONMENTS } from "@/lib/domain/environments";

export const THRESHOLD_KINDS = ["default", "calibrated", "custom"] as const;

/** As many as a wide screen shows; the newest are what people come for. */
export const WINDOWS_SHOWN = 12;

const DRIFT_VIEWS = ["map", "models", "concept", "skew", "monitors", "alerts"] as const;

/** The state of the page that stands in the URL; feature and month are the cell whose comparison is open. */
export const driftParsers = {
  view: parseAsStringLiteral(DRIFT_VIEWS).withDefault("map"),
  environment: parseAsStringLiteral(ENVIRONMENTS),
  metric: parseAsStringLiteral(DRIFT_METRIC_NAMES),
  thresholds: parseAsStringLiteral(THRESHOLD_KINDS),
  warn: parseAsFloat,
  critical: parseAsFloat,
  reference: parseAsString,
  group: parseAsString,
  model: parseAsString,
  sort: parseAsStringLiteral(DRIFT_SORTS).withDefault("severity"),
  entity: parseAsString,
  owner: parseAsString,
  windows: parseAsInteger.withDefault(WINDOWS_SHOWN),
  feature: parseAsString,
  month: parseAsString,
};

type State = {
  [Name in keyof typeof driftParsers]: ReturnType<(typeof driftParsers)[Name]["parseServerSide"]>;
};

/** How windows are compared, as the server is asked; `model` is null for what an environment serves. */
export function toTermsQuery(workspace: string, state: State, model: string | null): DriftTermsQuery {
  const { environment, metric, thresholds, warn, critical, reference, group } = state;
  const isCustom = thresholds === "custom" && metric !== "natural" && metric !== null;
  return {
    workspace,
    ...(environment !== null && { environment }),
    ...(metric !== null && { metric }),
    ...(thresholds === "calibrated" && { calibrated: "true" as const }),
    ...(thresholds === "default" && { calibrated: "false" as const }),
    ...(isCustom && warn !== null && { warn }),
    ...(isCustom && critical !== null && { critical }),
    ...(reference !== null && { reference }),
    ...(model === null ? group !== null && { view: group } : { model }),
  };
}

/** The map that the state is of. */
export function toMapQuery(workspace: string, state: State, model: string | null): DriftMapQuery {
  const { entity, owner, sort, windows } = state;
  return {
    ...toTermsQuery(workspace, state, model),
    ...(entity !== null && { entity }),
    ...(owner !== null && { owner }),
    ...(sort !== "severity" && { sort: sort ?? "severity" }),
    ...(windows !== WINDOWS_SHOWN && { windows: windows ?? WINDOWS_SHOWN }),
  };
}
