import { MOST_GROUPS, type Overview } from "@/lib/contracts/overviews";
import { arePartial } from "@/lib/domain/drift/partial-window";
import { DomainError } from "@/lib/domain/errors";
import { groupBy } from "@/lib/domain/group-by";
import {
  compareGroups,
  defaultGroups,
  partGroup,
  type ComparisonGroup,
  versionGroup,
  windowGroup,
} from "@/lib/domain/profiles/comparison-group";

const DAY_MS = 86_400_000;

/** Which rows a stored profile is of. */
export interface ProfiledRows {
  part: string;
  windowFrom: Date | null;
  windowTo: Date | null;
}

/** With how many rows the largest of its profiles has. */
export interface CountedRows extends ProfiledRows {
  _max: { rows: bigint | null };
}

/** The group that a profile belongs to; null for a part in a window, which is no group of its own. */
export function groupOf({ part, windowFrom, windowTo }: ProfiledRows): ComparisonGroup | null {
  if (!windowFrom || !windowTo) return partGroup(part);
  return part === "all" ? windowGroup(windowFrom, windowTo) : null;
}

/** Every group that the profiles and the versions make, in the order in which people read them. */
export function availableGroups(profiled: readonly ProfiledRows[], versions: readonly number[]): ComparisonGroup[] {
  const groups = [...profiled.flatMap((rows) => groupOf(rows) ?? []), ...versions.map(versionGroup)];
  return [...new Map(groups.map((group) => [group.key, group])).values()].sort(compareGroups);
}

/** Keys of the windows that data cover in part, as one day of a month, among windows of one length. */
export function partialWindows(profiled: readonly CountedRows[]): Set<string> {
  const byLength = groupBy(
    profiled.flatMap(({ windowFrom, windowTo, ...rows }) => {
      const group = groupOf({ windowFrom, windowTo, ...rows });
      return group?.kind === "window" && windowFrom && windowTo
        ? [
            {
              key: group.key,
              from: windowFrom.getTime(),
              days: Math.round((windowTo.getTime() - windowFrom.getTime()) / DAY_MS),
              rows: Number(rows._max.rows ?? 0),
            },
          ]
        : [];
    }),
    ({ days }) => (days >= 28 ? "month" : days),
  );
  return new Set(
    [...byLength.values()].flatMap((windows) => {
      const byTime = windows.toSorted((one, other) => one.from - other.from);
      const partial = arePartial(byTime.map(({ rows }) => rows));
      return byTime.flatMap(({ key }, at) => (partial[at] ? [key] : []));
    }),
  );
}

/** What tells the profiles of these groups from all others: a dataset may have been profiled day by day. */
export function rowsOfGroups(profiled: readonly ProfiledRows[], groups: readonly ComparisonGroup[]): ProfiledRows[] {
  const keys = new Set(groups.map((group) => group.key));
  const isVersion = groups.some((group) => group.kind === "version");
  return [
    ...profiled
      .filter((rows) => keys.has(groupOf(rows)?.key ?? ""))
      .map(({ part, windowFrom, windowTo }) => ({ part, windowFrom, windowTo })),
    ...(isVersion ? [{ part: "all", windowFrom: null, windowTo: null }] : []),
  ];
}

/** The groups that were asked for, in that order. Throws `invalid` for one that there is not, naming those that there are. */
export function chooseGroups(available: readonly ComparisonGroup[], asked: string | undefined): ComparisonGroup[] {
  const keys = [...new Set((asked ?? "").split(",").filter(Boolean))];
  if (keys.length === 0) return defaultGroups(available);
  if (keys.length > MOST_GROUPS)
    throw invalid(`At most ${MOST_GROUPS} groups can be compared at once; ${keys.length} were asked for.`, asked);
  return keys.map((key) => {
    const group = available.find((candidate) => candidate.key === key);
    if (group) return group;
    const known = available.map((candidate) => candidate.key);
    throw invalid(
      `There is no group \`${key}\`. ${known.length > 0 ? `There are ${known.slice(0, 30).join(", ")}.` : "Nothing has been profiled yet."}`,
      asked,
    );
  });
}

function invalid(message: string, found: string | undefined): DomainError {
  return new DomainError("invalid", message, {
    issues: [
      { path: ["query", "groups"], message: "expected keys of groups with commas between, such as train,test", found },
    ],
  });
}

/** Answers a question in the words of the version before, in which comparison groups were `sides`; other questions as they are. */
export async function inEarlierWords<Query extends { groups?: string; sides?: string }>(
  query: Query,
  answer: (query: Query) => Promise<Overview>,
): Promise<Overview> {
  if (query.sides === undefined) return answer(query);
  const overview = await answer({ ...query, groups: query.groups ?? query.sides });
  const items = overview.items.map((item) => ({ ...item, sides: item.groups }));
  return { ...overview, sides: overview.groups, items };
}
