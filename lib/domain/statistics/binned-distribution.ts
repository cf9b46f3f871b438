import type { Histogram, NumericHistogram } from "./histogram";

/** What is stored of one side of a comparison, beside its counts. */
export interface Figures {
  min?: number | string | null | undefined;
  max?: number | string | null | undefined;
  mean?: number | null | undefined;
  populationStd?: number | null | undefined;
}

/** A distribution function as points, ascending in both; straight between them, 0 before and 1 after. */
interface StepPoints {
  x: number[];
  share: number[];
}

const finite = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
};

/**
 * The distribution function that the histograms of one side know at their edges (quantile edges and equal-width edges tell
 * together more than either), ending at the least and the greatest value. Values by count (numbers written as text) are exact.
 * Null where values have no order: other texts, or values that the reference did not have.
 */
export function pointsOf(histogram: Histogram, equalWidth: Histogram | null, stats: Figures): StepPoints | null {
  if (histogram.kind === "categorical") return pointsOfValues(histogram);
  const known = [histogram, ...(equalWidth?.kind === "numeric" ? [equalWidth] : [])].flatMap(knownShares);
  if (known.length === 0) return null;
  known.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const [least, most] = [known[0]?.[0] ?? 0, known.at(-1)?.[0] ?? 0];
  const low = Math.min(finite(stats.min) ?? least, least);
  const high = Math.max(finite(stats.max) ?? most, most);
  const x = [low, ...known.map(([at]) => at), high];
  const share = [0, ...known.map(([, to]) => to), 1];
  // Both histograms count the same rows, so that only rounding could make a share fall.
  for (let index = 1; index < share.length; index += 1)
    share[index] = Math.max(share[index - 1] as number, share[index] as number);
  return { x, share };
}

/** Share of the numbers below each edge; the last edge is in its bucket. */
function knownShares({ edges, counts, underflow, overflow }: NumericHistogram): [number, number][] {
  const total = counts.reduce((sum, count) => sum + count, underflow + overflow);
  if (total === 0) return [];
  const isConstant = edges.length === 2 && edges[0] === edges[1];
  let below = underflow;
  return edges.map((edge, index) => {
    if (index > 0) below += counts[index - 1] ?? 0;
    return [edge, (isConstant && index === 0 ? underflow : below) / total];
  });
}

function pointsOfValues({ values, counts, other }: Extract<Histogram, { kind: "categorical" }>): StepPoints | null {
  if (other > 0) return null;
  const numbers = values.map((value) => finite(value));
  if (numbers.some((number) => number === undefined)) return null;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const sorted = numbers
    .map((number, index) => [number as number, counts[index] ?? 0] as const)
    .sort((one, next) => one[0] - next[0]);
  let below = 0;
  const [x, share]: [number[], number[]] = [[], []];
  for (const [at, count] of sorted) {
    x.push(at, at);
    share.push(below / total, (below + count) / total);
    below += count;
  }
  return { x, share };
}

/** ∫ |F − G| of two such functions, exact for what the points say. */
export function areaBetween(one: StepPoints, other: StepPoints): number {
  const grid = [...new Set([...one.x, ...other.x])].sort((first, second) => first - second);
  let area = 0;
  for (let index = 1; index < grid.length; index += 1) {
    const [from, to] = [grid[index - 1] as number, grid[index] as number];
    const begin = after(one, from) - after(other, from);
    const end = before(one, to) - before(other, to);
    area += (to - from) * meanOfAbsolute(begin, end);
  }
  return area;
}

/** Mean of |d| along a straight line from `begin` to `end`. */
function meanOfAbsolute(begin: number, end: number): number {
  if (begin * end >= 0) return Math.abs(begin + end) / 2;
  return (begin * begin + end * end) / (2 * Math.abs(end - begin));
}

/** The function at `at` from the right, with the step that it makes there. */
function after({ x, share }: StepPoints, at: number): number {
  let last = -1;
  while (last + 1 < x.length && (x[last + 1] as number) <= at) last += 1;
  return between(x, share, last, at);
}

/** The function at `at` from the left. */
function before({ x, share }: StepPoints, at: number): number {
  let last = -1;
  while (last + 1 < x.length && (x[last + 1] as number) < at) last += 1;
  return between(x, share, last, at);
}

function between(x: readonly number[], share: readonly number[], last: number, at: number): number {
  if (last < 0) return 0;
  const to = x[last + 1];
  if (to === undefined) return 1;
  const [from, low] = [x[last] as number, share[last] as number];
  const width = to - from;
  // Beyond the largest double there is no width to divide.
  if (!Number.isFinite(width)) return low;
  return low + (((share[last + 1] as number) - low) * (at - from)) / width;
}
