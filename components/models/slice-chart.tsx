"use client";

import { useElementSize } from "@mantine/hooks";
import { type RefObject } from "react";
import { metricInWords } from "@/components/runs/figures";
import { ticksAround, tickWriter } from "@/components/ui/axis-ticks";
import { BottomAxis, Plot, scaleBetween } from "@/components/ui/chart";
import type { Slice } from "@/lib/contracts/model-slices";
import { sliceName } from "@/lib/domain/outcomes/slices";
import classes from "./evaluation.module.css";

const ROW = 26;
const MARGINS = { right: 16, top: 8, bottom: 40 };
/** Some seven pixels for a letter of twelve. */
const LETTER = 7;
const LONGEST_NAME = 18;

/** A metric of every slice with its interval, beside the whole as a line. */
export function SliceChart({
  title,
  metric,
  axis,
  whole,
  slices,
  drawn,
}: {
  title: string;
  metric: string;
  axis: { title: string; unit: string | null };
  /** The metric on all rows of the part. */
  whole: number;
  slices: readonly Slice[];
  /** Around the picture, to be saved. */
  drawn: RefObject<HTMLDivElement | null>;
}) {
  const { ref, width: place } = useElementSize<HTMLDivElement>();
  // The server does not know the place that there is; every screen has this much.
  const width = Math.min(560, place || 280);
  const shown = slices.flatMap((slice) => {
    const value = slice.metrics[metric];
    return value === undefined ? [] : [{ slice, value, ends: slice.intervals[metric] }];
  });
  const all = shown.flatMap(({ value, ends }) => [value, ...(ends ?? [])]);
  const ticks = ticksAround(Math.min(whole, ...all), Math.max(whole, ...all));
  const cut = (name: string) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);
  const longest = Math.max(...shown.map(({ slice }) => cut(sliceName(slice)).length), 4);
  const left = Math.min(width * 0.4, longest * LETTER + 12);
  const height = MARGINS.top + shown.length * ROW + MARGINS.bottom;
  const area = { ...MARGINS, left, width, height };
  const x = scaleBetween(ticks[0] ?? 0, ticks.at(-1) ?? 1, left, width - area.right);
  const write = tickWriter(ticks);
  // Beside each other more texts than these would not be read.
  const step = Math.max(1, Math.ceil((ticks.length * 44) / (width - left)));
  return (
    <div ref={ref}>
      <div ref={drawn}>
        <Plot
          area={area}
          label={`${title}: ${axis.title} of ${shown.length} slices with intervals, beside ${metricInWords(metric, whole)} of all rows.`}
        >
          <line x1={x(whole)} x2={x(whole)} y1={MARGINS.top} y2={height - MARGINS.bottom} className={classes.whole} />
          {shown.map(({ slice, value, ends }, at) => {
            const y = MARGINS.top + (at + 0.5) * ROW;
            const text = `${sliceName(slice)}: ${metricInWords(metric, value)}${ends ? `, ${ends.map((end) => metricInWords(metric, end)).join(" to ")}` : ""}`;
            return (
              <g key={`${slice.kind} ${slice.name}`}>
                <title>{text}</title>
                <text x={left - 8} y={y + 4} textAnchor="end" className={classes.name}>
                  {cut(sliceName(slice))}
                </text>
                <line x1={left} x2={width - area.right} y1={y} y2={y} className={classes.row} />
                {ends && <line x1={x(ends[0])} x2={x(ends[1])} y1={y} y2={y} className={classes.interval} />}
                <circle cx={x(value)} cy={y} r={4} className={classes.dot} />
              </g>
            );
          })}
          <BottomAxis
            area={area}
            marks={ticks.filter((_, at) => at % step === 0).map((tick) => ({ at: x(tick), text: write(tick) }))}
            axis={axis}
          />
        </Plot>
      </div>
    </div>
  );
}
