import { ticksWithin, tickWriter } from "@/components/ui/axis-ticks";
import type { Ends } from "./buckets";

/** A number below a chart; `at` is 0 at the left and 1 at the right. */
export interface ValueTick {
  at: number;
  text: string;
}

/** Round numbers below bars of equal width; bars for what lies beyond the edges stand at either end. */
export function valueTicks(edges: readonly number[], ends: Ends): ValueTick[] {
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined || !(last > first)) return [];
  const bars = edges.length - 1;
  const [before, after] = [ends.low ? 1 : 0, ends.high ? 1 : 0];
  const ticks = ticksWithin(first, last);
  const write = tickWriter(ticks);
  return ticks.map((tick) => ({
    at: (before + ((tick - first) / (last - first)) * bars) / (before + bars + after),
    text: write(tick),
  }));
}
