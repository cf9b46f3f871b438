"use client";

import { useElementSize } from "@mantine/hooks";
import { ticksAround, tickWriter } from "@/components/ui/axis-ticks";
import type { ConceptPoint, ConceptSeries } from "@/lib/contracts/concept-drift";
import { isAlarming, metricText, windowText } from "./concept-words";
import classes from "./concept.module.css";

const HEIGHT = 260;
const MOST = 1100;
const LABEL_WIDTH = 92;
const AXIS = { left: 56, right: 14, top: 14, bottom: 28 };

type Known = ConceptPoint & { value: number };

/** A model's metric by window with its interval, over the evaluation period's interval. The table beside it has the numbers. */
export function ConceptChart({ series, chosen }: { series: ConceptSeries; chosen: string | null }) {
  const { ref, width: place } = useElementSize<HTMLDivElement>();
  // The server does not know the place that there is; every screen has this much.
  const width = Math.min(MOST, place || 300);
  const { evaluation } = series;
  const points = series.points.filter((point): point is Known => point.value !== null);
  if (points.length === 0) return null;
  const values = [...points, ...(evaluation ? [evaluation] : [])].flatMap(({ value, lower, upper }) =>
    [value, lower, upper].filter((one) => one !== null),
  );
  const ticks = ticksAround(Math.min(...values), Math.max(...values));
  const write = tickWriter(ticks);
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const first = Date.parse((points[0] as Known).from);
  const last = Date.parse((points.at(-1) as Known).to);
  const [plotWidth, plotHeight] = [width - AXIS.left - AXIS.right, HEIGHT - AXIS.top - AXIS.bottom];
  const x = (point: ConceptPoint) =>
    AXIS.left + (((Date.parse(point.from) + Date.parse(point.to)) / 2 - first) / (last - first)) * plotWidth;
  const y = (value: number) => AXIS.top + (1 - (value - low) / (high - low)) * plotHeight;
  const banded = points.filter((point) => point.lower !== null && point.upper !== null);
  const outline = [
    ...banded.map((point) => `${x(point)},${y(point.upper as number)}`),
    ...banded.toReversed().map((point) => `${x(point)},${y(point.lower as number)}`),
  ].join(" ");
  // Windows may be missing, so that labels are kept apart by their place and not by their number.
  let labelled = Number.NEGATIVE_INFINITY;
  const withLabel = new Set<string>();
  for (const point of points)
    if (x(point) - labelled >= LABEL_WIDTH) {
      labelled = x(point);
      withLabel.add(point.from);
    }
  return (
    <div ref={ref} style={{ minHeight: HEIGHT }}>
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        className={classes.chart}
        role="img"
        aria-label={`${series.metricName} of ${series.model} by ${series.window}, ${points.length} windows${evaluation ? `, against ${metricText(evaluation.value)} in ${evaluation.words}` : ""}. The table has the numbers.`}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={AXIS.left} x2={width - AXIS.right} y1={y(tick)} y2={y(tick)} className={classes.grid} />
            <text x={AXIS.left - 8} y={y(tick) + 4} textAnchor="end" className={classes.tick}>
              {write(tick)}
            </text>
          </g>
        ))}
        {evaluation && evaluation.lower !== null && evaluation.upper !== null && (
          <rect
            x={AXIS.left}
            width={plotWidth}
            y={y(evaluation.upper)}
            height={Math.max(3, y(evaluation.lower) - y(evaluation.upper))}
            className={classes.evaluation}
          />
        )}
        {evaluation && (
          <line
            x1={AXIS.left}
            x2={width - AXIS.right}
            y1={y(evaluation.value)}
            y2={y(evaluation.value)}
            className={classes.evaluationLine}
          />
        )}
        {banded.length > 1 && <polygon points={outline} className={classes.band} />}
        <polyline points={points.map((point) => `${x(point)},${y(point.value)}`).join(" ")} className={classes.line} />
        {points.map((point) => {
          const [at, up] = [x(point), y(point.value)];
          const isChosen = chosen !== null && point.from.startsWith(chosen);
          return (
            <g key={point.from}>
              <title>{`${windowText(point, series.window)}: ${point.explanation}`}</title>
              {isChosen && <line x1={at} x2={at} y1={AXIS.top} y2={HEIGHT - AXIS.bottom} className={classes.chosen} />}
              {point.lower !== null && point.upper !== null && (
                <line x1={at} x2={at} y1={y(point.lower)} y2={y(point.upper)} className={classes.whisker} />
              )}
              {isAlarming(point) ? (
                <path d={`M${at} ${up - 9} l8 14 h-16 z`} className={classes.alarm} />
              ) : (
                <circle cx={at} cy={up} r={4} className={classes.point} />
              )}
              {withLabel.has(point.from) && (
                <text x={at} y={HEIGHT - 8} textAnchor="middle" className={classes.tick}>
                  {windowText(point, series.window)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
