const MONTH = new Intl.DateTimeFormat("en", { month: "short", year: "numeric", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** `Jan 2001` of a calendar month, `Jan 4, 2001` of a day or of a week's first day; windows are in UTC. */
export function windowName(label: string): string {
  return (label.length > 7 ? DAY : MONTH).format(new Date(label));
}
