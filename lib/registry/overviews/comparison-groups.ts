import { MOST_SIDES } from "@/lib/contracts/overviews";
import { DomainError } from "@/lib/domain/errors";
import {
  compareGroups,
  defaultGroups,
  partGroup,
  type ComparisonGroup,
  versionGroup,
  windowGroup,
} from "@/lib/domain/profiles/comparison-group";

/** Which rows a stored profile is of. */
export interface ProfiledRows {
  part: string;
  windowFrom: Date | null;
  windowTo: Date | null;
}

/** The side that a profile belongs to; null for a part in a window, which is no side of its own. */
export function groupOf({ part, windowFrom, windowTo }: ProfiledRows): ComparisonGroup | null {
  if (!windowFrom || !windowTo) return partGroup(part);
  return part === "all" ? windowGroup(windowFrom, windowTo) : null;
}

/** Every side that the profiles and the versions make, in the order in which people read them. */
export function availableGroups(profiled: readonly ProfiledRows[], versions: readonly number[]): ComparisonGroup[] {
  const sides = [...profiled.flatMap((rows) => groupOf(rows) ?? []), ...versions.map(versionGroup)];
  return [...new Map(sides.map((side) => [side.key, side])).values()].sort(compareGroups);
}

/** What tells the profiles of these sides from all others: a dataset may have been profiled day by day. */
export function rowsOfGroups(profiled: readonly ProfiledRows[], sides: readonly ComparisonGroup[]): ProfiledRows[] {
  const keys = new Set(sides.map((side) => side.key));
  const isVersion = sides.some((side) => side.kind === "version");
  return [
    ...profiled
      .filter((rows) => keys.has(groupOf(rows)?.key ?? ""))
      .map(({ part, windowFrom, windowTo }) => ({ part, windowFrom, windowTo })),
    ...(isVersion ? [{ part: "all", windowFrom: null, windowTo: null }] : []),
  ];
}

/** The sides that were asked for, in that order. Throws `invalid` for one that there is not, naming those that there are. */
export function chooseGroups(available: readonly ComparisonGroup[], asked: string | undefined): ComparisonGroup[] {
  const keys = [...new Set((asked ?? "").split(",").filter(Boolean))];
  if (keys.length === 0) return defaultGroups(available);
  if (keys.length > MOST_SIDES)
    throw invalid(`At most ${MOST_SIDES} sides can be compared at once; ${keys.length} were asked for.`, asked);
  return keys.map((key) => {
    const side = available.find((candidate) => candidate.key === key);
    if (side) return side;
    const known = available.map((candidate) => candidate.key);
    throw invalid(
      `There is no side \`${key}\`. ${known.length > 0 ? `There are ${known.slice(0, 30).join(", ")}.` : "Nothing has been profiled yet."}`,
      asked,
    );
  });
}

function invalid(message: string, found: string | undefined): DomainError {
  return new DomainError("invalid", message, {
    issues: [
      { path: ["query", "sides"], message: "expected keys of sides with commas between, such as train,test", found },
    ],
  });
}
