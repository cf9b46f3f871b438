import { canonicalJson } from "../canonical-json";
import { microsecondsOf } from "./instant";
import { policyKey } from "./split-policy";
import type { Box, LeakageInput, TimeWindow } from "./types";

/**
 * One text for the same test rows, whichever model is tested on them and whatever its policies are called: what a scoring of them is counted
 * by. Null without test rows. Of a table that only grows, rows before its last are the same in every later version.
 */
export function testRowsText(input: LeakageInput): string | null {
  const { test } = input.consumer;
  if (test.length === 0) return null;
  const boxes = test.map((box) => canonicalJson(describeRows(box, input)));
  return canonicalJson([...new Set(boxes)].sort());
}

function describeRows(box: Box, input: LeakageInput) {
  const { dataset, split, time = null, keys = null } = box;
  const policy = split ? (input.policies[policyKey(split)] ?? split.policy) : null;
  return {
    dataset,
    version: isClosed(box, input) ? null : box.version,
    policy,
    parts: split ? split.parts.toSorted() : null,
    assignment: split?.assignment ?? null,
    time,
    keys,
  };
}

/** Whether no row that is appended later can be one of them: rows come in order of time, and these end before the last that is there. */
function isClosed({ dataset, version, split, time }: Box, { datasets, policies }: LeakageInput): boolean {
  const facts = datasets[dataset];
  const last = facts?.versions[version]?.time?.[1];
  if (!facts?.appendOnly || !last) return false;
  const policy = split && policies[policyKey(split)];
  const windows: readonly (TimeWindow | undefined)[] = [
    ...(time ? [time] : []),
    ...(split && policy?.type === "time" ? split.parts.map((part) => policy.parts[part]) : []),
  ];
  const ends = windows.map((window) => window?.[1] ?? null);
  if (time)
    return endsBefore(time[1], last) || (ends.length > 1 && ends.slice(1).every((end) => endsBefore(end, last)));
  return ends.length > 0 && ends.every((end) => endsBefore(end, last));
}

const endsBefore = (end: string | null, last: string) =>
  end !== null && microsecondsOf(end, "up") < microsecondsOf(last, "down");
