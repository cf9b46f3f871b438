import { policyKey } from "./split-policy";
import { isoOf, microsecondsOf } from "./instant";
import { listInWords } from "./list-in-words";
import {
  type Box,
  type KeyRange,
  type LeakageInput,
  PLANNED_ASSIGNMENT,
  type RowSet,
  type SplitPolicy,
  type TimeWindow,
} from "./types";

type Named = Pick<LeakageInput, "policies">;

/**
 * A row-set in words, such as "part test of by_month (2001-06-01 onwards) of flights@1". With `beside`, a box of the very
 * version that all of `beside` is of says "the same version" instead of naming it again.
 */
export function describeRowSet(rowSet: RowSet, { policies }: Named, beside?: RowSet): string {
  if (rowSet.length === 0) return "no rows";
  const known = new Set(beside?.map(nameOfVersion));
  return rowSet
    .map((box) => describeBox(box, policies, known.size === 1 && known.has(nameOfVersion(box))))
    .join(", and ");
}

/** What is said of rows that no run wrote down. */
export const UNRECORDED_ROWS = "rows that nobody recorded";

/** The rows of a fit in words; null where there is no fit here, or nobody recorded its rows. */
export function describeRecordedRows(rowSet: RowSet | null | undefined, named: Named): string {
  return rowSet ? describeRowSet(rowSet, named) : UNRECORDED_ROWS;
}

function describeBox(box: Box, policies: LeakageInput["policies"], isKnownVersion: boolean): string {
  const table = isKnownVersion ? "the same version" : nameOfVersion(box);
  const rows = box.split
    ? describeParts(box.split, policies[policyKey(box.split)])
    : box.time || box.keys
      ? "rows"
      : "all rows";
  const conditions = [
    box.time && windowInWords(box.time),
    box.keys && `with ${box.keys.column} ${rangeInWords(box.keys.range)}`,
  ].filter((condition) => condition !== undefined && condition !== "");
  return [`${rows} of ${table}`, ...conditions].join(" ");
}

function nameOfVersion(box: Box): string {
  return `${box.dataset}@${box.version}`;
}

function describeParts(split: NonNullable<Box["split"]>, policy: SplitPolicy | undefined): string {
  const noun = split.parts.length === 1 ? "part" : "parts";
  return `${noun} ${listInWords(split.parts) || "(none)"} of ${split.policy} (${partsInWords(split, policy)})`;
}

function partsInWords({ parts, assignment }: NonNullable<Box["split"]>, policy: SplitPolicy | undefined): string {
  switch (policy?.type) {
    case "time": {
      const windows = parts.flatMap((part) => (policy.parts[part] ? [windowInWords(policy.parts[part])] : []));
      return windows.map((window) => window || "at any time").join(", ") || "never";
    }
    case "hash": {
      const ranges = parts.flatMap((part) => policy.parts[part] ?? []).filter(([low, high]) => low < high);
      const buckets = ranges.map(([low, high]) => (high - low === 1 ? `${low}` : `${low} to ${high - 1}`)).join(", ");
      return `buckets ${buckets || "none"} of ${policy.buckets} by ${policy.key}`;
    }
    case "random":
      if (assignment === PLANNED_ASSIGNMENT) return "a random assignment that the run keeps";
      if (assignment !== undefined) return `the random assignment ${assignment.slice(0, 12)}, which was kept`;
      return policy.materialized ? "a random assignment that was kept" : "drawn at random on each run";
    case undefined:
      return "not defined here";
  }
}

function windowInWords([from, to]: TimeWindow): string {
  if (from === null && to === null) return "";
  if (to === null) return `${inWords(from)} onwards`;
  return from === null ? `before ${inWords(to)}` : `from ${inWords(from)} until before ${inWords(to)}`;
}

/** Midnight is a date to people. */
function inWords(time: string | null): string {
  return time === null ? "" : isoOf(microsecondsOf(time, "down"));
}

function rangeInWords([low, high]: KeyRange): string {
  if (low === null && high === null) return "of any value";
  if (high === null) return `of ${low} or more`;
  return low === null ? `below ${high}` : `from ${low} to below ${high}`;
}
