/** Parts of split policies and windows of time as SQL over a frame. */
import { type HashRule, partNames, toSplitRule } from "@/lib/domain/definitions/split-rule";
import { DomainError } from "@/lib/domain/errors";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import { EVENT_TIME, type Frame, columnKey, keyName, valueSql } from "./frame";
import { quoteInstant, quoteName, quoteText } from "./quote";

const TIME = quoteName(EVENT_TIME);

/** Condition on the event time of a frame's rows, or on another timestamp, as SQL. */
export function interval([from, to]: readonly [string | null, string | null], time = TIME): string {
  const bounds = [
    ...(from === null ? [] : [`${time} >= ${quoteInstant(from)}`]),
    ...(to === null ? [] : [`${time} < ${quoteInstant(to)}`]),
  ];
  return bounds.length === 0 ? `${time} IS NOT NULL` : `(${bounds.join(" AND ")})`;
}

/** Tributary's bucket: the first 8 hex digits of md5(salt + ":" + key as text), unsigned, modulo buckets. */
function bucketSql(key: string, salt: string, buckets: number): string {
  return `(CAST('0x' || substr(md5(${quoteText(`${salt}:`)} || CAST(${key} AS VARCHAR)), 1, 8) AS BIGINT) % ${buckets})`;
}

/** Bare name of the frame's column that holds a hash policy's key, if it has one. */
function hashKey(frame: Frame, key: string): string | undefined {
  const index = frame.entity.joinKeys.findIndex((candidate) => candidate.name === key);
  if (index >= 0) return quoteName(keyName(index));
  const column = frame.columns.get(columnKey(`${frame.entity.name}.${key}`, null));
  return column?.physical.kind === "scalar" ? quoteName(column.physical.name) : undefined;
}

/** Why a split cannot select rows of an entity; undefined when it can. */
export function whyNotSplit(frame: Frame, split: RowSelection["split"]): string | undefined {
  if (split === null) return undefined;
  const { policy, parts } = split;
  const known = partNames(policy);
  const unknown = parts.filter((part) => !known.includes(part));
  if (unknown.length > 0)
    return `split policy ${policy.name} has no part ${unknown.join(", ")}, only ${known.join(", ")}`;
  const rule = toSplitRule(policy);
  if (rule.by === "assignment")
    return frame.columns.has(partKey(frame.entity.name, policy.name))
      ? undefined
      : `split policy ${policy.name} assigns rows of source ${rule.source}, and rows of ${frame.entity.name} are none of them`;
  if (rule.by === "time") {
    return frame.timed
      ? undefined
      : `split policy ${policy.name} goes by time, and rows of ${frame.entity.name} have no event time`;
  }
  return hashKey(frame, rule.key) === undefined
    ? `split policy ${policy.name} goes by ${rule.key}, which ${frame.entity.name} does not have`
    : undefined;
}

/** Condition on a frame's rows. Throws `invalid` when the split does not apply to the entity. */
export function splitCondition(frame: Frame, split: RowSelection["split"]): string {
  if (split === null) return "true";
  const problem = whyNotSplit(frame, split);
  if (problem !== undefined)
    throw new DomainError("invalid", `${problem}. Choose another split policy or fit on all rows.`);
  const { policy, parts } = split;
  const rule = toSplitRule(policy);
  switch (rule.by) {
    case "time": {
      const ranges = parts.map((part) => interval(rule.parts[part] ?? [null, null]));
      return ranges.length === 0 ? "false" : `(${ranges.join(" OR ")})`;
    }
    case "hash":
      return hashCondition(rule, parts, hashKey(frame, rule.key) ?? "NULL");
    case "assignment": {
      const column = frame.columns.get(partKey(frame.entity.name, policy.name));
      return column ? assignedCondition(valueSql(column), parts) : "false";
    }
  }
}

/** Under which key a frame holds the part that a policy assigns each row to; no column of a user has such a name. */
export function partKey(entity: string, policy: string): string {
  return columnKey(`${entity}.#part of ${policy}`, null);
}

/** Condition on rows whose part, as SQL, is one of `parts`. Rows that were not assigned are in none. */
export function assignedCondition(part: string, parts: readonly string[]): string {
  return parts.length === 0 ? "false" : `coalesce(${part} IN (${parts.map(quoteText).join(", ")}), false)`;
}

/** Condition on rows whose key, as SQL, falls into one of the parts. */
export function hashCondition(
  policy: Pick<HashRule, "salt" | "buckets" | "parts">,
  parts: readonly string[],
  key: string,
): string {
  const bucket = bucketSql(key, policy.salt, policy.buckets);
  const ranges = parts
    .flatMap((part) => policy.parts[part] ?? [])
    .map(([from, to]) => `${bucket} BETWEEN ${from} AND ${to - 1}`);
  return ranges.length === 0 ? "false" : `(${ranges.join(" OR ")})`;
}

/** Condition of a selection: its split and its window. */
export function selectionCondition(frame: Frame, selection: RowSelection): string {
  const split = splitCondition(frame, selection.split);
  return selection.window === null ? split : `(${split} AND ${interval(selection.window)})`;
}
