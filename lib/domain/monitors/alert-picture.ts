/** Address of the page that shows why an alert is there: its window as its monitor compared it, or the model's metric over time. */
export function alertPicture(alert: { isConcept: boolean; monitor: string; feature: string; lastFrom: Date }): string {
  const lastFrom = alert.lastFrom.toISOString();
  const query: Record<string, string> = alert.isConcept
    ? { view: "concept", concept: alert.monitor, window: lastFrom.slice(0, 10) }
    : { view: "monitors", monitor: alert.monitor, feature: alert.feature, month: lastFrom };
  return `/drift?${new URLSearchParams(query).toString()}`;
}
