import type { Box } from "@/components/ui/viewport";
import { detailAt } from "./graph/detail-at";
import { crosses, type Curve } from "./graph/edge-path";
import { touches } from "./graph/choose-full";
import { edgeKey, NODE_HEIGHT, NODE_WIDTH, type Graph, type GraphNode, type Positions } from "./graph/graph";
import { groupLabels } from "./graph/group-labels";
import { PLAIN, type Mark } from "./graph/marks";
import type { Ink } from "./ink";

export interface Drawing {
  graph: Pick<Graph, "nodes" | "edges">;
  positions: Positions;
  curves: ReadonlyMap<string, Curve>;
  marks: { nodes: ReadonlyMap<string, Mark>; edges: ReadonlyMap<string, Mark> };
  /** Nodes that are mounted in full: not drawn here, unless they are too small to show anything. */
  full: ReadonlySet<string>;
}

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/** Draws the part of the plane inside `box`: all edges that cross it and every node that is not mounted in full. `zoom` tells how large it will be seen. */
export function drawCanvas(
  context: CanvasRenderingContext2D,
  { graph, positions, curves, marks, full }: Drawing,
  box: Box,
  zoom: number,
  ink: Ink,
): void {
  drawEdges(context, graph, curves, marks.edges, box, zoom, ink);
  const detail = detailAt(zoom);
  context.textBaseline = "middle";
  for (const node of graph.nodes.values()) {
    const at = positions.get(node.id);
    if (at && (detail === "workspace" || !full.has(node.id)) && touches(at, box))
      drawPlaceholder(context, node, at.x, at.y, marks.nodes.get(node.id) ?? PLAIN, detail !== "workspace", ink);
  }
  if (detail === "workspace") drawLabels(context, graph.nodes.values(), positions, zoom, ink);
}

interface Stroke {
  colour: string;
  width: number;
  dash: number[];
  alpha: number;
}

/** Lit before marked before plain: what is meant lies above the rest. */
function strokeOf(role: string, mark: Mark, ink: Ink): Stroke & { layer: number } {
  const dash = role === "fits" ? [6, 4] : [];
  if (mark.leaks) return { colour: ink.critical, width: 3, dash, alpha: 1, layer: 3 };
  if (mark.change === "added") return { colour: ink.added, width: 2, dash, alpha: 1, layer: 2 };
  if (mark.change === "removed") return { colour: ink.removed, width: 2, dash: [2, 4], alpha: 1, layer: 2 };
  const alpha = mark.tone === "dim" ? 0.22 : 1;
  const variant = mark.variants?.[0];
  if (variant !== undefined)
    return { colour: ink.variants[variant % ink.variants.length] ?? ink.line, width: 2.5, dash, alpha, layer: 1 };
  if (mark.tone === "lit") return { colour: ink.accent, width: 2, dash, alpha: 1, layer: 2 };
  return { colour: ink.line, width: 1, dash, alpha, layer: 0 };
}

