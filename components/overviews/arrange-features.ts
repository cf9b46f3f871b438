import type { OverviewFeature, OverviewFigures } from "@/lib/contracts/overviews";
import type { OverviewSort } from "./overview-state";

export interface OverviewFilter {
  sort: OverviewSort;
  /** Regular expression on the name. */
  filter: string;
  types: readonly string[];
  entity: string | null;
}

export const entityOf = (feature: OverviewFeature) => feature.feature.split(".")[0] ?? "";

/** The pattern, and why it is none: then it lets everything through. */
export function readPattern(text: string): { pattern: RegExp | null; trouble: string | null } {
  if (text === "") return { pattern: null, trouble: null };
  try {
    return { pattern: new RegExp(text, "i"), trouble: null };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
    return { pattern: null, trouble: `No regular expression: ${why}` };
  }
}

/** The features that the filters let through, in order. What has no figure to sort by comes last. */
export function arrangeFeatures(features: readonly OverviewFeature[], filter: OverviewFilter): OverviewFeature[] {
  const { pattern } = readPattern(filter.filter);
  const found = features.filter(
    (feature) =>
      (!pattern || pattern.test(feature.name) || pattern.test(feature.feature)) &&
      (filter.types.length === 0 || (feature.kind !== null && filter.types.includes(feature.kind))) &&
      (filter.entity === null || entityOf(feature) === filter.entity),
  );
  if (filter.sort === "order") return found;
  if (filter.sort === "name") return found.sort(byName);
  const rank = RANKS[filter.sort];
  return found
    .map((feature) => ({ feature, at: rank(feature) }))
    .sort((one, other) => one.at - other.at || byName(one.feature, other.feature))
    .map(({ feature }) => feature);
}

function byName(one: OverviewFeature, other: OverviewFeature): number {
  return one.name < other.name ? -1 : Number(one.name > other.name);
}

/** What a reader looks for comes first: the smallest entropy, the greatest share, distance and severity. */
const RANKS: Record<Exclude<OverviewSort, "order" | "name">, (feature: OverviewFeature) => number> = {
  missing: ({ groups }) => -Math.max(0, ...groups.map((group) => (group ? missingOrZero(group) : 0))),
  uniformity: ({ nonUniformity }) => nonUniformity ?? Number.MAX_VALUE,
  distance: ({ distance }) => -(distance ?? -1),
  drift: ({ severity }) => -(severity ?? -1),
};

/** Share of rows without a value or with zero. */
function missingOrZero({ rows, missing, zeros = 0, nan = 0 }: OverviewFigures): number {
  return rows === 0 ? 0 : (missing + zeros + nan) / rows;
}
