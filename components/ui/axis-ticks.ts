import { niceEdges } from "@/components/dive/layout/nice-steps";

/** Steps of an axis: few enough to be read at a glance. */
const STEPS = 5;

/** Round numbers of which the first is at most `least` and the last at least `most`, for an axis that ends at round numbers. */
export function ticksAround(least: number, most: number): number[] {
  if (most > least) return niceEdges(least, most, STEPS);
  const room = (Math.abs(least) || 1) / 2;
  return niceEdges(least - room, least + room, STEPS);
}

/** Round numbers from `least` to `most`, for an axis that ends where the data end. */
export function ticksWithin(least: number, most: number): number[] {
  if (!(most > least)) return [least];
  // The outermost steps are cut off.
  return niceEdges(least, most, STEPS + 2).filter((tick) => tick >= least && tick <= most);
}

/** Writes ticks with as many decimals as the finest of them has. */
export function tickWriter(ticks: readonly number[]): (tick: number) => string {
  const decimals = Math.max(0, ...ticks.map((tick) => tick.toFixed(12).replace(/^[^.]*\.|0+$/g, "").length));
  const format = new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return (tick) => format.format(tick).replace("-", "−");
}
