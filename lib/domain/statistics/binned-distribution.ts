import type { Histogram, NumericHistogram } from "./histogram";

/** What is stored of one distribution, beside its counts. */
export interface Figures {
  min?: number | string | null | undefined;
  max?: number | string | null | undefined;
  mean?: number | null | undefined;
  populationStd?: number | null | undefined;
}

/** A distribution function as points, ascending in both; straight between them, 0 before and 1 after. */
export interface StepPoints {
  x: number[];
  share: number[];
}

const finite = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
};

/**
 * The distribution function that the histograms of one profile know at their edges (quantile edges and equal-width edges tell
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

/** ∫ |F − G| of two such functions, exact for what the points say: the Wasserstein distance, in the unit of x. */
export function areaBetween(one: StepPoints, other: StepPoints): number {
  return integrate(one, other, (begin, end) =>
    // Mean of |d| along a straight line from `begin` to `end`.
    begin * end >= 0 ? Math.abs(begin + end) / 2 : (begin * begin + end * end) / (2 * Math.abs(end - begin)),
  );
}

/** √(2 ∫ (F − G)²): the energy distance (Székely and Rizzo 2013), in the square root of the unit of x. */
export function energyDistance(one: StepPoints, other: StepPoints): number {
  return Math.sqrt(2 * integrate(one, other, (begin, end) => (begin * begin + begin * end + end * end) / 3));
}

/** Sums width × `meanOf(F − G at the begin, at the end)` over the intervals in which both functions are straight. */
function integrate(one: StepPoints, other: StepPoints, meanOf: (begin: number, end: number) => number): number {
  const grid = [...new Set([...one.x, ...other.x])].sort((first, second) => first - second);
  const [first, second] = [walk(one), walk(other)];
  let sum = 0;
  let from = grid[0] as number;
  let begin = first(from).after - second(from).after;
  for (let index = 1; index < grid.length; index += 1) {
    const to = grid[index] as number;
    const [at, otherAt] = [first(to), second(to)];
    sum += (to - from) * meanOf(begin, at.before - otherAt.before);
    from = to;
    begin = at.after - otherAt.after;
  }
  return sum;
}

/** The function at ascending arguments: from the left, and from the right with the step that it makes there. */
function walk({ x, share }: StepPoints): (at: number) => { before: number; after: number } {
  let last = -1;
  return (at) => {
    while (last + 1 < x.length && (x[last + 1] as number) < at) last += 1;
    const before = between(x, share, last, at);
    while (last + 1 < x.length && (x[last + 1] as number) <= at) last += 1;
    return { before, after: between(x, share, last, at) };
  };
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
