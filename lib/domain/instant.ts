/** Instants as text with all of their microseconds: a JavaScript Date has milliseconds only. */

/** The calendar repeats itself after so many years, and microseconds. */
const CYCLE_YEARS = 400;
const CYCLE_MICROS = 146_097n * 86_400_000_000n;
/** A JavaScript Date is of the years up to 275760. */
const MOST_MICROS = 8_640_000_000_000_000_000n;
/** What PostgreSQL and DuckDB write for infinity, by one to either side. */
const INFINITY_MICROS = 2n ** 63n - 1n;

/**
 * ISO 8601 in UTC with three digits of a second, six where the instant has them; `infinity` and `-infinity` for those of 64 bits.
 * `micros` are microseconds since 1970.
 */
export function isoOfMicros(micros: bigint): string {
  if (micros >= INFINITY_MICROS) return "infinity";
  if (micros <= -INFINITY_MICROS) return "-infinity";
  if (micros > MOST_MICROS || micros < -MOST_MICROS) {
    const cycles = micros / CYCLE_MICROS;
    const text = isoOfMicros(micros - cycles * CYCLE_MICROS);
    // Near 1970, so that its year has four digits.
    const year = Number(text.slice(0, 4)) + Number(cycles) * CYCLE_YEARS;
    return `${year < 0 ? "-" : "+"}${String(Math.abs(year)).padStart(6, "0")}${text.slice(4)}`;
  }
  // Divided towards the past, so that what is before 1970 keeps its fraction.
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const text = new Date(Number((micros - rest) / 1000n)).toISOString();
  return rest === 0n ? text : text.replace("Z", `${String(rest).padStart(3, "0")}Z`);
}

/** The same from an ISO text with or without an offset; one without is in UTC. Digits beyond microseconds are dropped. Null for what is no instant. */
export function normalInstant(text: string): string | null {
  const zoned = /[zZ]$|[+-]\d\d(:?\d\d)?$/.test(text.slice(10)) || /^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`;
  const date = new Date(zoned.replace(/([+-]\d\d)$/, zoned.length > 10 ? "$1:00" : "$1").replace(/(\.\d{3})\d+/, "$1"));
  if (Number.isNaN(date.getTime())) return null;
  const rest = /\.\d{3}(\d{1,3})/.exec(text)?.[1]?.padEnd(3, "0") ?? "000";
  const iso = date.toISOString();
  return rest === "000" ? iso : iso.replace("Z", `${rest}Z`);
}

const EXACT_INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:[zZ]|([+-])(\d\d)(?::?(\d\d))?)?)?$/;

/**
 * Microseconds since 1970 of an ISO date or instant; one without an offset is in UTC. Null for what is none, for days and hours
 * that no calendar has, and for digits beyond microseconds that are not zero: nothing is carried over or cut off.
 */
export function exactMicros(text: string): bigint | null {
  const found = EXACT_INSTANT.exec(text);
  if (!found) return null;
  const part = (at: number) => Number(found[at] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const fraction = found[7] ?? "";
  const [offsetHours, offsetMinutes] = [part(9), part(10)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDay = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDay || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return null;
  if (/[1-9]/.test(fraction.slice(6))) return null;
  const offset = (found[8] === "-" ? -1 : 1) * (offsetHours * 60 + offsetMinutes);
  const seconds = date.getTime() / 1000 + hour * 3600 + (minute - offset) * 60 + second;
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Whether an instant, ISO in UTC as the functions above write it, is after another, to the microsecond. */
export function isLater(one: string, other: string): boolean {
  const [first, second] = [Date.parse(one), Date.parse(other)];
  return first === second ? one.replace("Z", "") > other.replace("Z", "") : first > second;
}

/**
 * When something is recorded of which the newest counts: now, or just after the newest that there is where the clock was set back since.
 * Otherwise what is older would be taken for the newest until the clock has caught up.
 */
export function afterNewest(newest: Date | null | undefined, now: Date): Date {
  return newest && newest >= now ? new Date(newest.getTime() + 1) : now;
}
