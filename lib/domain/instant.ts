/** Instants as text with all of their microseconds: a JavaScript Date has milliseconds only. */

/** ISO 8601 in UTC with three digits of a second, six where the instant has them. `micros` are microseconds since 1970. */
export function isoOfMicros(micros: bigint): string {
  // Divided towards the past, so that what is before 1970 keeps its fraction.
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const date = new Date(Number((micros - rest) / 1000n));
  if (Number.isNaN(date.getTime())) return micros < 0n ? "-infinity" : "infinity";
  const text = date.toISOString();
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

/** Whether an instant, ISO in UTC as the functions above write it, is after another, to the microsecond. */
export function isLater(one: string, other: string): boolean {
  const [first, second] = [Date.parse(one), Date.parse(other)];
  return first === second ? one.replace("Z", "") > other.replace("Z", "") : first > second;
}
