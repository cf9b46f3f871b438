import { parseAsArrayOf, parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { SampleField } from "@/lib/contracts/dive";
import { SCALES } from "./layout/axis";
import { type DiveColumn, type NumericColumn, partName } from "./layout/dive-column";

export const SAMPLE_SIZES = [1000, 5000, 20_000, 50_000, 100_000] as const;
const POSITIONS = ["scatter", "stacked"] as const;
/** Stands in the URL where somebody wants no feature although there is a default. */
export const NO_FEATURE = "-";
const PARTS = ["train", "validation", "test", "serving"] as const;

/** The whole picture stands in the URL. Overview has the same keys `parts`, `slice`, `version` and `table`. */
export const diveParsers = {
  parts: parseAsArrayOf(parseAsString),
  slice: parseAsString,
  version: parseAsInteger,
  rows: parseAsInteger.withDefault(20_000),
  /** Features whose groups are rows and columns of the picture. */
  down: parseAsString,
  across: parseAsString,
  bins: parseAsInteger.withDefault(6),
  colour: parseAsString,
  position: parseAsStringLiteral(POSITIONS),
  x: parseAsString,
  y: parseAsString,
  scale: parseAsStringLiteral(SCALES).withDefault("linear"),
  /** Place of the picture on the screen: see `formatViewport`. */
  at: parseAsString,
  /** The row whose record stays open, by its place in the sample. */
  pin: parseAsInteger,
  table: parseAsBoolean.withDefault(false),
};

type Parsers = typeof diveParsers;
export type DiveState = { [Key in keyof Parsers]: ReturnType<Parsers[Key]["parseServerSide"]> };
export type DiveChange = Partial<{ [Key in keyof DiveState]: DiveState[Key] | null }>;

/** Parts as Dive asks for them: a window or another version, which Overview compares as well, is no part of these rows. */
export function partsOf({ parts }: Pick<DiveState, "parts">): string[] {
  return (parts ?? []).filter((part) => (PARTS as readonly string[]).includes(part));
}

export function sampleSize({ rows }: Pick<DiveState, "rows">): number {
  return Math.min(100_000, Math.max(1, rows));
}

/** What the picture is of, after the URL and, where that says nothing, after the data. */
export interface Choice {
  down: DiveColumn | null;
  across: DiveColumn | null;
  colour: DiveColumn | null;
  x: DiveColumn | null;
  y: DiveColumn | null;
  position: (typeof POSITIONS)[number];
}

export function chooseFeatures(
  state: Pick<DiveState, "down" | "across" | "colour" | "x" | "y" | "position">,
  columns: readonly DiveColumn[],
  fields: readonly SampleField[],
): Choice {
  const named = (name: string | null, otherwise: DiveColumn | null) =>
    name === null ? otherwise : (columns.find((column) => column.name === name) ?? null);
  const first = firstChoice(columns, fields);
  const [x, y] = [named(state.x, first.x), named(state.y, first.y)];
  return {
    down: named(state.down, null),
    across: named(state.across, null),
    colour: named(state.colour, first.colour),
    x,
    y,
    position: state.position ?? (x && y ? "scatter" : "stacked"),
  };
}

/** From so many different values on a feature spreads rows along an axis instead of lining them up. */
const MANY_VALUES = 25;

function hasManyValues({ numbers }: NumericColumn): boolean {
  const found = new Set<number>();
  for (const value of numbers) {
    if (!Number.isNaN(value)) found.add(value);
    if (found.size >= MANY_VALUES) return true;
  }
  return false;
}

/**
 * Two numeric features against each other, those of many values first, or one over time, coloured by the part or by a feature of
 * few values.
 */
function firstChoice(columns: readonly DiveColumn[], fields: readonly SampleField[]) {
  const roles = new Map(fields.map((field) => [field.name, field.role]));
  const numeric = columns
    .flatMap((column) => (column.kind === "number" && roles.get(column.name) === "feature" ? [column] : []))
    .map((column) => ({ column, isSpread: hasManyValues(column) }))
    .sort((one, other) => Number(other.isSpread) - Number(one.isSpread))
    .map(({ column }) => column);
  const time = columns.find((column) => roles.get(column.name) === "time") ?? null;
  const y = numeric[0] ?? null;
  const x = numeric[1] ?? (y ? time : null);
  const isPart = ({ name }: DiveColumn) => name === partName(fields) && !roles.has(name);
  // Where all are for serving, parts tell nothing apart.
  const categories = columns.flatMap((column) =>
    column.kind === "category" &&
    roles.get(column.name) !== "key" &&
    (!isPart(column) || column.labels.some((label) => label !== "serving"))
      ? [column]
      : [],
  );
  const part = categories.find(isPart);
  const few = categories.find((column) => column.labels.length <= 12);
  return { x, y, colour: part ?? few ?? categories[0] ?? numeric[2] ?? null };
}
