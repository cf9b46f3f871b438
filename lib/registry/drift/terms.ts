import { DomainError } from "@/lib/domain/errors";
import { thresholdsOf } from "@/lib/domain/monitors/evaluate-monitor";
import type { DriftTerms } from "@/lib/domain/monitors/measure-windows";
import type { SettledQuestion } from "./monitor-terms";

/** How the query wants windows compared. Throws `invalid` for thresholds that the metric does not take, or in the wrong order. */
export function termsOf({
  metric,
  warn,
  critical,
  calibrated,
  minRows,
}: Pick<SettledQuestion, "metric" | "warn" | "critical" | "calibrated" | "minRows">): DriftTerms {
  if (metric === "natural" && (warn !== undefined || critical !== undefined))
    throw new DomainError(
      "invalid",
      "The automatic metric (natural) uses the thresholds of the metric that it chooses, and accepts no others.",
      {
        issues: [
          {
            path: ["query", warn === undefined ? "critical" : "warn"],
            message: "expected a metric by name",
            found: "natural",
          },
        ],
      },
    );
  const terms: DriftTerms = {
    metric,
    calibrated: calibrated === "true",
    ...(warn !== undefined && { warn }),
    ...(critical !== undefined && { critical }),
    ...(minRows !== undefined && { minRows }),
  };
  const thresholds = thresholdsOf(terms);
  if (thresholds && thresholds.critical < thresholds.warn)
    throw new DomainError(
      "invalid",
      `The critical threshold ${thresholds.critical} is below the warning threshold ${thresholds.warn}.`,
      {
        issues: [
          {
            path: ["query", "critical"],
            message: `expected at least ${thresholds.warn}`,
            found: String(thresholds.critical),
          },
        ],
      },
    );
  return terms;
}
