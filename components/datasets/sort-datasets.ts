import type { DatasetSummary } from "@/lib/contracts/datasets";
import { kindName } from "./dataset-kind";

type Value = string | number | null;

/** Columns that the list is sorted by; null stands last in either direction. */
const VALUES = {
  name: ({ name }) => name,
  kind: ({ kind }) => kindName(kind),
  entity: ({ entity }) => entity,
  columns: ({ columns }) => columns,
  rows: ({ latest }) => latest?.rows ?? null,
  newest: ({ latest }) => latest?.version ?? null,
  time: ({ latest }) => latest?.timeFrom ?? null,
  since: ({ latest }) => latest?.createdAt ?? null,
  readers: ({ readers }) => readers.length,
  owner: ({ owner }) => owner || null,
} satisfies Record<string, (dataset: DatasetSummary) => Value>;
export type DatasetSort = keyof typeof VALUES;

const SORTS = Object.keys(VALUES) as DatasetSort[];

/** `rows` is ascending, `-rows` descending; null for anything else: then the list keeps the order in which it came. */
export function parseSort(text: string): { by: DatasetSort; direction: "ascending" | "descending" } | null {
  const isDescending = text.startsWith("-");
  const by = SORTS.find((sort) => sort === text.slice(isDescending ? 1 : 0));
  return by ? { by, direction: isDescending ? "descending" : "ascending" } : null;
}

/** What the next press on a column's head asks for: texts from A, numbers and times from the greatest, then the other way. */
export function nextSort(text: string, by: DatasetSort): string {
  const sorted = parseSort(text);
  if (sorted?.by === by) return sorted.direction === "ascending" ? `-${by}` : by;
  return ["name", "kind", "entity", "owner"].includes(by) ? by : `-${by}`;
}

/** Sorted by one column, then by name. */
export function sortDatasets(datasets: readonly DatasetSummary[], text: string): DatasetSummary[] {
  const sorted = parseSort(text);
  if (!sorted) return [...datasets];
  const value: (dataset: DatasetSummary) => Value = VALUES[sorted.by];
  const sign = sorted.direction === "ascending" ? 1 : -1;
  return datasets.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null) || compare(one.name, other.name);
    return sign * compare(a, b) || compare(one.name, other.name);
  });
}

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : Number(one > other);
}
