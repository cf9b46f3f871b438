import type { DriftCell } from "@/lib/contracts/drift";
import { type DriftFigure, isProbability } from "@/lib/domain/drift/drift-metrics";

/** Windows as a line over time. */
export interface DriftCurve {
  /** The figure that is drawn; null for severities, which any figures share: score ÷ warn, of a probability warn ÷ p. */
  figure: string | null;
  warn: number;
  /** Null where windows have different ones. */
  critical: number | null;
  points: { window: string; value: number | null; state: DriftCell["state"] }[];
}

/** Scores where all windows were judged by one distance and one pair of thresholds, else severities. */
export function curveOf(cells: readonly DriftCell[]): DriftCurve {
  const scored = cells.filter(({ score }) => score !== null);
  const [first] = scored;
  const isOne = scored.every(
    ({ metric, warn, critical }) => metric === first?.metric && warn === first?.warn && critical === first?.critical,
  );
  const isScore = isOne && !isProbability(first?.metric as DriftFigure);
  return {
    figure: isScore ? (first?.metric ?? null) : null,
    warn: isScore ? (first?.warn ?? 1) : 1,
    critical: isScore ? (first?.critical ?? null) : null,
    points: cells.map(({ window, score, severity, state }) => ({
      window,
      value: isScore ? score : severity,
      state,
    })),
  };
}

/** The window that is furthest from its reference; null when none could be judged. */
export function worstOf(cells: readonly DriftCell[]): DriftCell | null {
  return cells.reduce<DriftCell | null>(
    (worst, cell) =>
      !cell.isPartial && cell.severity !== null && cell.severity > (worst?.severity ?? -1) ? cell : worst,
    null,
  );
}
