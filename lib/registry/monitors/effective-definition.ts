import type { Monitor } from "@/lib/db/generated/client";
import type { MonitorDefinition, MonitorReference } from "@/lib/domain/definitions/monitor";
import { definitionOf } from "../stored-json";

/** What replaced a definition's reference, when somebody reset it. */
export interface Baseline {
  reference: MonitorReference;
  reason: string;
  at: string;
  by: string;
}

export const baselineOf = (row: Pick<Monitor, "baseline">) => row.baseline as Baseline | null;

/** The definition as it is applied: a baseline that was reset takes the place of its reference. */
export function effectiveDefinition(row: Pick<Monitor, "definition" | "baseline">): MonitorDefinition {
  const definition = definitionOf("Monitor", row) as MonitorDefinition;
  return { ...definition, reference: baselineOf(row)?.reference ?? definition.reference };
}
