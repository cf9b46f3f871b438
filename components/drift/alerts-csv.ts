import type { AlertEntry } from "@/lib/contracts/monitors";
import { csvLine } from "@/lib/domain/csv";

/** Alerts as a table of a file; what was said of each is its newest comment. */
export function alertsCsv(alerts: readonly AlertEntry[]): string {
  return [
    csvLine(["number", "monitor", "feature", "state", "level", "score", "worst_severity", "first_window", "newest_window", "windows", "opened_at", "resolved_at", "snoozed_until", "explanation", "comment"]), // prettier-ignore
    ...alerts.map(
      (alert) =>
      csvLine([
        alert.number, alert.monitor, alert.feature, alert.state, alert.level, alert.score, alert.worst,
        alert.firstFrom, alert.lastFrom, alert.windows, alert.openedAt, alert.resolvedAt, alert.snoozedUntil,
        alert.explanation, alert.events.at(-1)?.comment ?? null,
      ]), // prettier-ignore
    ),
  ].join("");
}
