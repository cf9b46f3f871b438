import { figure } from "@/lib/domain/ab-tests/describe-verdict";
import classes from "./ab-tests.module.css";

interface Interval {
  low: number;
  high: number;
}

export interface IntervalRow {
  name: string;
  value: number;
  interval: Interval | null;
  colour: string;
}

/** A little air at both ends, so that nothing touches the edge. */
const MARGIN = 0.08;

/** Values with their intervals on one scale; with `zero`, zero and the band below the minimum difference are drawn. The figures stand beside them. */
export function IntervalChart({
  rows,
  label,
  zero,
}: {
  rows: IntervalRow[];
  label: string;
  zero?: { band: number; below: string; above: string };
}) {
  const ends = [
    ...rows.flatMap(({ value, interval }) => [value, ...(interval ? [interval.low, interval.high] : [])]),
    ...(zero ? [0, -zero.band, zero.band] : []),
  ];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const margin = (most - least || Math.abs(most) || 1) * MARGIN;
  const [from, to] = [least - margin, most + margin];
  const at = (value: number) => `${((value - from) / (to - from)) * 100}%`;
  const width = (low: number, high: number) => `${((high - low) / (to - from)) * 100}%`;
  const scale = (to - from) / 2;
  return (
    <div className={classes.chart} role="group" aria-label={label}>
      {rows.map(({ name, value, interval, colour }) => (
        <Row key={name} name={name} figures={figuresOf(value, interval)}>
          {zero && zero.band > 0 && (
            <div className={classes.band} style={{ left: at(-zero.band), width: width(-zero.band, zero.band) }} />
          )}
          {zero && <div className={classes.zero} style={{ left: at(0) }} />}
          {interval && (
            <div
              className={classes.bar}
              style={{ left: at(interval.low), width: width(interval.low, interval.high), background: colour }}
            />
          )}
          <div className={classes.point} style={{ left: at(value), background: colour }} />
        </Row>
      ))}
      <span className={classes.onlyWide} />
      <div className={zero ? classes.sides : classes.axis} aria-hidden="true">
        {zero ? (
          <>
            <div>← {zero.below}</div>
            <div>{zero.above} →</div>
          </>
        ) : (
          <>
            <span data-end="low" style={{ left: 0 }}>
              {figure(from, scale)}
            </span>
            <span style={{ left: "50%" }}>{figure((from + to) / 2, scale)}</span>
            <span data-end="high" style={{ left: "100%" }}>
              {figure(to, scale)}
            </span>
          </>
        )}
      </div>
      <span className={classes.onlyWide} />
    </div>
  );
}

function Row({ name, figures, children }: { name: string; figures: string; children: React.ReactNode }) {
  return (
    <>
      <span className={classes.rowName}>{name}</span>
      <div className={classes.track} aria-hidden="true">
        {children}
      </div>
      <span className={classes.figures}>{figures}</span>
    </>
  );
}

/** "0.4521 (0.4500 to 0.4542)", with the digits that the interval's width makes meaningful. */
export function figuresOf(value: number, interval: Interval | null): string {
  if (!interval) return figure(value, 0);
  const half = (interval.high - interval.low) / 2;
  return `${figure(value, half)} (${figure(interval.low, half)} to ${figure(interval.high, half)})`;
}
