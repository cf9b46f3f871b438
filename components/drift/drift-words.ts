import { type DriftFigure, isProbability } from "@/lib/domain/drift/drift-metrics";
import { TOO_LITTLE_DATA } from "@/components/ui/state-words";

/** "warn from 0.1, critical from 0.25"; of a probability "up to". */
export function describeLevels(metric: string | null, warn: number | null, critical: number | null): string {
  if (warn === null || critical === null) return "";
  const word = metric !== null && isProbability(metric as DriftFigure) ? "up to" : "from";
  return `warn ${word} ${Number(warn.toPrecision(3))}, critical ${word} ${Number(critical.toPrecision(3))}`;
}

/** What stands in a cell: two digits, with a p before a probability. */
export function shortScore(metric: string | null, score: number): string {
  if (metric !== null && isProbability(metric as DriftFigure)) return score < 0.01 ? "p <.01" : `p ${score.toFixed(2)}`;
  if (score !== 0 && score < 0.005) return "<.01";
  return score >= 100 ? score.toExponential(0) : score.toFixed(2);
}

/** "1.9": how many times the warning threshold a score is. Above a hundred nobody compares. */
export function shortSeverity(severity: number): string {
  return severity > 100 ? "> 100" : severity.toFixed(1);
}

export const STATE_SIGNS = { fine: "·", warn: "▪", critical: "■", insufficient_data: "–" } as const;
export const STATE_WORDS = {
  fine: "fine",
  warn: "warning",
  critical: "critical",
  insufficient_data: TOO_LITTLE_DATA,
} as const;
