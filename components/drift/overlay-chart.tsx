"use client";

import { useElementSize } from "@mantine/hooks";
import { ticksAround, tickWriter } from "@/components/ui/axis-ticks";
import { type BarShares, percent } from "./bar-shares";
import classes from "./drift.module.css";

const HEIGHT = 220;
const MOST = 900;
/** A character of the ticks is about so many pixels wide. */
const CHARACTER = 6;
const AXIS = { left: 44, right: 8, top: 8, bottom: 26 };

/** Two distributions over the same buckets, as shares of each side's values: filled is the reference, outlined is the current side. */
export function OverlayChart({ bars, labels }: { bars: BarShares[]; labels: { reference: string; current: string } }) {
  const { ref, width: place } = useElementSize<HTMLDivElement>();
  // The server does not know the place that there is; every screen has this much.
  const width = Math.min(MOST, place || 320);
  const most = Math.max(...bars.flatMap((bar) => [bar.reference.share, bar.current.share]), 0.01);
  const [plotWidth, plotHeight] = [width - AXIS.left - AXIS.right, HEIGHT - AXIS.top - AXIS.bottom];
  const step = plotWidth / bars.length;
  const ticks = ticksAround(0, most * 100);
  const write = tickWriter(ticks);
  const top = (ticks.at(-1) ?? 100) / 100;
  const tall = (share: number) => (share / top) * plotHeight;
  return (
    <div ref={ref} style={{ minHeight: HEIGHT }}>
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        className={classes.chart}
        role="img"
        aria-label={`Share of values in ${bars.length} buckets, ${labels.reference} against ${labels.current}. The table has the numbers.`}
      >
        {ticks.map((tick) => {
          const y = AXIS.top + plotHeight - tall(tick / 100);
          return (
            <g key={tick}>
              <line x1={AXIS.left} x2={width - AXIS.right} y1={y} y2={y} className={classes.grid} />
              <text x={AXIS.left - 6} y={y + 4} textAnchor="end" className={classes.tick}>
                {`${write(tick)} %`}
              </text>
            </g>
          );
        })}
        {bars.map((bar, index) => {
          const x = AXIS.left + index * step;
          const reference = tall(bar.reference.share);
          const current = tall(bar.current.share);
          const base = AXIS.top + plotHeight;
          return (
            <g key={bar.label}>
              <title>{`${bar.label}: ${percent(bar.reference.share)} → ${percent(bar.current.share)}`}</title>
              <rect x={x} y={AXIS.top} width={step} height={plotHeight} fill="transparent" />
              <rect
                x={x + step * 0.08}
                y={base - reference}
                width={step * 0.84}
                height={reference}
                className={classes.reference}
              />
              <rect
                x={x + step * 0.08 + 1}
                y={base - current}
                width={Math.max(1, step * 0.84 - 2)}
                height={current}
                className={classes.current}
              />
            </g>
          );
        })}
        {labelled(bars, step).map(({ index, text, anchor }) => {
          const x = AXIS.left + (index + (anchor === "start" ? 0 : 0.5)) * step;
          const isBeyond = x + text.length * CHARACTER * (anchor === "start" ? 1 : 0.5) > width;
          return (
            <text
              key={index}
              x={isBeyond ? width : x}
              y={HEIGHT - 8}
              textAnchor={isBeyond ? "end" : anchor}
              className={classes.tick}
            >
              {text}
            </text>
          );
        })}
      </svg>
    </div>
  );
}

/**
 * Every bucket's label where each has room, else every second, third … An interval is named by where it begins: what is below
 * all edges begins nowhere.
 */
function labelled(
  bars: readonly BarShares[],
  step: number,
): { index: number; text: string; anchor: "start" | "middle" }[] {
  const labels = bars.map(({ label }, index) => {
    const low = INTERVAL.exec(label)?.slice(1).find(Boolean);
    if (low !== undefined)
      return {
        index,
        text: COMPACT.format(Number(low.replaceAll("−", "-"))).replace("-", "−"),
        anchor: "start" as const,
      };
    return { index, text: BELOW.test(label) ? "" : label.replaceAll('"', ""), anchor: "middle" as const };
  });
  const room = Math.max(5, Math.floor(step / CHARACTER));
  const longest = Math.max(...labels.map(({ text }) => Math.min(text.length, 12)));
  const stride = Math.max(1, Math.ceil((longest + 1) / (step / CHARACTER)));
  return labels
    .filter(({ index }) => index % stride === 0)
    .map((label) => ({ ...label, text: shortened(label.text, Math.max(room * stride, 5)) }));
}

/** "−22.1 to 0.638", "0.638 and above", "above 12.3"; requests of before keep "[-22.1, 0.638)" as evidence. */
const INTERVAL = /^(?:\[?([-−\d.e+]+)(?: to |, | and above)|above ([-−\d.e+]+)$)/;
const BELOW = /^below [-−\d.e+]+$/;

const COMPACT = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, notation: "compact" });

const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
