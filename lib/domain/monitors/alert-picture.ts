/**
 * Address of the page that shows why an alert is there: its window as its monitor compared it, the model's metric over time, or
 * how a view is served whose values are too old.
 */
export function alertPicture(alert: {
  isConcept: boolean;
  isFreshness?: boolean;
  /** The monitor's name, or the view's. */
  monitor: string;
  feature: string;
  lastFrom: Date;
}): string {
  if (alert.isFreshness) return `/views/${encodeURIComponent(alert.monitor)}?tab=about`;
  const lastFrom = alert.lastFrom.toISOString();
  const query: Record<string, string> = alert.isConcept
    ? { view: "concept", concept: alert.monitor, window: lastFrom.slice(0, 10) }
    : { view: "monitors", monitor: alert.monitor, feature: alert.feature, month: lastFrom };
  return `/drift?${new URLSearchParams(query).toString()}`;
}
