import type { DiveColumn } from "./dive-column";
import { formatInstant } from "./dive-column";
import { formatNumber } from "./format-number";
import { groupRows } from "./group-rows";
import type { Scale } from "./axis";

/** So many categories have a colour of their own; more could not be told apart. */
const MOST_HUES = 7;
/** Steps of a scale of numbers. */
export const SHADES = 32;

export type Paint =
  | { kind: "hue"; hue: number }
  | { kind: "part"; part: string }
  | { kind: "shade"; shade: number }
  | { kind: "plain" }
  | { kind: "other" }
  /** Drawn as a ring, so that it is not told by colour alone. */
  | { kind: "missing" };

export interface Colouring {
  /** Row → place in `paints`. */
  codes: Uint8Array;
  paints: Paint[];
  legend:
    | { kind: "none" }
    | { kind: "groups"; entries: { label: string; count: number; paint: Paint }[] }
    | {
        kind: "scale";
        low: string;
        middle: string;
        high: string;
        /** Rows without a number. */
        missing: number;
      };
}

const PARTS = ["train", "validation", "test", "serving"];

/** The colour of each row by a column: few categories by hue, numbers by a scale. */
export function colourRows(column: DiveColumn | null, length: number, scale: Scale): Colouring {
  if (!column) return { codes: new Uint8Array(length), paints: [{ kind: "plain" }], legend: { kind: "none" } };
  if (column.kind !== "category") {
    const distinct = new Set<number>();
    for (const value of column.numbers) {
      if (distinct.size > MOST_HUES) break;
      distinct.add(value);
    }
    if (distinct.size > 3 || column.kind === "instant") return byScale(column, scale);
  }
  const { groups, indexOf } = groupRows(column, MOST_HUES);
  let hue = 0;
  const paints = groups.map(({ kind, label }): Paint => {
    if (kind === "missing" || kind === "odd") return { kind: "missing" };
    if (kind === "other") return { kind: "other" };
    return PARTS.includes(label) ? { kind: "part", part: label } : { kind: "hue", hue: hue++ };
  });
  return {
    codes: Uint8Array.from(indexOf),
    paints,
    legend: {
      kind: "groups",
      entries: groups.map(({ label, count }, i) => ({ label, count, paint: paints[i] as Paint })),
    },
  };
}

/** On a linear scale between the 1st and the 99th hundredth, so that a few far values do not make all others one colour. */
function byScale({ numbers, kind, states }: Extract<DiveColumn, { numbers: Float64Array }>, scale: Scale): Colouring {
  const finite = numbers.filter((_, row) => states[row] === 0).sort();
  const at = (share: number) => finite[Math.round(share * (finite.length - 1))] ?? 0;
  const forward = (value: number) => {
    if (scale === "log" && kind === "number") return Math.sign(value) * Math.log10(1 + Math.abs(value));
    return value;
  };
  const [low, high] = scale === "rank" ? [at(0), at(1)] : [at(0.01), at(0.99)];
  const shadeOf =
    scale === "rank"
      ? (value: number) => rankOf(finite, value) / Math.max(1, finite.length - 1)
      : (value: number) => (forward(value) - forward(low)) / (forward(high) - forward(low) || 1);
  const codes = new Uint8Array(numbers.length);
  let missing = 0;
  for (let row = 0; row < numbers.length; row += 1) {
    if (states[row] !== 0) {
      codes[row] = SHADES;
      missing += 1;
    } else codes[row] = Math.min(SHADES - 1, Math.max(0, Math.floor(shadeOf(numbers[row] as number) * SHADES)));
  }
  const middle =
    scale === "rank" ? at(0.5) : scale === "log" && kind === "number" ? unlog((forward(low) + forward(high)) / 2) : (low + high) / 2; // prettier-ignore
  const label = (value: number) => (kind === "instant" ? formatInstant(value).slice(0, 10) : formatNumber(value));
  const clipped = (mark: string, is: boolean) => (is ? `${mark} ` : "");
  return {
    codes,
    paints: [...Array.from({ length: SHADES }, (_, shade): Paint => ({ kind: "shade", shade })), { kind: "missing" }],
    legend: {
      kind: "scale",
      low: finite.length === 0 ? "" : `${clipped("≤", low > at(0))}${label(low)}`,
      middle: finite.length === 0 ? "" : label(Number(middle.toPrecision(12))),
      high: finite.length === 0 ? "" : `${clipped("≥", high < at(1))}${label(high)}`,
      missing,
    },
  };
}

const unlog = (value: number) => Math.sign(value) * (10 ** Math.abs(value) - 1);

/** Middle rank of a value among sorted ones. */
function rankOf(sorted: Float64Array, value: number): number {
  const bound = (isAfter: (other: number) => boolean) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isAfter(sorted[middle] as number)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return (bound((other) => other >= value) + bound((other) => other > value) - 1) / 2;
}
