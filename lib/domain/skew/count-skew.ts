import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { compareValues, type SkewOutcome } from "./compare-values";

export interface SkewExample {
  /** Values of the join keys by name. */
  key: Record<string, string | number | boolean | null>;
  outcome: Exclude<SkewOutcome, "match">;
  /** JSON text; null where there is no value, or none to be shown. */
  online: string | null;
  offline: string | null;
}

/** One feature's sampled values, counted by how both sides compare. */
export interface FeatureSkew {
  feature: string;
  /** The version that the environment serves; null when it serves none. */
  version: number | null;
  match: number;
  mismatch: number;
  missingOnline: number;
  missingOffline: number;
  /** Why nothing could be compared, or why a side has nothing; null when there is nothing to say. */
  reason: string | null;
  /** The values of a feature about persons are left out. */
  examples: SkewExample[];
}

export interface ComparedColumn {
  feature: string;
  version: number | null;
  type: ColumnType;
  /** Its values are about persons: they are compared, and never kept. */
  isPersonal: boolean;
  reason: string | null;
  /** By position of the key: JSON text, or null where the side has no such row. Absent when nothing can be compared. */
  values: { online: readonly (string | null)[]; offline: readonly (string | null)[] } | null;
}

const MOST_EXAMPLES = 5;
const MOST_CHARACTERS = 200;
/** What looks most like an error of computation comes first. */
const TELLING = ["mismatch", "missingOnline", "missingOffline"] as const;

/** Compares one feature's values, key by key. */
export function countSkew(keys: readonly SkewExample["key"][], column: ComparedColumn): FeatureSkew {
  const { feature, version, type, isPersonal, reason, values } = column;
  const counts = { match: 0, mismatch: 0, missingOnline: 0, missingOffline: 0 };
  const found: Record<SkewExample["outcome"], SkewExample[]> = { mismatch: [], missingOnline: [], missingOffline: [] };
  for (const [at, key] of values ? keys.entries() : []) {
    const online = values?.online[at] ?? null;
    const offline = values?.offline[at] ?? null;
    const outcome = compareValues(online, offline, type);
    counts[outcome] += 1;
    if (outcome === "match" || found[outcome].length === MOST_EXAMPLES) continue;
    const show = (text: string | null) =>
      isPersonal || text === null || text === "null" ? null : text.slice(0, MOST_CHARACTERS);
    found[outcome].push({ key, outcome, online: show(online), offline: show(offline) });
  }
  const examples = TELLING.flatMap((outcome) => found[outcome]).slice(0, MOST_EXAMPLES);
  return { feature, version, ...counts, reason, examples };
}

/** Values that differ, whichever way. */
export const differencesOf = ({ mismatch, missingOnline, missingOffline }: FeatureSkew): number =>
  mismatch + missingOnline + missingOffline;
