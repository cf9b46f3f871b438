import { type DiveColumn, type NumericColumn } from "./dive-column";
import { formatNumber } from "./format-number";
import { groupRows } from "./group-rows";
import { calendarEdges, niceEdges } from "./nice-steps";

export const SCALES = ["linear", "log", "rank"] as const;
export type Scale = (typeof SCALES)[number];

export interface Tick {
  /** 0 at the beginning of the axis, 1 at its end. */
  at: number;
  label: string;
}

/** One direction of a scatter: where each row stands along it. */
export interface Axis {
  /** Row → 0 … 1; −1 for rows that have no number. */
  places: Float32Array;
  ticks: Tick[];
  /** Whether some rows have no number, so that they need a margin of their own. */
  hasStrangers: boolean;
  /** Rows beyond the ends of the axis, which stand at its ends. */
  beyond: number;
}

const MOST_TICKS = 6;
const MOST_BANDS = 24;

/** Where rows stand by a column. Categories have bands, in which rows are scattered the same way each time. */
export function axisOf(column: DiveColumn, scale: Scale): Axis {
  return column.kind === "category" ? bands(column) : numeric(column, scale);
}

function bands(column: DiveColumn): Axis {
  const { groups, indexOf } = groupRows(column, MOST_BANDS);
  const n = Math.max(1, groups.length);
  return {
    places: Float32Array.from(indexOf, (group, row) => (group + 0.15 + 0.7 * jitter(row)) / n),
    ticks: groups.map(({ label }, i) => ({ at: (i + 0.5) / n, label })),
    hasStrangers: false,
    beyond: 0,
  };
}

/** 0 … 1, far apart for rows that follow each other. */
export function jitter(row: number): number {
  return (row * 0.6180339887498949) % 1;
}

function numeric({ numbers, states, kind }: NumericColumn, scale: Scale): Axis {
  const finite = numbers.filter((_, row) => states[row] === 0).sort();
  const hasStrangers = finite.length < numbers.length;
  const [low, high] = [finite[0], finite.at(-1)];
  if (low === undefined || high === undefined)
    return { places: new Float32Array(numbers.length).fill(-1), ticks: [], hasStrangers, beyond: 0 };
  if (scale === "rank") return ranked(numbers, finite, kind, hasStrangers);
  const isLog = scale === "log" && kind === "number";
  const forward = isLog ? symlog : (value: number) => value;
  // A few values far out stand at the end of the axis instead of pressing all others together.
  const core = [finite[Math.floor(finite.length * 0.002)], finite[Math.ceil(finite.length * 0.998) - 1]] as [number, number]; // prettier-ignore
  const isFar = !isLog && kind === "number" && core[1] > core[0] && high - low > 3 * (core[1] - core[0]);
  const [from, to] = isFar ? core : [low, high];
  const [begin, end] = [forward(from), forward(to)];
  const width = end - begin;
  let beyond = 0;
  const places = new Float32Array(numbers.length);
  for (let row = 0; row < numbers.length; row += 1) {
    const value = numbers[row] as number;
    if (Number.isNaN(value)) {
      places[row] = -1;
      continue;
    }
    if (value < from || value > to) beyond += 1;
    places[row] = width > 0 ? Math.min(1, Math.max(0, (forward(value) - begin) / width)) : 0.5;
  }
  const ticks = ticksOf(kind, from, to, isLog)
    .filter(({ value }) => value >= from && value <= to)
    .map(({ value, label }) => ({ at: width > 0 ? (forward(value) - begin) / width : 0.5, label }));
  return { places, ticks, hasStrangers, beyond };
}

/** Logarithm that knows zero and negative numbers. */
const symlog = (value: number) => Math.sign(value) * Math.log10(1 + Math.abs(value));

function ticksOf(
  kind: "number" | "instant",
  from: number,
  to: number,
  isLog: boolean,
): { value: number; label: string }[] {
  if (from === to) return [{ value: from, label: kind === "instant" ? calendarEdges(from, to, 1).labels[0] ?? "" : formatNumber(from) }]; // prettier-ignore
  if (kind === "instant") {
    const { edges, labels } = calendarEdges(from, to, MOST_TICKS);
    return labels.map((label, i) => ({ value: edges[i] as number, label }));
  }
  if (!isLog) return niceEdges(from, to, MOST_TICKS).map((value) => ({ value, label: formatNumber(value) }));
  const powers = Array.from({ length: 308 }, (_, power) => 10 ** power).filter((power) => power <= Math.max(-from, to));
  const every = Math.max(1, Math.ceil(powers.length / 4));
  const kept = powers.filter((_, i) => i % every === 0);
  return [...kept.map((power) => -power).reverse(), 0, ...kept].map((value) => ({ value, label: formatNumber(value) }));
}

/** Rows by the share of rows below them: every part of the axis has as many. Equal values stand at one place. */
function ranked(numbers: Float64Array, sorted: Float64Array, kind: "number" | "instant", hasStrangers: boolean): Axis {
  const n = sorted.length;
  const middles = new Map<number, number>();
  for (let from = 0; from < n;) {
    let to = from;
    while (to < n && sorted[to] === sorted[from]) to += 1;
    middles.set(sorted[from] as number, n > 1 ? (from + to - 1) / 2 / (n - 1) : 0.5);
    from = to;
  }
  const label = (value: number) => (kind === "instant" ? calendarEdges(value, value, 1).labels[0] ?? "" : formatNumber(value)); // prettier-ignore
  const ticks = new Map(
    [0, 0.25, 0.5, 0.75, 1].map((share) => {
      const value = sorted[Math.round(share * (n - 1))] as number;
      return [value, { at: middles.get(value) ?? 0.5, label: label(value) }] as const;
    }),
  );
  return {
    places: Float32Array.from(numbers, (value) => middles.get(value) ?? -1),
    ticks: [...ticks.values()],
    hasStrangers,
    beyond: 0,
  };
}
