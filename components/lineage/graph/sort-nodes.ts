import type { GraphNode } from "./graph";

const SORTS = ["steps", "name", "kind", "owner", "upstream", "downstream"] as const;
export type SortKey = (typeof SORTS)[number];

/** `name` or `-name`: a column of the table and the direction; anything else is by steps. */
export function parseSort(text: string): { key: SortKey; descending: boolean } {
  const descending = text.startsWith("-");
  const key = SORTS.find((sort) => sort === text.slice(descending ? 1 : 0));
  return key ? { key, descending } : { key: "steps", descending: false };
}

const VALUES: Record<SortKey, (node: GraphNode) => number | string> = {
  steps: ({ distance }) => distance,
  name: ({ name }) => name,
  kind: ({ kind }) => kind,
  owner: ({ owner }) => owner,
  upstream: ({ upstream }) => upstream,
  downstream: ({ downstream }) => downstream,
};

/** Sorted by one column, then by name, so that the order is the same whatever order they came in. */
export function sortNodes(nodes: Iterable<GraphNode>, sort: string): GraphNode[] {
  const { key, descending } = parseSort(sort);
  const value = VALUES[key];
  const compare = (one: number | string, other: number | string) => (one < other ? -1 : one > other ? 1 : 0);
  return [...nodes].sort(
    (one, other) =>
      (descending ? -1 : 1) * compare(value(one), value(other)) ||
      compare(one.name, other.name) ||
      compare(one.id, other.id),
  );
}
