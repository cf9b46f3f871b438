"use client";

import { useElementSize } from "@mantine/hooks";
import { useId, useState } from "react";
import { heightOf, ticksOf, type ChartOptions, type Series } from "./buckets";
import classes from "./distributions.module.css";
import { partColour, partName } from "./part-colour";

/** Pixels until the browser has measured. */
const WIDTH = 640;
const LEFT = 52;
const BOTTOM = 24;
const TOP = 8;

/**
 * Overlaid histograms on shared edges. One part is drawn as bars; several as steps, so that none hides another. Pointing at a
 * bucket names it and its rows in every part; the table below has the same figures.
 */
export function HistogramChart({
  series,
  options,
  label,
  height = 220,
  isSmall = false,
}: {
  series: Series[];
  options: ChartOptions;
  label: string;
  height?: number;
  /** Without axes: one of many. */
  isSmall?: boolean;
}) {
  const [pointed, point] = useState<number | null>(null);
  const title = useId();
  const { ref, width: measured } = useElementSize();
  const whole = isSmall ? 160 : Math.max(measured || WIDTH, 240);
  const bars = series[0]?.bars ?? [];
  const most = Math.max(...series.flatMap((one) => one.bars.map((bar) => bar.value)), 0);
  const left = isSmall ? 0 : LEFT;
  const bottom = isSmall ? 2 : BOTTOM;
  const width = whole - left - (isSmall ? 0 : 8);
  const inner = height - bottom - TOP;
  const x = (at: number) => left + at * width;
  const y = (value: number) => TOP + inner * (1 - heightOf(value, most, options.log));
  const ticks = options.log ? [] : ticksOf(most);
  const every = Math.ceil((bars.length * 84) / width);
  const unit = options.percent ? " %" : "";
  return (
    <div className={classes.chart} ref={ref}>
      <svg
        viewBox={`0 0 ${whole} ${height}`}
        height={height}
        role="img"
        aria-labelledby={title}
        className={classes.svg}
        preserveAspectRatio={isSmall ? "none" : undefined}
        onMouseLeave={() => point(null)}
      >
        <title id={title}>{label}</title>
        {!isSmall &&
          ticks.map((tick) => (
            <g key={tick}>
              <line x1={left} x2={whole - (isSmall ? 0 : 8)} y1={y(tick)} y2={y(tick)} className={classes.grid} />
              <text x={left - 6} y={y(tick) + 4} textAnchor="end" className={classes.tick}>
                {compact(tick)}
                {unit}
              </text>
            </g>
          ))}
        {series.map((one) =>
          series.length === 1 ? (
            one.bars.map((bar, at) => (
              <rect
                key={at}
                x={x(bar.from) + 0.5}
                width={Math.max(x(bar.to) - x(bar.from) - 1, 0.5)}
                y={y(bar.value)}
                height={TOP + inner - y(bar.value)}
                fill={one.part === "all" ? "var(--tr-fill-train)" : partColour(one.part)}
              />
            ))
          ) : (
            <g key={one.part}>
              <path d={stepPath(one, x, y, TOP + inner, true)} fill={partColour(one.part)} opacity={0.18} />
              <path
                d={stepPath(one, x, y, TOP + inner, false)}
                fill="none"
                stroke={partColour(one.part)}
                strokeWidth={2}
                strokeDasharray={one.part === "test" ? "6 3" : one.part === "validation" ? "2 3" : undefined}
              />
            </g>
          ),
        )}
        <line x1={left} x2={whole - (isSmall ? 0 : 8)} y1={TOP + inner} y2={TOP + inner} className={classes.axis} />
        {!isSmall &&
          bars.map(
            (bar, at) =>
              at % every === 0 && (
                <text
                  key={at}
                  x={at + every > bars.length - 1 && at > 0 ? x(bar.to) : (x(bar.from) + x(bar.to)) / 2}
                  y={height - 6}
                  textAnchor={at + every > bars.length - 1 && at > 0 ? "end" : "middle"}
                  className={classes.tick}
                >
                  {shorten(bar.label.replace(/ to .*/, ""))}
                </text>
              ),
          )}
        {!isSmall &&
          bars.map((bar, at) => (
            <rect
              key={at}
              x={x(bar.from)}
              width={x(bar.to) - x(bar.from)}
              y={TOP}
              height={inner}
              className={classes.hit}
              data-pointed={at === pointed || undefined}
              onMouseEnter={() => point(at)}
            />
          ))}
      </svg>
      {!isSmall && (
        <p className={classes.reading} aria-hidden>
          {pointed === null
            ? "Point at a bucket to read it."
            : [
                bars[pointed]?.label,
                ...series.map(
                  ({ part, bars: own }) => `${partName(part)} ${reading(own[pointed]?.value ?? 0, options.percent)}`,
                ),
              ].join(" · ")}
        </p>
      )}
    </div>
  );
}

function stepPath(
  { bars }: Series,
  x: (at: number) => number,
  y: (value: number) => number,
  base: number,
  isClosed: boolean,
): string {
  if (bars.length === 0) return "";
  const steps = bars.map((bar) => `L${x(bar.from)},${y(bar.value)} L${x(bar.to)},${y(bar.value)}`).join(" ");
  const path = `M${x(bars[0]?.from ?? 0)},${base} ${steps} L${x(bars.at(-1)?.to ?? 0)},${base}`;
  return isClosed ? `${path} Z` : path;
}

function reading(value: number, percent: boolean): string {
  return percent ? `${value.toFixed(2)} %` : `${Math.round(value).toLocaleString("en")} rows`;
}

const compact = (value: number) =>
  new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
const shorten = (text: string) => (text.length > 12 ? `${text.slice(0, 11)}…` : text);
