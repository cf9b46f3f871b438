/** Parts of split policies as Spark SQL: the rows that the local engine selects (lib/engines/local/row-selection.ts). */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { toSplitRule } from "@/lib/domain/definitions/split-rule";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import { normalInstant } from "@/lib/domain/instant";
import { sparkText } from "./spark-sql";

/** Types whose text is the same on every engine. */
const TEXTS: readonly ColumnType[] = ["bigint", "string", "boolean", "date"];

/** Why rows are not selected by the policy, to be said after "by"; null when they are. @param typeOf a column of the entity, undefined where it has none */
export function whyNoSplit(
  policy: SplitPolicyDefinition,
  typeOf: (column: string) => ColumnType | undefined,
): string | null {
  const rule = toSplitRule(policy);
  if (rule.by === "assignment")
    return `split policy ${policy.name}, which draws rows at random; the spark engine follows policies by hash and by time`;
  if (rule.by === "time") return null;
  const type = typeOf(rule.key);
  if (type === undefined || TEXTS.includes(type)) return null;
  return `split policy ${policy.name}, whose key ${rule.key} is a ${type}: its text differs between engines`;
}

/** `md5-32`: the first 8 hex digits of md5(salt:key), unsigned, modulo buckets. */
function bucket(key: string, salt: string, buckets: number): string {
  return `CAST(conv(substr(md5(concat(${sparkText(`${salt}:`)}, CAST(${key} AS STRING))), 1, 8), 16, 10) AS BIGINT) % ${buckets}`;
}

/** @param place names of the frame's columns: its event time, null without one, and by a column's name */
export function splitSql(
  split: RowSelection["split"],
  place: { time: string | null; column(name: string): string },
): string {
  if (split === null) return "true";
  const rule = toSplitRule(split.policy);
  if (rule.by === "assignment") throw new RangeError(`Split policy ${split.policy.name} has no form in SQL.`);
  const parts = split.parts.flatMap((part): string[] => {
    if (rule.by === "time") return place.time === null ? [] : [interval(place.time, rule.parts[part] ?? [null, null])];
    const own = bucket(place.column(rule.key), rule.salt, rule.buckets);
    return (rule.parts[part] ?? []).map(([from, to]) => `(${own}) BETWEEN ${from} AND ${to - 1}`);
  });
  return parts.length === 0 ? "false" : `(${parts.join(" OR ")})`;
}

function interval(time: string, [from, to]: readonly [string | null, string | null]): string {
  const bounds = [
    ...(from === null ? [] : [`${time} >= ${instant(from)}`]),
    ...(to === null ? [] : [`${time} < ${instant(to)}`]),
  ];
  return bounds.length === 0 ? `${time} IS NOT NULL` : `(${bounds.join(" AND ")})`;
}

function instant(iso: string): string {
  const normal = normalInstant(iso);
  if (normal === null) throw new RangeError(`Not an instant: ${iso}`);
  return `TIMESTAMP_NTZ '${normal.replace("T", " ").replace("Z", "")}'`;
}
