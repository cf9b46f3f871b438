import { findingOf, NOTHING, type Finding } from "./finding";
import { ALL, areDisjoint, contains, type Intervals } from "./intervals";
import { comparesAtMost } from "./key-order";
import { isAtLeast, type ResolvedBox, type ResolvedKeys, type ResolvedSplit } from "./resolve-box";
import type { KeyBound } from "./types";

/** Below this chance of no shared key, independent hashes count as a proved overlap. */
const LOG_NEGLIGIBLE = Math.log(1e-9);

/** How one condition of the fit relates to the same condition of the test. */
type Relation =
  | "covers"
  | "overlaps"
  /** Disjoint, and the unit contains what it depends on: no unit can be on both sides. */
  | "apart"
  /** Disjoint rows that one unit may have on both sides. */
  | "apart_for_rows";

/**
 * The verdict for the rows of one fit box against one test box; the first rule that matches decides: empty, proved
 * disjoint, not comparable, undecided in any dimension, overlapping. `testUnits` is the number of distinct test units.
 */
export function compareBoxes(
  fit: ResolvedBox,
  test: ResolvedBox,
  unit: ReadonlySet<string>,
  testUnits?: number,
): Finding {
  if (fit.empty || test.empty) return findingOf("EMPTY_ROWSET");

  const time = relateTimes(fit, test, unit);
  if (time === "apart") return findingOf("DISJOINT_TIME");
  const keys = relateKeys(fit.keys, test.keys, unit);
  if (keys === "apart") return findingOf("DISJOINT_KEYS");
  const split = relateSplits(fit, test, unit);
  if (split === "apart") return findingOf(fit.split?.type === "hash" ? "DISJOINT_HASH" : "DISJOINT_SPLIT");

  for (const column of unit) if (!fit.columns.has(column)) return findingOf("NO_COMMON_KEY");
  if (fit.dataset !== test.dataset) return findingOf("CROSS_DATASET");
  if (fit.version !== test.version && !fit.appendOnly) return findingOf("VERSION_DRIFT");

  const fitIsCurrent = isAtLeast(fit.version, test.version);
  const coversOtherwise = time === "covers" && keys === "covers" && fitIsCurrent;
  let undecided = NOTHING;
  if (time === "apart_for_rows" || keys === "apart_for_rows" || split === "apart_for_rows") {
    undecided |= findingOf("UNIT_NOT_DETERMINED");
  }
  if (split === "independent") {
    if (coversOtherwise && isOverlapCertain(fit.split, testUnits)) return findingOf("INDEPENDENT_HASH_OVERLAP");
    undecided |= findingOf("HASH_MISMATCH");
  } else if (split === "HASH_MISMATCH" || split === "NONDETERMINISTIC_SPLIT" || split === "SPLIT_INCOMPARABLE") {
    undecided |= findingOf(split);
  }
  if (undecided !== NOTHING) return undecided;

  return findingOf(coversOtherwise && split === "covers" ? "FIT_COVERS_TEST" : "FIT_OVERLAPS_TEST");
}

function relateTimes(fit: ResolvedBox, test: ResolvedBox, unit: ReadonlySet<string>): Relation {
  let relation: Relation = "covers";
  for (const [column, fitTimes] of fit.times) {
    const testTimes: Intervals = test.times.get(column) ?? ALL;
    if (areDisjoint(fitTimes, testTimes)) {
      if (unit.has(column)) return "apart";
      relation = "apart_for_rows";
    } else if (relation === "covers" && !contains(fitTimes, testTimes)) {
      relation = "overlaps";
    }
  }
  return relation;
}

function relateKeys(fit: ResolvedKeys | null, test: ResolvedKeys | null, unit: ReadonlySet<string>): Relation {
  if (fit === null) return "covers";
  if (test === null || fit.column !== test.column) return "overlaps";
  if (isBefore(fit.high, test.low) || isBefore(test.high, fit.low)) {
    return unit.has(fit.column) ? "apart" : "apart_for_rows";
  }
  const startsBefore = fit.low === null || (test.low !== null && comparesAtMost(fit.low, test.low));
  const endsAfter = fit.high === null || (test.high !== null && comparesAtMost(test.high, fit.high));
  return startsBefore && endsAfter ? "covers" : "overlaps";
}

function isBefore(high: KeyBound | null, low: KeyBound | null): boolean {
  return high !== null && low !== null && comparesAtMost(high, low);
}

type SplitRelation =
  | Relation
  /** Hashes of one key that assign it independently of each other. */
  | "independent"
  | "HASH_MISMATCH"
  | "NONDETERMINISTIC_SPLIT"
  | "SPLIT_INCOMPARABLE";

function relateSplits(fitBox: ResolvedBox, testBox: ResolvedBox, unit: ReadonlySet<string>): SplitRelation {
  const fit = fitBox.split;
  const test = testBox.split;
  if (fit === null) return "covers";
  if (test === null) return "overlaps";

  if (fit.type === "hash" && test.type === "hash") {
    if (fit.identity !== test.identity) return fit.key === test.key ? "independent" : "HASH_MISMATCH";
    if (areDisjoint(fit.buckets, test.buckets)) return unit.has(fit.key) ? "apart" : "apart_for_rows";
    return contains(fit.buckets, test.buckets) ? "covers" : "overlaps";
  }
  if (fit.type === "random" && test.type === "random") {
    const sameRows = fitBox.dataset === testBox.dataset && fitBox.version === testBox.version;
    if (fit.policy !== test.policy || !sameRows) return "SPLIT_INCOMPARABLE";
    const isShared = [...test.parts].some((part) => fit.parts.has(part));
    const areKept = fit.materialized && test.materialized;
    if (areKept && fit.assignment !== test.assignment) return "NONDETERMINISTIC_SPLIT";
    if (!areKept) return isShared ? "overlaps" : "NONDETERMINISTIC_SPLIT";
    if (!isShared) return identifiesRow(unit, fitBox.rowKey) ? "apart" : "apart_for_rows";
    return [...test.parts].every((part) => fit.parts.has(part)) ? "covers" : "overlaps";
  }
  return "SPLIT_INCOMPARABLE";
}

function identifiesRow(unit: ReadonlySet<string>, rowKey: readonly string[]): boolean {
  return rowKey.length > 0 && rowKey.every((column) => unit.has(column));
}

/** Each of n test units misses the fit with chance 1 − p, independently: all miss it with chance (1 − p)ⁿ. */
function isOverlapCertain(fit: ResolvedSplit | null, testUnits: number | undefined): boolean {
  if (fit?.type !== "hash" || testUnits === undefined || testUnits <= 0) return false;
  return testUnits * Math.log1p(-fit.share) < LOG_NEGLIGIBLE;
}
