import { DomainError } from "../errors";

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Microseconds since 1970 of an ISO 8601 date or instant; naive ones are UTC. Digits beyond the microsecond are rounded
 * up or down as told, so that a window can be widened rather than cut: a proof of disjointness must not come from rounding.
 * Throws `invalid` for anything else.
 */
export function microsecondsOf(text: string, rounding: "up" | "down"): number {
  const [, date, time = "00:00", seconds = "00", fraction = "", zone = "Z"] = ISO.exec(text) ?? [];
  const milliseconds = date === undefined || !isDay(date) ? NaN : Date.parse(`${date}T${time}:${seconds}.000${zone}`);
  if (Number.isNaN(milliseconds)) {
    throw new DomainError(
      "invalid",
      `\`${text}\` is not a time. Expected an ISO 8601 date or instant, such as 2001-06-01.`,
      {
        issues: [{ path: [], message: "Not a time.", expected: "an ISO 8601 date or instant", found: text }],
      },
    );
  }
  const digits = fraction.padEnd(9, "0");
  const rest = rounding === "up" && Number(digits.slice(6)) > 0 ? 1 : 0;
  return milliseconds * 1000 + Number(digits.slice(0, 6)) + rest;
}

/** `Date.parse` takes 30 February for 1 March. */
function isDay(date: string): boolean {
  const milliseconds = Date.parse(date);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(date);
}

export const MICROSECONDS_PER_DAY = 86_400_000_000;

/** The inverse, to the millisecond below: a date when it is midnight UTC, an instant otherwise. */
export function isoOf(microseconds: number): string {
  const text = new Date(Math.floor(microseconds / 1000)).toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
}
