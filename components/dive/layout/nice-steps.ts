const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** The smallest of 1, 2, 5 × 10^k that cuts a width into at most so many pieces. */
function niceStep(width: number, most: number): number {
  const least = width / Math.max(1, most);
  if (!(least > 0) || !Number.isFinite(least)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9)) ?? 10 * power;
}

/** Near the smallest numbers that there are, a hundredth more is no more. */
const LEAST_WIDTH = 1e-300;

/**
 * Multiples of a nice step from at or below `low` to at or above `high`; the two themselves where numbers are too large, too
 * small or too near each other for that.
 */
export function niceEdges(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low, low + 1];
  if (high - low < LEAST_WIDTH) return [low, high];
  let step = niceStep(Math.min(high - low, Number.MAX_VALUE), most);
  // Rounding outwards can add a piece.
  while (most > 1 && Number.isFinite(step) && Math.ceil(high / step) - Math.floor(low / step) > most)
    step = niceStep(step * 1.01, 1);
  if (!Number.isFinite(step)) return [low, high];
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const edges = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toFixed(Math.min(digits, 20))),
  );
  const areEdges = edges.length > 1 && edges.every((edge, at) => Number.isFinite(edge) && (at === 0 || edge > (edges[at - 1] as number))); // prettier-ignore
  return areEdges ? edges : [low, high];
}

type Unit = { name: string; next(at: number): number; floor(at: number): number; label(at: number): string };

const iso = (ms: number) => new Date(ms).toISOString();
const fixed = (name: string, ms: number, label: (at: number) => string): Unit => ({
  name,
  floor: (at) => Math.floor(at / ms) * ms,
  next: (at) => at + ms,
  label,
});
const months = (name: string, count: number, label: (at: number) => string): Unit => ({
  name,
  floor: (at) => {
    const date = new Date(at);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    const first = Math.floor(month / count) * count;
    return Date.UTC(Math.floor(first / 12), first % 12);
  },
  next: (at) => {
    const date = new Date(at);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count);
  },
  label,
});

const clock = (at: number) => iso(at).slice(5, 16).replace("T", " ");
const day = (at: number) => iso(at).slice(0, 10);
const UNITS: Unit[] = [
  fixed("second", 1000, (at) => iso(at).slice(11, 19)),
  ...[1, 5, 15, 30].map((count) => fixed("minutes", count * MINUTE, clock)),
  ...[1, 3, 6, 12].map((count) => fixed("hours", count * 60 * MINUTE, clock)),
  fixed("day", DAY, day),
  // Weeks begin on Monday; 1970 began on a Thursday.
  { name: "week", floor: (at) => Math.floor((at - 4 * DAY) / (7 * DAY)) * 7 * DAY + 4 * DAY, next: (at) => at + 7 * DAY, label: day }, // prettier-ignore
  months("month", 1, (at) => iso(at).slice(0, 7)),
  months("quarter", 3, (at) => `${iso(at).slice(0, 4)} Q${Math.floor(new Date(at).getUTCMonth() / 3) + 1}`),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((count) =>
    months("year", 12 * count, (at) => iso(at).slice(0, -20)),
  ),
];

/** Edges at calendar boundaries from at or below `low` to above `high`, at most so many pieces, with the names of the pieces. */
export function calendarEdges(low: number, high: number, most: number): { edges: number[]; labels: string[] } {
  const limit = 8e15;
  const from = Math.max(-limit, low);
  const to = Math.min(limit, high);
  for (const unit of UNITS) {
    const edges = [unit.floor(from)];
    while ((edges.at(-1) as number) <= to && edges.length <= most + 1) edges.push(unit.next(edges.at(-1) as number));
    if ((edges.at(-1) as number) > to && edges.length - 1 <= most)
      return { edges, labels: edges.slice(0, -1).map(unit.label) };
  }
  return { edges: [from, to + 1], labels: [`${iso(from).slice(0, 10)} to ${iso(to).slice(0, 10)}`] };
}
