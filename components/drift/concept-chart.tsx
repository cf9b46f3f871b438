"use client";

import { useElementSize } from "@mantine/hooks";
import { ticksAround } from "@/components/ui/axis-ticks";
import { BottomAxis, Plot, scaleBetween, ValueAxis } from "@/components/ui/chart";
import type { ConceptPoint, ConceptSeries } from "@/lib/contracts/concept-drift";
import { isAlarming, metricText, windowText } from "./concept-words";
import classes from "./concept.module.css";

const HEIGHT = 276;
const MOST = 1100;
const LABEL_WIDTH = 92;
const MARGINS = { left: 58, right: 14, top: 14, bottom: 42 };

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
  const area = { ...MARGINS, width, height: HEIGHT };
  const middleOf = (point: ConceptPoint) => (Date.parse(point.from) + Date.parse(point.to)) / 2;
  const alongTime = scaleBetween(
    Date.parse((points[0] as Known).from),
    Date.parse((points.at(-1) as Known).to),
    area.left,
    width - area.right,
  );
  const x = (point: ConceptPoint) => alongTime(middleOf(point));
  const y = scaleBetween(ticks[0] ?? 0, ticks.at(-1) ?? 1, HEIGHT - area.bottom, area.top);
  const plotWidth = width - area.left - area.right;
  const banded = points.filter((point) => point.lower !== null && point.upper !== null);
  const outline = [
    ...banded.map((point) => `${x(point)},${y(point.upper as number)}`),
    ...banded.toReversed().map((point) => `${x(point)},${y(point.lower as number)}`),
  ].join(" ");
  // Windows may be missing, so that labels are kept apart by their place and not by their number.
  let labelled = Number.NEGATIVE_INFINITY;
  const marks: { at: number; text: string }[] = [];
  for (const point of points)
    if (x(point) - labelled >= LABEL_WIDTH) {
      labelled = x(point);
      marks.push({ at: labelled, text: windowText(point, series.window) });
    }
  return (
    <div ref={ref} style={{ minHeight: HEIGHT }}>
      <Plot
        area={area}
        label={`${series.metricName} of ${series.model} by ${series.window}, ${points.length} windows${evaluation ? `, against ${metricText(evaluation.value)} in ${evaluation.words}` : ""}. The table has the numbers.`}
      >
        <ValueAxis area={area} ticks={ticks} y={y} axis={{ title: series.metricName }} />
        <BottomAxis area={area} marks={marks} axis={{ title: `${series.window} of the prediction`, unit: "UTC" }} />
        {evaluation && evaluation.lower !== null && evaluation.upper !== null && (
          <rect
            x={area.left}
            width={plotWidth}
            y={y(evaluation.upper)}
            height={Math.max(3, y(evaluation.lower) - y(evaluation.upper))}
            className={classes.evaluation}
          />
        )}
        {evaluation && (
          <line
            x1={area.left}
            x2={width - area.right}
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
              {isChosen && <line x1={at} x2={at} y1={area.top} y2={HEIGHT - area.bottom} className={classes.chosen} />}
              {point.lower !== null && point.upper !== null && (
                <line x1={at} x2={at} y1={y(point.lower)} y2={y(point.upper)} className={classes.whisker} />
              )}
              {isAlarming(point) ? (
                <path d={`M${at} ${up - 9} l8 14 h-16 z`} className={classes.alarm} />
              ) : (
                <circle cx={at} cy={up} r={4} className={classes.point} />
              )}
            </g>
          );
        })}
      </Plot>
    </div>
  );
}
