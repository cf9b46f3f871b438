/** Rows of a dataset that can be looked at beside others: a part, a window of the event time, or another version of it. */
export interface ComparisonGroup {
  /** As it stands in a URL: `train`, `2001-01`, `2001-01-08`, `v2`. */
  key: string;
  kind: "part" | "window" | "version";
  /** For people: `train`, `Jan 2001`, `week of 8 Jan 2001`, `version 2`. */
  label: string;
}

/** Parts in the order in which people read them; others follow by name. */
const PARTS = ["all", "train", "validation", "test", "serving"];
const DAY_MS = 86_400_000;

export function partGroup(part: string): ComparisonGroup {
  return { key: part, kind: "part", label: part === "all" ? "all rows" : part };
}

export function versionGroup(version: number): ComparisonGroup {
  return { key: `v${version}`, kind: "version", label: `version ${version}` };
}

/** `[from, to)` of the event time. A calendar month is named by year and month, anything else by the day on which it begins. */
export function windowGroup(from: Date, to: Date): ComparisonGroup {
  const [day] = from.toISOString().split("T") as [string];
  const nextMonth = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1);
  if (from.getUTCDate() === 1 && to.getTime() === nextMonth)
    return { key: day.slice(0, 7), kind: "window", label: format(from, { month: "short", year: "numeric" }) };
  const words = format(from, { day: "numeric", month: "short", year: "numeric" });
  const days = Math.round((to.getTime() - from.getTime()) / DAY_MS);
  return {
    key: day,
    kind: "window",
    label: days === 1 ? words : days === 7 ? `week of ${words}` : `${days} days from ${words}`,
  };
}

/** Parts first in the order of their roles, then windows in time, then versions, the newest first. */
export function compareGroups(one: ComparisonGroup, other: ComparisonGroup): number {
  const kinds = ["part", "window", "version"];
  if (one.kind !== other.kind) return kinds.indexOf(one.kind) - kinds.indexOf(other.kind);
  if (one.kind === "version") return Number(other.key.slice(1)) - Number(one.key.slice(1));
  const rank = ({ key }: ComparisonGroup) => (PARTS.includes(key) ? PARTS.indexOf(key) : PARTS.length);
  return rank(one) - rank(other) || (one.key < other.key ? -1 : Number(one.key > other.key));
}

/** What is compared unless somebody asks otherwise: the parts of the split, else all rows, else whatever there is first. */
export function defaultGroups(available: readonly ComparisonGroup[]): ComparisonGroup[] {
  const roles = available.filter(({ kind, key }) => kind === "part" && key !== "all");
  const all = available.filter(({ key }) => key === "all");
  return roles.length > 0 ? roles.slice(0, 4) : all.length > 0 ? all : available.slice(0, 1);
}

const format = (at: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(at);
