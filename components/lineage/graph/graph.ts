import type { Point } from "@/components/ui/viewport";
import type { LineageEdge, LineageKind, LineageNode } from "@/lib/contracts/lineage";

/** A node of the picture: something of the registry, or a group that stands for several of them. */
export interface GraphNode extends Omit<LineageNode, "kind"> {
  kind: LineageKind | "group";
  /** How many nodes it stands for: 1 for itself. */
  size: number;
  /** Ids that a group stands for, where they are known; empty for a node that stands for itself. */
  members: string[];
}

export interface GraphEdge extends LineageEdge {
  /** Flows of the registry that this line stands for: more than one between groups. */
  count: number;
}

/** What is shown, each node and edge once. */
export interface Graph {
  nodes: Map<string, GraphNode>;
  edges: GraphEdge[];
  /** Node → neighbours that exist on a side and are not shown. */
  hidden: Map<string, Hidden>;
}

export interface Hidden {
  up: number;
  down: number;
}

export type Side = "up" | "down";

export type Positions = ReadonlyMap<string, Point>;

/** Pixels at zoom 1. */
export const NODE_WIDTH = 232;
export const NODE_HEIGHT = 66;

export const edgeKey = ({ from, to, role }: Pick<LineageEdge, "from" | "to" | "role">) => `${from} ${to} ${role}`;

/** `airport.segment` of `feature:airport.segment`. */
export const bareName = (id: string) => id.slice(id.indexOf(":") + 1);
