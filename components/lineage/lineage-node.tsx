"use client";

import { Handle, Position, type Node, type NodeProps } from "reactflow";
import type { LineageNode as Data } from "@/lib/contracts/lineage";
import classes from "./lineage.module.css";
import { KINDS } from "./node-kinds";

export type GraphNode = Node<
  {
    node: Data;
    hidden: { up: number; down: number };
    isFocus: boolean;
    isDimmed: boolean;
    expand(id: string, side: "up" | "down"): void;
  },
  "lineage"
>;

/** One node: kind, name, what serves it and what is wrong with it, and how many neighbours are not shown. */
export function LineageNode({ data: { node, hidden, isFocus, isDimmed, expand }, selected }: NodeProps<GraphNode>) {
  const { icon: Icon, label } = KINDS[node.kind];
  return (
    <div
      className={classes.node}
      data-kind={node.kind}
      data-focus={isFocus || undefined}
      data-selected={selected || undefined}
      data-dimmed={isDimmed || undefined}
    >
      <Handle type="target" position={Position.Left} className={classes.handle} isConnectable={false} />
      {hidden.up > 0 && (
        <button
          type="button"
          className={`${classes.more} ${classes.moreUp} nodrag nopan`}
          aria-label={`Show ${hidden.up} more upstream of ${node.name}`}
          onClick={(event) => {
            event.stopPropagation();
            expand(node.id, "up");
          }}
        >
          +{hidden.up}
        </button>
      )}
      <span className={classes.icon}>
        <Icon size={18} />
      </span>
      <span className={classes.text}>
        <span className={classes.kind}>
          {label}
          {node.detail && ` · ${node.detail}`}
          {node.environments[0] && ` · ${node.environments[0] === "production" ? "prod" : node.environments[0]}`}
        </span>
        <span className={classes.name} title={node.name}>
          {node.name}
        </span>
      </span>
      {node.leak === "leak" && (
        <span className={classes.flag} title="leak">
          ▲ leak
        </span>
      )}
      {node.leak !== "leak" && (node.drift === "critical" || node.drift === "warn") && (
        <span className={classes.flag} data-state={node.drift} title={`drift ${node.drift}`}>
          ▲ drift
        </span>
      )}
      {hidden.down > 0 && (
        <button
          type="button"
          className={`${classes.more} ${classes.moreDown} nodrag nopan`}
          aria-label={`Show ${hidden.down} more downstream of ${node.name}`}
          onClick={(event) => {
            event.stopPropagation();
            expand(node.id, "down");
          }}
        >
          +{hidden.down}
        </button>
      )}
      <Handle type="source" position={Position.Right} className={classes.handle} isConnectable={false} />
    </div>
  );
}
