import type { FeatureProfile } from "@/lib/contracts/feature-detail";
import { barsOf, bucketsFor, type ChartOptions, endsOf, type Series } from "./buckets";
import { type ValueTick, valueTicks } from "./value-axis";

/** Profiles over each other: their bars, and round numbers below them where buckets are equally wide. */
export function chartOf(
  profiles: readonly FeatureProfile[],
  options: ChartOptions,
): { series: Series[]; axis: ValueTick[] | null } {
  const sides = profiles.map((profile) => bucketsFor(profile, options.edges));
  const ends = endsOf(sides);
  const isEven = options.edges === "even" && profiles.every(({ equalWidth }) => equalWidth !== null);
  const axis = isEven ? valueTicks(sides[0]?.edges ?? [], ends) : [];
  return {
    series: profiles.map(({ part }, at) => ({ part, bars: sides[at] ? barsOf(sides[at], options, { ends }) : [] })),
    axis: axis.length > 0 ? axis : null,
  };
}
