"use client";

import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { heightOf, ticksOf, type ChartOptions, type Series } from "./buckets";
import classes from "./distributions.module.css";
import { partColour, partName, groupStyle } from "./part-colour";
import type { ValueTick } from "./value-axis";

/** Pixels until the browser has measured. */
const WIDTHS = { full: 640, row: 300, small: 160 };
const LEFT = 52;
const BOTTOM = 24;
const TOP = 8;
/** Pixels of a line of what is read below a row's chart. */
const LINE = 18;
/** Lines that the bucket and every part need, two of them in each, so that nothing moves when one is pointed at. */
const linesOf = (parts: number) => Math.ceil((parts + 1) / 2);

/** `full` has axes; `row` is one of a list, with its ends named below; `small` is one of many. */
type Size = "full" | "row" | "small";

/**
 * Overlaid histograms on shared edges. One part is drawn as bars; several as steps, so that none hides another. Pointing at a
 * bucket names it and its rows in every part; the table beside it has the same figures. With `selection` bars are buttons: one
 * stop of the keyboard, along which the arrows move.
 */
export function HistogramChart({
  series,
  options,
  label,
  height = 220,
  size = "full",
  axis = null,
  selection,
}: {
  series: Series[];
  options: ChartOptions;
  /** Round numbers below the bars; without them the bars are called by where they begin. */
  axis?: ValueTick[] | null;
  label: string;
  height?: number;
  size?: Size;
  selection?: { selected: number | null; onSelect(at: number): void };
}) {
  const [pointed, point] = useState<number | null>(null);
  const title = useId();
  const { ref, width: measured } = useElementSize();
  const isFull = size === "full";
  const whole = size === "small" ? WIDTHS.small : Math.max(measured || WIDTHS[size], size === "full" ? 240 : 120);
  const bars = series[0]?.bars ?? [];
  const most = Math.max(...series.flatMap((one) => one.bars.map((bar) => bar.value)), 0);
  const left = isFull ? LEFT : 0;
  const bottom = isFull ? BOTTOM : 2;
  const right = isFull ? 8 : 0;
  const width = whole - left - right;
  const inner = height - bottom - TOP;
  const x = (at: number) => left + at * width;
  const y = (value: number) => TOP + inner * (1 - heightOf(value, most, options.log));
  const ticks = options.log ? [] : ticksOf(most);
  const every = Math.ceil((bars.length * 84) / width);
  const unit = options.percent ? " %" : "";
  const shown = pointed ?? selection?.selected ?? null;
  const readingOf = (at: number) =>
    [
      bars[at]?.label,
      ...series.map(
        ({ part, label: name, bars: own }) =>
          `${name ?? partName(part)} ${reading(own[at]?.value ?? 0, options.percent)}`,
      ),
    ].join(" · ");
  return (
    <div className={classes.chart} ref={ref}>
      <svg
        viewBox={`0 0 ${whole} ${height}`}
        height={height}
        role={selection ? "group" : "img"}
        aria-labelledby={title}
        className={classes.svg}
        preserveAspectRatio={size === "small" ? "none" : undefined}
        onMouseLeave={() => point(null)}
      >
        <title id={title}>{label}</title>
        {isFull &&
          ticks.map((tick) => (
            <g key={tick}>
              <line x1={left} x2={whole - right} y1={y(tick)} y2={y(tick)} className={classes.grid} />
              <text x={left - 6} y={y(tick) + 4} textAnchor="end" className={classes.tick}>
                {compact(tick)}
                {unit}
              </text>
            </g>
          ))}
        {series.map((one, position) => {
          const { colour, dash } = one.look ?? { ...groupStyle(one.part, position), colour: partColour(one.part) };
          return series.length === 1 ? (
            one.bars.map((bar, at) => (
              <rect
                key={at}
                x={x(bar.from) + 0.5}
                width={Math.max(x(bar.to) - x(bar.from) - 1, 0.5)}
                y={y(bar.value)}
                height={TOP + inner - y(bar.value)}
                fill={one.part === "all" ? "var(--tr-fill-train)" : colour}
              />
            ))
          ) : (
            <g key={one.part}>
              <path d={stepPath(one, x, y, TOP + inner, true)} fill={colour} opacity={isFull ? 0.18 : 0.12} />
              <path
                d={stepPath(one, x, y, TOP + inner, false)}
                fill="none"
                stroke={colour}
                strokeWidth={isFull ? 2 : 1.5}
                strokeDasharray={dash}
              />
            </g>
          );
        })}
        <line x1={left} x2={whole - right} y1={TOP + inner} y2={TOP + inner} className={classes.axis} />
        {isFull &&
          axis?.map(({ at, text }) => (
            <text
              key={text}
              x={x(at)}
              y={height - 6}
              textAnchor={at > 0.96 ? "end" : at < 0.02 ? "start" : "middle"}
              className={classes.tick}
            >
              {text}
            </text>
          ))}
        {isFull &&
          !axis &&
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
        {size !== "small" && (
          <Bars
            boxes={bars.map((bar) => ({ x: x(bar.from), width: x(bar.to) - x(bar.from), y: TOP, height: inner }))}
            pointed={pointed}
            point={point}
            {...(selection && { selection: { ...selection, labelOf: readingOf } })}
          />
        )}
      </svg>
      {isFull && (
        <p className={classes.reading} aria-hidden>
          {shown === null ? "Hover a bar for its values." : readingOf(shown)}
        </p>
      )}
      {size === "row" && (
        <p className={classes.ends} aria-hidden style={{ minHeight: LINE * linesOf(series.length) }}>
          {shown === null ? (
            <>
              <span className={classes.end}>{bars[0]?.label.replace(/ to .*/, "")}</span>
              <span className={classes.end}>{bars.length > 1 && bars.at(-1)?.label.replace(/.* to /, "")}</span>
            </>
          ) : (
            <span className={classes.read}>{readingOf(shown)}</span>
          )}
        </p>
      )}
    </div>
  );
}

/** Where the pointer and the keyboard meet the bars: over their whole height, as low bars are hard to hit. */
function Bars({
  boxes,
  pointed,
  point,
  selection,
}: {
  boxes: { x: number; y: number; width: number; height: number }[];
  pointed: number | null;
  point(at: number | null): void;
  selection?: { selected: number | null; onSelect(at: number): void; labelOf(at: number): string };
}) {
  const group = useRef<SVGGElement>(null);
  const stop = pointed ?? selection?.selected ?? 0;
  const onKeyDown = (event: KeyboardEvent, at: number) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: boxes.length - 1 }[event.key];
    if (to !== undefined && boxes[to]) {
      event.preventDefault();
      group.current?.querySelectorAll<SVGRectElement>("rect")[to]?.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      selection?.onSelect(at);
    }
  };
  return (
    <g ref={group}>
      {boxes.map((box, at) => (
        <rect
          key={at}
          {...box}
          className={classes.hit}
          data-pointed={at === pointed || undefined}
          data-selected={at === selection?.selected || undefined}
          onMouseEnter={() => point(at)}
          {...(selection && {
            role: "button",
            tabIndex: at === stop ? 0 : -1,
            "aria-label": selection.labelOf(at),
            "aria-pressed": at === selection.selected,
            "data-selectable": true,
            onFocus: () => point(at),
            onBlur: () => point(null),
            onClick: () => selection.onSelect(at),
            onKeyDown: (event: KeyboardEvent) => onKeyDown(event, at),
          })}
        />
      ))}
    </g>
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
