import type { PlanStageChange } from "@/lib/contracts/change-plan";
import classes from "./changes.module.css";

const NODE = { width: 164, height: 46, across: 36, down: 14, margin: 8 };
const SIGN = { added: "+ ", removed: "− ", changed: "~ ", kept: "" } as const;

interface Placed extends PlanStageChange {
  x: number;
  y: number;
}

/** Both plans as one graph, from the data at the left to the feature at the right. The table beside it says the same. */
export function PlanGraph({ plan }: { plan: PlanStageChange[] }) {
  const nodes = place(plan);
  const byName = new Map(nodes.map((node) => [node.stage, node]));
  const width = Math.max(...nodes.map((node) => node.x)) + NODE.width + NODE.margin;
  const height = Math.max(...nodes.map((node) => node.y)) + NODE.height + NODE.margin;
  const counts = (change: PlanStageChange["change"]) => plan.filter((item) => item.change === change).length;
  return (
    <div className={classes.graph} role="region" aria-label="Graph of the plan" tabIndex={0}>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Plan: ${counts("added")} stages added, ${counts("removed")} removed, ${counts("changed")} changed, ${counts("kept")} kept.`}
      >
        {nodes.flatMap((node) =>
          node.reads.map((name) => {
            const from = byName.get(name);
            if (!from) return null;
            const [x1, y1] = [from.x + NODE.width, from.y + NODE.height / 2];
            const [x2, y2] = [node.x, node.y + NODE.height / 2];
            const middle = (x1 + x2) / 2;
            const gone = node.change === "removed" || from.change === "removed";
            const fresh = node.change === "added" || from.change === "added";
            return (
              <path
                key={`${name}>${node.stage}`}
                d={`M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`}
                className={classes.edge}
                data-change={gone ? "removed" : fresh ? "added" : "kept"}
              />
            );
          }),
        )}
        {nodes.map((node) => (
          <g key={node.stage} transform={`translate(${node.x},${node.y})`}>
            <title>{`${node.stage}, ${node.kind}: ${node.change}`}</title>
            <rect
              width={NODE.width}
              height={NODE.height}
              rx={node.kind === "source" ? NODE.height / 2 : 4}
              className={classes.node}
              data-change={node.change}
            />
            {node.kind === "estimator" && (
              <rect x={3} y={3} width={NODE.width - 6} height={NODE.height - 6} rx={2} className={classes.inner} />
            )}
            <text x={NODE.width / 2} y={20} textAnchor="middle" className={classes.nodeName} data-change={node.change}>
              {SIGN[node.change] + shortened(node.stage)}
            </text>
            <text x={NODE.width / 2} y={36} textAnchor="middle" className={classes.nodeKind}>
              {node.kind === "source" ? "source" : shortened(node.operator)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

const shortened = (text: string, most = 22) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** A stage stands right of everything that it reads; the list is in that order already. */
function place(plan: PlanStageChange[]): Placed[] {
  const column = new Map<string, number>();
  const filled = new Map<number, number>();
  return plan.map((stage) => {
    const depth = Math.max(-1, ...stage.reads.map((name) => column.get(name) ?? -1)) + 1;
    column.set(stage.stage, depth);
    const row = filled.get(depth) ?? 0;
    filled.set(depth, row + 1);
    return {
      ...stage,
      x: NODE.margin + depth * (NODE.width + NODE.across),
      y: NODE.margin + row * (NODE.height + NODE.down),
    };
  });
}
