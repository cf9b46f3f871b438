"use client";

import { useElementSize } from "@mantine/hooks";
import type { LeakageProof, PlaneBox } from "@/lib/contracts/leakage";
import classes from "./usage.module.css";

/** In pixels; the width is the place that there is. */
const SIZE = { width: 640, height: 240, left: 56, right: 26, top: 12, bottom: 34 };
const DAY = 86_400_000;

interface Area {
  box: PlaneBox;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The rows of one fit, or the model's own training rows when no estimator is named, and the test rows, where time runs to the right and buckets of the split upwards. */
export function RowSetPlane({ plane, estimator }: { plane: LeakageProof["plane"]; estimator: string | null }) {
  const { ref, width: place } = useElementSize();
  const width = place || SIZE.width;
  const boxes = plane.boxes.filter((box) => (box.set === "fit" ? box.name === estimator : true));
  const axis = axisOf(plane, Math.max(2, Math.floor((width - SIZE.left - SIZE.right) / 64)));
  const keys = [...new Set(boxes.flatMap((box) => box.key ?? []))];
  const [plotWidth, plotHeight] = [width - SIZE.left - SIZE.right, SIZE.height - SIZE.top - SIZE.bottom];
  const x = (instant: string | null, otherwise: number) =>
    instant === null || !axis
      ? otherwise
      : SIZE.left + ((Date.parse(instant) - axis.from) / (axis.to - axis.from)) * plotWidth;
  const areas = boxes.map((box): Area => {
    const [from, to] = [x(box.from, SIZE.left), x(box.to, width - SIZE.right)];
    return {
      box,
      x: from,
      width: to - from,
      y: SIZE.top + (1 - box.high) * plotHeight,
      height: (box.high - box.low) * plotHeight,
    };
  });
  const seen = overlaps(areas, estimator === null ? "train" : "fit");
  return (
    <figure className={classes.plane} ref={ref}>
      <svg
        viewBox={`0 0 ${width} ${SIZE.height}`}
        role="img"
        aria-label={`Time and buckets of ${estimator === null ? "the training rows" : `the fit of ${estimator}`} and of the test rows: ${seen.length > 0 ? "they overlap" : "they do not overlap"}.`}
      >
        <defs>
          <pattern id="plane-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="8" className={classes.hatch} />
          </pattern>
        </defs>
        <rect x={SIZE.left} y={SIZE.top} width={plotWidth} height={plotHeight} className={classes.frame} />
        {["train", "test", "fit"].map((set) =>
          areas
            .filter(({ box }) => box.set === set)
            .map((area, index) => (
              <rect
                key={`${set}${index}`}
                x={area.x}
                y={area.y}
                width={Math.max(2, area.width)}
                height={Math.max(2, area.height)}
                className={classes.box}
                data-set={set}
              >
                <title>{wordsOf(area.box)}</title>
              </rect>
            )),
        )}
        {seen.map((area, index) => (
          <rect key={index} {...area} fill="url(#plane-hatch)" className={classes.seen} />
        ))}
        {seen[0] && (
          <text x={seen[0].x + seen[0].width / 2} y={SIZE.top + 18} textAnchor="middle" className={classes.seenLabel}>
            seen
          </text>
        )}
        {axis?.ticks.map(({ at, label }) => (
          <g key={at}>
            <line
              x1={x(new Date(at).toISOString(), 0)}
              x2={x(new Date(at).toISOString(), 0)}
              y1={SIZE.top + plotHeight}
              y2={SIZE.top + plotHeight + 5}
              className={classes.tickLine}
            />
            <text
              x={x(new Date(at).toISOString(), 0)}
              y={SIZE.height - 16}
              textAnchor="middle"
              className={classes.tick}
            >
              {label}
            </text>
          </g>
        ))}
        <text x={SIZE.left - 8} y={SIZE.top + 10} textAnchor="end" className={classes.tick}>
          {keys.length > 0 ? "last" : "all"}
        </text>
        <text x={SIZE.left - 8} y={SIZE.top + plotHeight} textAnchor="end" className={classes.tick}>
          {keys.length > 0 ? "first" : ""}
        </text>
        <text
          transform={`translate(14,${SIZE.top + plotHeight / 2}) rotate(-90)`}
          textAnchor="middle"
          className={classes.tick}
        >
          {keys.length > 0 ? `bucket of ${keys.join(", ")} →` : "buckets →"}
        </text>
        <text x={width - SIZE.right} y={SIZE.height - 2} textAnchor="end" className={classes.tick}>
          time →
        </text>
      </svg>
      <figcaption>
        <ul className={classes.legend}>
          {boxes.map((box, index) => (
            <li key={index}>
              <span className={classes.key} data-set={box.set} aria-hidden="true" />
              {wordsOf(box)}
            </li>
          ))}
          {seen.length > 0 && (
            <li>
              <span className={classes.key} data-set="seen" aria-hidden="true" />
              test rows that the fit has seen
            </li>
          )}
        </ul>
      </figcaption>
    </figure>
  );
}

const SETS = { fit: "fit of", train: "training rows of", test: "test rows of" } as const;
const day = (instant: string | null, otherwise: string) => instant?.slice(0, 10) ?? otherwise;

function wordsOf({ set, name, dataset, from, to, low, high, key }: PlaneBox): string {
  const buckets =
    low === 0 && high === 1 ? "" : `, buckets ${Math.round(low * 100)}–${Math.round(high * 100)} % of ${key}`;
  return `${SETS[set]} ${name}: ${dataset}, ${day(from, "the beginning")} to ${day(to, "the end")}${buckets}`;
}

/** Where a fit's rectangle and a test's share an area. Rows of different datasets are not comparable. */
function overlaps(areas: Area[], fit: PlaneBox["set"]) {
  const tests = areas.filter(({ box }) => box.set === "test");
  return areas
    .filter(({ box }) => box.set === fit)
    .flatMap((fit) =>
      tests.flatMap((test) => {
        if (fit.box.dataset !== test.box.dataset) return [];
        const [left, top] = [Math.max(fit.x, test.x), Math.max(fit.y, test.y)];
        const width = Math.min(fit.x + fit.width, test.x + test.width) - left;
        const height = Math.min(fit.y + fit.height, test.y + test.height) - top;
        return width > 0 && height > 0 ? [{ x: left, y: top, width, height }] : [];
      }),
    );
}

/** Month ticks, at most as many as have room. */
function axisOf({ from, to }: LeakageProof["plane"], most: number) {
  if (from === null || to === null) return null;
  const [start, end] = [Date.parse(from), Math.max(Date.parse(to), Date.parse(from) + DAY)];
  const months = Math.max(1, Math.ceil((end - start) / (30.4 * DAY)));
  const stride = Math.ceil((months + 1) / most);
  const ticks: { at: number; label: string }[] = [];
  const first = new Date(start);
  for (let index = 0; ; index += stride) {
    const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + index, 1);
    if (at > end) break;
    if (at >= start) ticks.push({ at, label: new Date(at).toISOString().slice(0, 7) });
  }
  return { from: start, to: end, ticks };
}
