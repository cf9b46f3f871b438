"use client";

import { type Ref, useState } from "react";
import { type PlanLayout, toPath } from "./lay-out-plan";
import { type NodeLook, paintOf } from "./node-look";
import classes from "./plan.module.css";
import type { PlanGraph } from "./plan-graph";
import { PlanNode } from "./plan-node";
import { nextNode } from "./walk-plan";

/** The merged plan as a drawing that is walked with arrow keys. Solid is what the reader chose, tint is the rest. */
export function PlanDrawing({
  ref,
  graph,
  layout,
  looks,
  chosen,
  compared,
  selected,
  zoom,
  label,
  onSelect,
  onPin,
}: {
  ref: Ref<SVGSVGElement>;
  graph: PlanGraph;
  layout: PlanLayout;
  looks: ReadonlyMap<string, NodeLook>;
  chosen: number;
  compared: number | null;
  selected: string | null;
  zoom: number;
  label: string;
  onSelect(id: string | null): void;
  onPin(pin: NonNullable<NodeLook["pin"]>): void;
}) {
  const [visited, setVisited] = useState<string | null>(null);
  const first = graph.nodes.keys().next().value;
  const reachable = [visited, selected].find((id) => id && graph.nodes.has(id)) ?? first;
  const walk = (event: React.KeyboardEvent<SVGSVGElement>) => {
    const at = (event.target as Element).closest<SVGElement>("[data-node]")?.dataset.node;
    if (!at) return;
    const pin = looks.get(at)?.pin;
    const isAsked = event.key === "Enter" || event.key === " ";
    const next = nextNode(graph.edges, layout, at, event.key);
    if (isAsked) onSelect(at === selected ? null : at);
    else if (event.key === "p" && pin) onPin(pin);
    else if (next) {
      const node = event.currentTarget.querySelector<SVGElement>(`[data-node="${CSS.escape(next)}"]`);
      node?.focus({ preventScroll: true });
      node?.scrollIntoView({ block: "nearest", inline: "nearest" });
      setVisited(next);
    } else return;
    event.preventDefault();
  };
  const edges = graph.edges
    .map((edge) => ({ edge, points: layout.edges.get(edge.id), paint: paintOf(edge.variants, chosen, compared) }))
    // What is solid lies over what is tinted.
    .sort((one, other) => Number(one.paint.look === "solid") - Number(other.paint.look === "solid"));
  return (
    <svg
      ref={ref}
      role="group"
      aria-label={label}
      className={classes.drawing}
      width={layout.width * zoom}
      height={layout.height * zoom}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      onKeyDown={walk}
    >
      {edges.map(({ edge, points, paint }) =>
        points ? (
          <g
            key={edge.id}
            className={classes.edge}
            data-look={paint.look}
            style={{ "--c": paint.colour } as React.CSSProperties}
          >
            <path
              className={classes.line}
              d={toPath(points, 6, 5)}
              strokeDasharray={edge.fitOnly ? "5 4" : undefined}
            />
            <path className={classes.head} d={headOf(points)} />
          </g>
        ) : null,
      )}
      {[...graph.nodes.values()].map((node) => {
        const [look, place] = [looks.get(node.id), layout.nodes.get(node.id)];
        if (!look || !place) return null;
        return (
          <PlanNode
            key={node.id}
            node={look}
            place={place}
            paint={paintOf(node.variants, chosen, compared)}
            isSelected={node.id === selected}
            isReachable={node.id === reachable}
            onSelect={() => {
              setVisited(node.id);
              onSelect(node.id === selected ? null : node.id);
            }}
            onPin={() => look.pin && onPin(look.pin)}
          />
        );
      })}
    </svg>
  );
}

/** The head of an arrow that ends at the last point, in the direction of the last piece of its line. */
function headOf(points: readonly { x: number; y: number }[]): string {
  const [before, end] = [points.at(-2), points.at(-1)];
  if (!before || !end) return "";
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const [dx, dy] = [(end.x - before.x) / length, (end.y - before.y) / length];
  const [x, y] = [end.x - dx * 7, end.y - dy * 7];
  return `M${end.x},${end.y} L${x - dy * 3.5},${y + dx * 3.5} L${x + dy * 3.5},${y - dx * 3.5} Z`;
}
