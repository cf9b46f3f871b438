/** Windows of the event time that profiles are made for, numbered from the first of the year 1; 0 has the rows of no window. */
import type { ProfileWindow } from "@/lib/domain/definitions/source";

const DAY_MS = 86_400_000;
/** 0001-01-01, a Monday. */
const FIRST_MS = -719_162 * DAY_MS;
const FIRST = "TIMESTAMP '0001-01-01'";
/** Beyond it, and for infinite times, there are no windows: no calendar of JavaScript or PostgreSQL shows them all. */
const END = "TIMESTAMP '9999-01-01'";
const MONTHS_A_YEAR = 12;

/** SQL of the number of the window that holds a time. */
export function windowNumber(every: ProfileWindow, time: string): string {
  const day = `date_diff('day', ${FIRST}, ${time})`;
  const number = {
    day: `${day} + 1`,
    week: `${day} // 7 + 1`,
    month: `(year(${time}) - 1) * ${MONTHS_A_YEAR} + month(${time})`,
  }[every];
  return `CASE WHEN ${time} >= ${FIRST} AND ${time} < ${END} THEN ${number} ELSE 0 END`;
}

/** `[from, to)`, ISO. */
export function windowOf(every: ProfileWindow, number: number): [string, string] {
  return [startOf(every, number), startOf(every, number + 1)];
}

function startOf(every: ProfileWindow, number: number): string {
  if (every !== "month") return new Date(FIRST_MS + (number - 1) * DAY_MS * (every === "week" ? 7 : 1)).toISOString();
  const start = new Date(FIRST_MS);
  start.setUTCFullYear(1 + Math.floor((number - 1) / MONTHS_A_YEAR), (number - 1) % MONTHS_A_YEAR);
  return start.toISOString();
}
