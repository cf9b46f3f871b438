/** Types, durations, tags and names of Feast in Tributary's words. Pure. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { specNames } from "@/lib/engines/local/inspect/names";

/** ValueType.Enum of feast/types/Value.proto: number, name, and the type where there is one that loses nothing. */
const VALUE_TYPES: [number: number, name: string, type: ColumnType | null][] = [
  [1, "BYTES", null],
  [2, "STRING", "string"],
  [3, "INT32", "bigint"],
  [4, "INT64", "bigint"],
  [5, "DOUBLE", "double"],
  [6, "FLOAT", "double"],
  [7, "BOOL", "boolean"],
  [8, "UNIX_TIMESTAMP", "timestamp"],
  [12, "STRING_LIST", "strings"],
  [13, "INT32_LIST", "vector"],
  [14, "INT64_LIST", "vector"],
  [15, "DOUBLE_LIST", "vector"],
  [16, "FLOAT_LIST", "vector"],
  [32, "JSON", "string"],
  [36, "UUID", "string"],
  [37, "TIME_UUID", "string"],
];

/** The type of a value, or a name of it that has none here. */
export function typeOf(valueType: string | number | undefined): { type: ColumnType } | { unknown: string } {
  const found = VALUE_TYPES.find(([number, name]) => number === valueType || name === valueType);
  if (found?.[2]) return { type: found[2] };
  if (valueType === undefined || valueType === 0 || valueType === "INVALID") return { unknown: "no type" };
  return { unknown: `type ${found?.[1] ?? String(valueType)}` };
}

/** Whole seconds of a protobuf Duration such as `86400s`, rounded up; null for what is none. */
export function secondsOf(duration: string): number | null {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(duration)?.[1];
  return seconds === undefined ? null : Math.ceil(Number(seconds));
}

/** A name that a spec may use. */
export const nameOf = (text: string, prefix: string): string => specNames([text], prefix)[0] as string;

/** Keys of `meta`, as documents allow them. */
const META_KEY = /^[a-z][a-z0-9_.-]{0,63}$/;

/** Feast's tags are keys with values: words where an object has no `meta`. */
export function wordsOf(tags: Record<string, string>): string[] {
  return Object.entries(tags).map(([key, value]) => (value === "" ? key : `${key}=${value}`));
}

export function labelsOf(tags: Record<string, string>): { tags?: string[]; meta?: Record<string, string> } {
  const entries = Object.entries(tags);
  const meta = entries.filter(([key, value]) => META_KEY.test(key) && value !== "");
  const words = wordsOf(Object.fromEntries(entries.filter((entry) => !meta.includes(entry))));
  return {
    ...(words.length > 0 && { tags: words }),
    ...(meta.length > 0 && { meta: Object.fromEntries(meta) }),
  };
}

/** Members that say something. */
export function documentedOf({ description, owner }: { description: string; owner: string }): {
  description?: string;
  owner?: string;
} {
  return { ...(description !== "" && { description }), ...(owner !== "" && { owner }) };
}
