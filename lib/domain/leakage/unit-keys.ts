import type { Assignment, SplitRule } from "../definitions/split-rule";
import type { SourceDefinition } from "../definitions/source";
import type { KeyRange, TimeWindow } from "./types";
import type { DatasetSnapshot } from "../datasets/dataset-snapshot";

/** Rows of one dataset version whose units are counted: those that meet every condition. */
export interface UnitRows {
  source: SourceDefinition;
  snapshot: DatasetSnapshot;
  /** Rows in any of the parts; `assignment` where the rule is one. */
  split: { policy: string; rule: SplitRule; parts: readonly string[]; assignment?: Assignment } | null;
  /** `[from, to)` of the source's time column, ISO; null is unbounded. */
  time: TimeWindow | null;
  keys: { column: string; range: KeyRange } | null;
}

/** Units on both sides: whoever has the same values of all `unit` columns in a row of each. */
export interface UnitIntersectionRequest {
  /** Columns that every source has, with the same types. */
  unit: readonly string[];
  /** Unions of rows. */
  fit: readonly UnitRows[];
  test: readonly UnitRows[];
}

export interface UnitIntersection {
  /** Different units that are on both sides. */
  common: number;
  /** Test rows whose unit is on both sides. */
  sharedTestRows: number;
  rows: { fit: number; test: number };
  /** Rows that lack a value of the unit: whose they are nobody knows, so that they are in no count above. */
  withoutUnit: { fit: number; test: number };
}

export interface UnitSketchRequest {
  unit: readonly string[];
  rows: readonly UnitRows[];
}

/**
 * The smallest hashes of the units of some rows (a Theta sketch): 64 bits of the MD5 of a unit's values as text, the same wherever it
 * is computed. Two of them can be compared when the rows are gone.
 */
export interface UnitSketch {
  /** In ascending order, 16 hex digits each. */
  hashes: string[];
  /** Whether these are the hashes of all units: there are no more than a sketch holds. */
  isExact: boolean;
  rows: number;
  /** Rows that lack a value of the unit. */
  withoutUnit: number;
}

/** Hashes that a sketch holds. */
export const SKETCH_SIZE = 4096;

/** Hashes that both hold, of those that both would hold: a unit behind one of them is on both sides. */
export function commonHashes(one: UnitSketch, other: UnitSketch): number {
  const limits = [one, other].flatMap(({ hashes, isExact }) => (isExact ? [] : hashes.slice(-1)));
  const known = new Set(one.hashes);
  return other.hashes.filter((hash) => known.has(hash) && limits.every((limit) => hash <= limit)).length;
}
