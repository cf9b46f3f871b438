import type { ReactNode } from "react";
import { tickWriter } from "./axis-ticks";
import classes from "./chart.module.css";

/** Where the plot is in its picture, in pixels. */
export interface PlotArea {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What an axis shows, and in what. */
export interface AxisTitle {
  title: string;
  /** Such as minutes; nothing for what has no unit. */
  unit?: string | null;
}

export const axisText = ({ title, unit }: AxisTitle): string => (unit ? `${title} (${unit})` : title);

/** Places on the picture of values between two, which are at `from` and `to`; the middle where there is one value only. */
export function scaleBetween(low: number, high: number, from: number, to: number): (value: number) => number {
  if (high === low) return () => (from + to) / 2;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** A picture of constant height with its axes around what is drawn. */
export function Plot({ area, label, children }: { area: PlotArea; label: string; children: ReactNode }) {
  const { width, height } = area;
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={classes.chart}
      role="img"
      aria-label={label}
    >
      {children}
    </svg>
  );
}

/** Grid lines with their numbers, and what they are of, written upwards. */
export function ValueAxis({
  area: { width, height, left, right, top, bottom },
  ticks,
  y,
  axis,
}: {
  area: PlotArea;
  ticks: readonly number[];
  y: (tick: number) => number;
  axis: AxisTitle;
}) {
  const write = tickWriter(ticks);
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} className={classes.grid} />
          <text x={left - 6} y={y(tick) + 4} textAnchor="end" className={classes.tick}>
            {write(tick)}
          </text>
        </g>
      ))}
      <text
        transform={`translate(12 ${(top + height - bottom) / 2}) rotate(-90)`}
        textAnchor="middle"
        className={classes.tick}
      >
        {axisText(axis)}
      </text>
    </>
  );
}

/** Texts below the plot, and what they are of below them. */
export function BottomAxis({
  area: { width, height, left, right, bottom },
  marks,
  axis,
}: {
  area: PlotArea;
  marks: readonly { at: number; text: string }[];
  axis: AxisTitle;
}) {
  return (
    <>
      {marks.map(({ at, text }) => (
        <text key={`${at} ${text}`} x={at} y={height - bottom + 16} textAnchor="middle" className={classes.tick}>
          {text}
        </text>
      ))}
      <text x={(left + width - right) / 2} y={height - 6} textAnchor="middle" className={classes.tick}>
        {axisText(axis)}
      </text>
    </>
  );
}

export function Legend({ children }: { children: ReactNode }) {
  return (
    <ul className={classes.legend} aria-label="Legend">
      {children}
    </ul>
  );
}

/** A legend's entry: what is drawn as in the picture, on 22 by 10 pixels, and what it is. */
export function LegendEntry({ sign, children }: { sign: ReactNode; children: ReactNode }) {
  return (
    <li>
      <svg className={classes.swatch} aria-hidden="true">
        {sign}
      </svg>
      {children}
    </li>
  );
}
