import type { ConceptPoint, ConceptSeries } from "@/lib/contracts/concept-drift";

export const isAlarming = ({ state }: ConceptPoint) => state === "warn" || state === "critical";

export function metricText(value: number | null): string {
  return value === null ? "–" : Math.abs(value) >= 1000 ? value.toPrecision(4) : value.toFixed(4);
}

/** The month, or the day on which the window begins. */
export function windowText({ from }: Pick<ConceptPoint, "from">, window: ConceptSeries["window"]): string {
  return from.slice(0, window === "month" ? 7 : 10);
}

export function countText(value: number): string {
  return value.toLocaleString("en");
}

export function pText(p: number | null): string {
  return p === null ? "–" : p < 0.0001 ? "< 0.0001" : p.toFixed(4);
}

/** How to log a prediction and what came of it; the host is the reader's own. */
export function logSnippet(workspace: string, model: string): string {
  const post = (what: string, item: string) =>
    `curl -X POST "$TRIBUTARY_URL/api/v1/models/${model}/${what}" -H "Authorization: Bearer $TOKEN" \\
  -H "content-type: application/json" -d '{"workspace": "${workspace}", "${what}": [
    ${item}]}'`;
  return `${post("predictions", '{"key": {"id": 7}, "at": "2001-06-04T10:00:00Z", "prediction": 0.31, "requestId": "r-1"}')}

# when it is known what came of it:
${post("outcomes", '{"key": {"id": 7}, "at": "2001-06-04T10:00:00Z", "outcome": 1}')}`;
}

export function monitorSnippet(model: string): string {
  return `kind: Monitor
name: ${model}_outcomes
drift: concept
model: ${model}
metric: log_loss # or brier, error, auc; squared_error, absolute_error for numbers
window: week # or day, month
minEffect: 0.01`;
}

/** The windows as lines of CSV. */
export function seriesCsv({ points }: ConceptSeries): string[] {
  const columns = ["from", "to", "state", "value", "lower", "upper", "p", "n", "missingLabels", "missingPredictions"] as const; // prettier-ignore
  return [
    `${columns.join(",")}\n`,
    ...points.map((point) => `${columns.map((column) => point[column] ?? "").join(",")}\n`),
  ];
}
