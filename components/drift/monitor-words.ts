import type { MonitorSummary } from "@/lib/contracts/monitors";
import { DRIFT_METRICS } from "@/lib/domain/definitions/drift-metric";

const day = (instant: string) => instant.slice(0, 10);

/** What a monitor watches and compares, in a sentence. */
export function describeMonitor(monitor: MonitorSummary): string {
  const watched = monitor.view
    ? `features of ${monitor.view} that ${monitor.environment} serves`
    : monitor.source
      ? `columns of ${monitor.source}`
      : `what ${monitor.model} reads`;
  return `${watched}, each window against ${describeReference(monitor.baseline?.reference ?? monitor.reference)}`;
}

export function describeReference(reference: MonitorSummary["reference"]): string {
  if ("window" in reference) return `${day(reference.window[0])} to ${day(reference.window[1])}`;
  if ("part" in reference) return `the ${reference.part} part`;
  return reference.rolling === 1 ? "the window before" : `the ${reference.rolling} windows before`;
}

/** Metric with its thresholds. */
export function describeThresholds({ metric, warn, critical, after, calibrated }: MonitorSummary): string {
  const windows = after > 1 ? `, ${after} windows in a row` : "";
  const levels =
    warn === null || critical === null
      ? "each metric's own thresholds"
      : `warn ${round(warn)}, critical ${round(critical)}`;
  return `${DRIFT_METRICS[metric].name}: ${levels}${calibrated ? ", calibrated" : ""}${windows}`;
}

export function round(score: number): string {
  return String(Number(score.toPrecision(3)));
}
