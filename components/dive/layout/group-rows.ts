import { type CategoryColumn, type DiveColumn, type NumericColumn, STATES } from "./dive-column";
import { formatNumber } from "./format-number";
import { calendarEdges, niceEdges } from "./nice-steps";

export interface Group {
  label: string;
  /** What a group is of: a value, a range of numbers, values that are too rare for one of their own, or rows without a number. */
  kind: "value" | "range" | "other" | "missing" | "odd";
  count: number;
}

/** Rows put into few groups: the facets of a picture, the colours of a category. */
export interface Grouping {
  groups: Group[];
  /** Row → place in `groups`. */
  indexOf: Uint16Array;
}

const PARTS = ["train", "validation", "test", "serving"];

/**
 * At most `most` groups of values, by value where there are few and binned where there are many, in order; rows without a value,
 * NaN and infinities have groups of their own after them.
 */
export function groupRows(column: DiveColumn, most: number): Grouping {
  return column.kind === "category" ? groupCategories(column, most) : groupNumbers(column, most);
}

function groupCategories({ labels, codes }: CategoryColumn, most: number): Grouping {
  const counts = new Uint32Array(labels.length);
  let missing = 0;
  for (const code of codes) {
    if (code < 0) missing += 1;
    else counts[code] = (counts[code] ?? 0) + 1;
  }
  const byCount = labels
    .map((label, code) => ({ label, code, count: counts[code] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count || (one.label < other.label ? -1 : 1));
  const shown = byCount.length <= most ? byCount : byCount.slice(0, Math.max(1, most - 1));
  const rest = byCount.slice(shown.length);
  if (shown.every(({ label }) => PARTS.includes(label)))
    shown.sort((one, other) => PARTS.indexOf(one.label) - PARTS.indexOf(other.label));
  else if (shown.every(({ label }) => label === "true" || label === "false"))
    shown.sort((one, other) => (one.label < other.label ? -1 : 1));
  const groups: Group[] = shown.map(({ label, count }) => ({ label: label || "(empty)", kind: "value", count }));
  const places = new Uint16Array(labels.length);
  shown.forEach(({ code }, i) => (places[code] = i));
  if (rest.length > 0) {
    for (const { code } of rest) places[code] = groups.length;
    const count = rest.reduce((sum, one) => sum + one.count, 0);
    groups.push({ label: `${rest.length.toLocaleString("en")} other values`, kind: "other", count });
  }
  if (missing > 0) groups.push({ label: "missing", kind: "missing", count: missing });
  const last = groups.length - 1;
  return { groups, indexOf: Uint16Array.from(codes, (code) => (code < 0 ? last : (places[code] ?? last))) };
}

function groupNumbers(column: NumericColumn, most: number): Grouping {
  const { numbers, states, length } = column;
  const { labels, place, kind } = binsOf(column, most);
  const indexOf = new Uint16Array(length);
  const counts = new Array<number>(labels.length + STATES.length - 1).fill(0);
  for (let row = 0; row < length; row += 1) {
    const state = states[row] as number;
    const index = state === 0 ? place(numbers[row] as number) : labels.length + state - 1;
    indexOf[row] = index;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const all: Group[] = [
    ...labels.map((label, i): Group => ({ label, kind, count: counts[i] ?? 0 })),
    ...STATES.slice(1).map((label, i): Group => ({
      label,
      kind: i === 0 ? "missing" : "odd",
      count: counts[labels.length + i] ?? 0,
    })),
  ];
  // What nobody has is left out, but for gaps within the numbers.
  const kept = all.map(
    ({ count, kind: of }, i) => count > 0 || (of === "range" && hasNeighbours(counts, labels.length, i)),
  );
  const places = new Uint16Array(all.length);
  let next = 0;
  kept.forEach((is, i) => {
    if (is) places[i] = next++;
  });
  return { groups: all.filter((_, i) => kept[i]), indexOf: indexOf.map((index) => places[index] ?? 0) };
}

function hasNeighbours(counts: readonly number[], bins: number, at: number): boolean {
  const some = (from: number, to: number) => counts.slice(from, to).some((count) => count > 0);
  return some(0, at) && some(at + 1, bins);
}

interface Bins {
  labels: string[];
  kind: "value" | "range";
  place(value: number): number;
}

function binsOf({ numbers, states, kind }: NumericColumn, most: number): Bins {
  const finite = numbers.filter((_, row) => states[row] === 0).sort();
  const [low, high] = [finite[0], finite.at(-1)];
  if (low === undefined || high === undefined) return { labels: [], kind: "range", place: () => 0 };
  const isInstant = kind === "instant";
  const few = distinctUpTo(finite, most);
  if (few && (few.length === 1 || !isInstant)) {
    const indexOf = new Map(few.map((value, i) => [value, i]));
    return {
      labels: few.map((value) =>
        isInstant ? (calendarEdges(value, value, 1).labels[0] as string) : formatNumber(value),
      ),
      kind: "value",
      place: (value) => indexOf.get(value) ?? 0,
    };
  }
  if (isInstant) {
    const { edges, labels } = calendarEdges(low, high, most);
    return { labels, kind: "range", place: (value) => Math.min(labels.length - 1, binOf(edges, value)) };
  }
  // Bins of equal width over nearly all rows; the few beyond have the open bins at both ends, so that none hides the others.
  const core = [finite[Math.floor(finite.length * 0.01)], finite[Math.ceil(finite.length * 0.99) - 1]] as [
    number,
    number,
  ];
  const isFar = high - low > 3 * (core[1] - core[0]) && core[1] > core[0];
  const inner = isFar ? Math.max(1, most - 2) : most;
  const nice = isFar ? niceEdges(core[0], core[1], inner) : niceEdges(low, high, inner);
  // Round edges on both sides of 0 make two bins where one was asked for: with the open ones that is one too many.
  const edges = isFar && nice.length - 1 > inner ? [...core] : nice;
  // Round edges that are to reach both ends may miss one by less than a rounding, which the bin there takes.
  const opensBelow = isFar && low < (edges[0] as number);
  const opensAbove = isFar && high > (edges.at(-1) as number);
  const labels = [
    ...(opensBelow ? [`< ${formatNumber(edges[0] as number)}`] : []),
    ...edges.slice(0, -1).map((edge, i) => `${formatNumber(edge)} to ${formatNumber(edges[i + 1] as number)}`),
    ...(opensAbove ? [`> ${formatNumber(edges.at(-1) as number)}`] : []),
  ];
  const shift = opensBelow ? 1 : 0;
  const bins = edges.length - 1;
  return {
    labels,
    kind: "range",
    place: (value) => {
      if (value < (edges[0] as number)) return 0;
      if (value > (edges.at(-1) as number)) return labels.length - 1;
      return shift + Math.min(bins - 1, binOf(edges, value));
    },
  };
}

/** The different values of a sorted array when there are at most so many. */
function distinctUpTo(sorted: Float64Array, most: number): number[] | null {
  const found: number[] = [];
  for (const value of sorted) {
    if (value === found.at(-1)) continue;
    if (found.length === most) return null;
    found.push(value);
  }
  return found;
}

/** Place of the last edge that is not above the value. */
function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
