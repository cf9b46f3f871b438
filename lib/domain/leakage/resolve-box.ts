import { canonicalJson } from "../canonical-json";
import { DomainError } from "../errors";
import { microsecondsOf } from "./instant";
import { comparesAtMost } from "./key-order";
import { ALL, intersect, intervalsOf, lengthOf, type Intervals } from "./intervals";
import { policyKey } from "./split-policy";
import type { Box, FittedWorld, HashPolicy, KeyBound, KeyRange, RandomPolicy, TimeWindow } from "./types";

export interface ResolvedKeys {
  column: string;
  low: KeyBound | null;
  high: KeyBound | null;
}

export type ResolvedSplit =
  /** `identity` is what decides a bucket: two policies with the same one agree on every row, whatever they are called. */
  | { type: "hash"; identity: string; key: string; buckets: Intervals; share: number }
  /** `policy` is its name and what it says: no other two random assignments are known to be the same. */
  | {
      type: "random";
      policy: string;
      materialized: boolean;
      /** Digest of the assignment; null where nobody recorded one. */
      assignment: string | null;
      parts: ReadonlySet<string>;
    };

/** A box with its names looked up. A part of a time policy has become a window, since that is what it is. */
export interface ResolvedBox {
  dataset: string;
  version: string;
  appendOnly: boolean;
  columns: ReadonlySet<string>;
  rowKey: readonly string[];
  /** Microseconds by time column. */
  times: ReadonlyMap<string, Intervals>;
  keys: ResolvedKeys | null;
  split: ResolvedSplit | null;
  /** No row can meet the conditions. */
  empty: boolean;
  /** First and last (exclusive) microsecond of the dataset's time column. */
  start: number;
  end: number;
}

/** Throws `invalid` when the box names a dataset, version, policy or part that the world does not have. */
export function resolveBox(box: Box, world: Pick<FittedWorld, "datasets" | "policies">): ResolvedBox {
  const dataset = lookUp(world.datasets, box.dataset, "dataset");
  const version = lookUp(dataset.versions, box.version, `version of ${box.dataset}`);
  const policy = box.split ? lookUp(world.policies, policyKey(box.split), "split policy") : undefined;
  // A window without a time column constrains a column nobody can name, hence none that a unit could contain.
  const timeColumn = dataset.timeColumn ?? (policy?.type === "time" ? policy.column : "");

  const times = new Map<string, Intervals>();
  const constrain = (column: string, intervals: Intervals) =>
    times.set(column, intersect(times.get(column) ?? ALL, intervals));
  if (box.time) constrain(timeColumn, windowOf(box.time));
  if (version.time) constrain(timeColumn, windowOf(version.time));

  let split: ResolvedSplit | null = null;
  if (box.split && policy) {
    const { policy: name, parts } = box.split;
    if (policy.type === "time") {
      const windows = parts.map((part) => windowOf(lookUp(policy.parts, part, `part of ${name}`)));
      constrain(policy.column, intervalsOf(windows.flat()));
    } else if (policy.type === "hash") {
      split = resolveHash(policy, name, parts);
    } else {
      split = resolveRandom(policy, box.split);
    }
  }

  const keys = box.keys ? resolveKeys(box.keys.column, box.keys.range) : null;
  const main = times.get(timeColumn) ?? ALL;
  return {
    dataset: box.dataset,
    version: box.version,
    appendOnly: dataset.appendOnly ?? false,
    columns: new Set(dataset.columns),
    rowKey: dataset.rowKey,
    times,
    keys,
    split,
    empty:
      [...times.values()].some((intervals) => intervals.length === 0) ||
      (keys !== null && keys.low !== null && keys.high !== null && comparesAtMost(keys.high, keys.low)) ||
      (split?.type === "hash" && split.buckets.length === 0) ||
      (split?.type === "random" && split.parts.size === 0),
    start: main[0]?.[0] ?? Infinity,
    end: main.at(-1)?.[1] ?? -Infinity,
  };
}

/** Whether every row of a dataset's `version` is in `later`, given that rows are only ever appended. Versions are integers. */
export function isAtLeast(later: string, version: string): boolean {
  if (later === version) return true;
  return Number(later) >= Number(version);
}

/** Null when the parts are all there is: then the box is the same rows without the split. */
function resolveHash(policy: HashPolicy, name: string, parts: readonly string[]): ResolvedSplit | null {
  const ranges = parts.flatMap((part) => [...lookUp(policy.parts, part, `part of ${name}`)]);
  const buckets = intersect(intervalsOf(ranges), [[0, policy.buckets]]);
  const share = lengthOf(buckets) / policy.buckets;
  if (share === 1) return null;
  const identity = JSON.stringify([policy.algo, policy.key, policy.salt, policy.buckets]);
  return { type: "hash", identity, key: policy.key, buckets, share };
}

function resolveRandom(
  policy: RandomPolicy,
  { policy: name, parts, assignment }: NonNullable<Box["split"]>,
): ResolvedSplit {
  for (const part of parts) {
    if (!policy.parts.includes(part)) throw unknownName(`part of ${name}`, part, policy.parts);
  }
  return {
    type: "random",
    policy: `${name} ${canonicalJson(policy)}`,
    materialized: policy.materialized || assignment !== undefined,
    assignment: assignment ?? null,
    parts: new Set(parts),
  };
}

function resolveKeys(column: string, [low, high]: KeyRange): ResolvedKeys {
  return { column, low, high };
}

function windowOf([from, to]: TimeWindow): Intervals {
  return intervalsOf([
    [from === null ? -Infinity : microsecondsOf(from, "down"), to === null ? Infinity : microsecondsOf(to, "up")],
  ]);
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, name: string, noun: string): Value {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value === undefined) throw unknownName(noun, name, Object.keys(table));
  return value;
}

function unknownName(noun: string, name: string, known: readonly string[]): DomainError {
  const expected = known.length === 0 ? "There is none." : `Expected one of ${known.join(", ")}.`;
  return new DomainError("invalid", `There is no ${noun} called \`${name}\`. ${expected}`, {
    issues: [{ path: [], message: `Unknown ${noun}.`, expected: known.join(", "), found: name }],
  });
}
