"use client";

import { Group, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useRef } from "react";
import { groupStyle } from "@/components/distributions/part-colour";
import { ticksAround, tickWriter } from "@/components/ui/axis-ticks";
import {
  type AxisTitle,
  axisText,
  BottomAxis,
  Legend,
  LegendEntry,
  Plot,
  scaleBetween,
  ValueAxis,
} from "@/components/ui/chart";
import { pictureOf } from "@/components/ui/drawn-picture";
import { PictureMenu } from "@/components/ui/picture-menu";
import { SaveCsvIcon } from "@/components/ui/save-csv-icon";
import { saveCsv } from "@/components/ui/save-file";
import { csvLine } from "@/lib/domain/csv";
import classes from "./evaluation.module.css";

const HEIGHT = 240;
const MARGINS = { left: 52, right: 12, top: 10, bottom: 40 };

export interface CurveLine {
  /** Part of the split. */
  part: string;
  points: readonly (readonly [x: number, y: number])[];
}

/** One picture of several parts as lines, with its axes, a legend, and its points as a file. */
export function CurveChart({
  title,
  file,
  axes,
  lines,
  bounds,
  diagonal = false,
  dots = false,
}: {
  title: string;
  /** Name of the file, without its ending. */
  file: string;
  axes: readonly [x: AxisTitle, y: AxisTitle];
  lines: readonly CurveLine[];
  /** Of both axes; those of the points when left out. */
  bounds?: readonly [low: number, high: number];
  /** Draw the line on which both axes agree. */
  diagonal?: boolean;
  dots?: boolean;
}) {
  const { ref, width: place } = useElementSize<HTMLDivElement>();
  const drawn = useRef<HTMLDivElement>(null);
  // The server does not know the place that there is; every screen has this much.
  const width = Math.min(460, place || 280);
  const shown = lines.filter(({ points }) => points.length > 0);
  if (shown.length === 0) return null;
  const all = shown.flatMap(({ points }) => points);
  const spread = (at: 0 | 1) => {
    const values = bounds ?? all.map((point) => point[at]);
    return ticksAround(Math.min(...values), Math.max(...values));
  };
  const [xTicks, yTicks] = [spread(0), spread(1)];
  const area = { ...MARGINS, width, height: HEIGHT };
  const x = scaleBetween(xTicks[0] ?? 0, xTicks.at(-1) ?? 1, area.left, width - area.right);
  const y = scaleBetween(yTicks[0] ?? 0, yTicks.at(-1) ?? 1, HEIGHT - area.bottom, area.top);
  const [writeX, writeY] = [tickWriter(xTicks), tickWriter(yTicks)];
  const ends = [Math.max(xTicks[0] ?? 0, yTicks[0] ?? 0), Math.min(xTicks.at(-1) ?? 1, yTicks.at(-1) ?? 1)] as const;
  const save = () =>
    saveCsv(
      file,
      csvLine(["part", ...axes.map(axisText)]),
      ...shown.flatMap(({ part, points }) => points.map((point) => csvLine([part, ...point]))),
    );
  return (
    <figure className={classes.chart} ref={ref}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text component="figcaption" size="sm" fw={500}>
          {title}
        </Text>
        <Group gap={2} wrap="nowrap">
          <SaveCsvIcon of={title} onSave={save} />
          <PictureMenu name={file} label={title} draw={() => pictureOf(drawn.current)} />
        </Group>
      </Group>
      <div ref={drawn} style={{ minHeight: HEIGHT }}>
        <Plot
          area={area}
          label={`${title}: ${axisText(axes[1])} by ${axisText(axes[0])}, for ${shown.map(({ part }) => part).join(", ")}.`}
        >
          <ValueAxis area={area} ticks={yTicks} y={y} axis={axes[1]} />
          <BottomAxis area={area} marks={xTicks.map((tick) => ({ at: x(tick), text: writeX(tick) }))} axis={axes[0]} />
          {diagonal && (
            <line x1={x(ends[0])} y1={y(ends[0])} x2={x(ends[1])} y2={y(ends[1])} className={classes.diagonal} />
          )}
          {shown.map(({ part, points }, at) => {
            const { colour, dash } = groupStyle(part, at);
            return (
              <g key={part}>
                <polyline
                  points={points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(" ")}
                  fill="none"
                  stroke={colour}
                  strokeWidth={2}
                  strokeDasharray={dash}
                />
                {dots &&
                  points.map(([px, py]) => (
                    <circle key={px} cx={x(px)} cy={y(py)} r={3} fill={colour}>
                      <title>{`${part}: ${writeX(px)} → ${writeY(py)}`}</title>
                    </circle>
                  ))}
              </g>
            );
          })}
        </Plot>
      </div>
      <Legend>
        {shown.map(({ part }, at) => {
          const { colour, dash } = groupStyle(part, at);
          return (
            <LegendEntry
              key={part}
              sign={<line x1={0} x2={22} y1={5} y2={5} stroke={colour} strokeWidth={2} strokeDasharray={dash} />}
            >
              {part}
            </LegendEntry>
          );
        })}
      </Legend>
    </figure>
  );
}
