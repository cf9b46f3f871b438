/** What data flows through. A node's id is `kind:name`, a feature's name being `entity.column`. */
export const LINEAGE_KINDS = ["source", "stage", "feature", "view", "service", "model"] as const;
export type LineageKind = (typeof LINEAGE_KINDS)[number];

/**
 * How data flow. `through` is the one that says less than it seems: a service takes some features of a view, and which, their
 * own `serves` edges say. Nothing that follows data from further away may go along it.
 */
export const LINEAGE_ROLES = ["reads", "fits", "writes", "contains", "serves", "through"] as const;
export type LineageRole = (typeof LINEAGE_ROLES)[number];

export interface FlowEdge {
  from: string;
  to: string;
  role: LineageRole;
}

export const idOf = (kind: LineageKind, name: string): string => `${kind}:${name}`;
export const kindOf = (id: string): LineageKind => id.slice(0, id.indexOf(":")) as LineageKind;
export const nameOf = (id: string): string => id.slice(id.indexOf(":") + 1);

/** `airport.segment` → `feature:airport.segment`; ids stay what they are. */
export const toNodeId = (focus: string): string => (focus.includes(":") ? focus : idOf("feature", focus));
