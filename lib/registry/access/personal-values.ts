import { createHmac, hkdfSync } from "node:crypto";
import { serverSecret } from "@/lib/config/server-secret";
import type { Sensitivity } from "@/lib/domain/definitions/feature";
import type { Histogram } from "@/lib/domain/statistics/histogram";
import { can } from "@/lib/domain/permissions";
import type { Scope } from "../scope";

export const PERSONAL: Sensitivity[] = ["personal", "special"];

export const isPersonal = (sensitivity: string | null | undefined) => PERSONAL.some((one) => one === sensitivity);

/** Whether the values of a feature are about persons, and not for this caller to see. */
export function isWithheld(scope: Scope, sensitivity: string | undefined): boolean {
  return isPersonal(sensitivity) && !can(scope.actor.roles, "personal:read");
}

/**
 * A stored profile without the texts that it counts: each has a name that says nothing of it and is the same in every profile
 * of this server, so that sides stay comparable. Figures of numbers are kept.
 */
export function withholdValues<Row extends { stats?: unknown; histogram: unknown }>(row: Row): Row {
  const histogram = row.histogram as Histogram;
  const { top: _, ...stats } = (row.stats ?? {}) as { top?: unknown };
  if (histogram.kind !== "categorical") return { ...row, stats };
  const nameOf = hiddenNames();
  return { ...row, stats, histogram: { ...histogram, values: histogram.values.map(nameOf) } };
}

/** Names in the place of values that are not for everybody, the same for the same value everywhere on this server. */
export function hiddenNames(): (value: string) => string {
  const key = Buffer.from(hkdfSync("sha256", serverSecret(), "", "tributary/withheld-values", 32));
  return (value) => `hidden ${createHmac("sha256", key).update(value).digest("hex").slice(0, 8)}`;
}