/** Edges of the same look are one path: the number of strokes, not of edges, is what drawing costs. */
function drawEdges(
  context: CanvasRenderingContext2D,
  graph: Drawing["graph"],
  curves: Drawing["curves"],
  marks: ReadonlyMap<string, Mark>,
  box: Box,
  zoom: number,
  ink: Ink,
): void {
  const batches = new Map<string, { stroke: Stroke & { layer: number }; curves: Curve[] }>();
  const signs: { curve: Curve; sign: string; colour: string }[] = [];
  for (const edge of graph.edges) {
    const curve = curves.get(edgeKey(edge));
    if (!curve || !crosses(curve, box)) continue;
    const mark = marks.get(edgeKey(edge)) ?? PLAIN;
    const stroke = strokeOf(edge.role, mark, ink);
    const key = `${stroke.layer} ${stroke.colour} ${stroke.width} ${stroke.dash.join()} ${stroke.alpha}`;
    const batch = batches.get(key);
    if (batch) batch.curves.push(curve);
    else batches.set(key, { stroke, curves: [curve] });
    if (mark.change) signs.push({ curve, sign: mark.change === "added" ? "+" : "−", colour: stroke.colour });
    if (edge.count > 1 && zoom > 0.3) signs.push({ curve, sign: `${edge.count}`, colour: ink.muted });
  }
  // A line never gets thinner than what a screen can show.
  const least = 0.6 / zoom;
  for (const { stroke, curves: lines } of [...batches.values()].sort((a, b) => a.stroke.layer - b.stroke.layer)) {
    context.globalAlpha = stroke.alpha;
    context.strokeStyle = context.fillStyle = stroke.colour;
    context.lineWidth = Math.max(least, stroke.width);
    context.setLineDash(stroke.dash);
    context.beginPath();
    for (const { start, pieces } of lines) {
      context.moveTo(start.x, start.y);
      for (const { c1, c2, end } of pieces) context.bezierCurveTo(c1.x, c1.y, c2.x, c2.y, end.x, end.y);
    }
    context.stroke();
    if (zoom < 0.3) continue;
    context.beginPath();
    for (const { pieces } of lines) {
      const { x, y } = (pieces.at(-1) as Curve["pieces"][number]).end;
      context.moveTo(x + 4, y);
      context.lineTo(x - 5, y - 4);
      context.lineTo(x - 5, y + 4);
    }
    context.fill();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `600 12px ${FONT}`;
  for (const { curve, sign, colour } of signs) {
    const { x, y } = curve.middle;
    context.fillStyle = ink.paper;
    context.beginPath();
    context.arc(x, y, 9, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = colour;
    context.fillText(sign, x, y);
  }
}

function drawPlaceholder(
  context: CanvasRenderingContext2D,
  node: GraphNode,
  x: number,
  y: number,
  mark: Mark,
  isNamed: boolean,
  ink: Ink,
): void {
  context.globalAlpha = mark.tone === "dim" ? 0.4 : 1;
  context.fillStyle = ink.paper;
  context.strokeStyle = mark.leaks ? ink.critical : mark.tone === "lit" ? ink.accent : ink.line;
  context.lineWidth = mark.tone === "lit" || mark.leaks || mark.found ? 4 : 1.5;
  context.setLineDash(mark.change === "removed" ? [8, 6] : []);
  context.beginPath();
  context.roundRect(x, y, NODE_WIDTH, NODE_HEIGHT, node.kind === "stage" ? NODE_HEIGHT / 2 : 4);
  context.fill();
  context.stroke();
  context.setLineDash([]);
  const variant = mark.variants?.[0];
  if (variant !== undefined) {
    context.fillStyle = ink.variants[variant % ink.variants.length] ?? ink.line;
    context.fillRect(x, y + NODE_HEIGHT - 8, NODE_WIDTH, 8);
  }
  if (isNamed) {
    context.fillStyle = ink.text;
    context.textAlign = "left";
    context.font = `600 20px ${FONT}`;
    const sign = mark.change === "added" ? "+ " : mark.change === "removed" ? "− " : mark.leaks ? "▲ " : "";
    context.fillText(sign + shorten(node.name, 20), x + 16, y + NODE_HEIGHT / 2);
  }
  context.globalAlpha = 1;
}

function drawLabels(
  context: CanvasRenderingContext2D,
  nodes: Iterable<GraphNode>,
  positions: Positions,
  zoom: number,
  ink: Ink,
): void {
  const size = 13 / zoom;
  context.font = `600 ${size}px ${FONT}`;
  context.textAlign = "center";
  const widthOf = (text: string) => context.measureText(text).width + size;
  const labels = groupLabels(nodes, positions, (text) => ({ width: widthOf(text), height: size * 2 }));
  for (const { text, x, y } of labels) {
    context.globalAlpha = 0.9;
    context.fillStyle = ink.paper;
    context.beginPath();
    context.roundRect(x - widthOf(text) / 2, y - size * 0.9, widthOf(text), size * 1.8, size * 0.3);
    context.fill();
    context.globalAlpha = 1;
    context.fillStyle = ink.text;
    context.fillText(text, x, y);
  }
}

const shorten = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
