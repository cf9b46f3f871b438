import type { DriftMap, DriftRow } from "@/lib/contracts/drift";
import { DRIFT_FIGURES, type DriftFigure } from "@/lib/domain/drift/drift-metrics";
import { TOO_LITTLE_DATA } from "@/components/ui/state-words";
import { figureName } from "@/lib/domain/drift/drift-words";
import { describeLevels, STATE_SIGNS } from "./drift-words";
import classes from "./drift.module.css";

/** The signs of a map, and by which figures and thresholds its cells were judged. */
export function DriftLegend({ map, rows }: { map: DriftMap; rows: readonly DriftRow[] }) {
  const from = (score: number | null) => (score === null ? "" : `, from ${score}`);
  const items = [
    ["critical", `critical${from(map.critical)}`],
    ["warn", `warn${from(map.warn)}`],
    ["fine", "fine"],
    ["insufficient_data", TOO_LITTLE_DATA],
  ] as const;
  const cells = rows.flatMap((row) => row.cells);
  const figures = [...new Set(cells.flatMap(({ metric }) => metric ?? []))].sort() as DriftFigure[];
  return (
    <>
      <ul className={classes.states}>
        {items.map(([state, words]) => (
          <li key={state}>
            <span className={classes.sign} data-state={state} aria-hidden="true">
              {STATE_SIGNS[state]}
            </span>
            {words}
          </li>
        ))}
        <li>
          <span className={classes.sign} data-state="reference" aria-hidden="true">
            ref
          </span>
          the reference
        </li>
        {cells.some(({ because }) => because === "missing") && <li>∅ because of missing values</li>}
      </ul>
      {map.warn === null && !map.isCalibrated && figures.length > 0 && (
        <ul className={classes.states} aria-label="Figures in the cells">
          {figures.map((figure) => {
            const { warn, critical } = DRIFT_FIGURES[figure];
            return (
              <li key={figure}>
                {figureName(figure)}, {describeLevels(figure, warn, critical)}
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}
