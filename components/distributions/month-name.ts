const FORMAT = new Intl.DateTimeFormat("en", { month: "short", year: "numeric", timeZone: "UTC" });

/** `Jan 2001`; windows are months in UTC. */
export function monthName(from: string | null): string {
  return from === null ? "all time" : FORMAT.format(new Date(from));
}
