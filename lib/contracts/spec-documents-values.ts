/** Seconds in each unit that a duration may have. */
const UNITS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** What the registry's integer column holds: 68 years. */
export const MOST_SECONDS = 2 ** 31 - 1;

/** `7d` → 604800; a bare number is seconds. Null for what is no duration of whole seconds. */
export function toSeconds(value: string | number): number | null {
  const found = /^(\d+(?:\.\d+)?)\s*([smhdw]?)$/.exec(String(value).trim());
  if (!found) return null;
  const seconds = Number(found[1]) * UNITS[(found[2] || "s") as keyof typeof UNITS];
  return Number.isInteger(seconds) && seconds <= MOST_SECONDS ? seconds : null;
}

/** 604800 → `7d`, in the largest unit that needs no fraction but weeks, which people read as days. */
export function toDuration(seconds: number): string | number {
  if (seconds === 0) return 0;
  for (const unit of ["d", "h", "m"] as const)
    if (seconds % UNITS[unit] === 0) return `${seconds / UNITS[unit]}${unit}`;
  return `${seconds}s`;
}

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A date is its midnight, an instant without a zone is in UTC. Null for what is neither, or not in the calendar. */
export function toInstant(value: string): string | null {
  const found = INSTANT.exec(value.trim().replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, "$1T"));
  if (!found) return null;
  const [whole, year, month, day, hour, , , zone] = found;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
  const instant = hour === undefined ? `${whole}T00:00:00Z` : zone === undefined ? `${whole}Z` : whole;
  return Number.isNaN(Date.parse(instant)) ? null : instant;
}
