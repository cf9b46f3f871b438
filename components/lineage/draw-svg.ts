import type { Point } from "@/components/ui/viewport";
import type { Picture } from "@/components/ui/drawn-picture";
import { pathOf, type Curve } from "./graph/edge-path";
import { boundsOf } from "./graph/graph-viewport";
import { edgeKey, NODE_HEIGHT, NODE_WIDTH, type Graph, type GraphNode, type Positions } from "./graph/graph";
import { PLAIN, type Mark } from "./graph/marks";
import { letterOf, type Ink } from "./ink";

const MARGIN = 24;

/** The graph as a picture of its own: complete, whatever part of it is in sight, with what is lit, coloured and flagged. */
export function drawSvg(
  { nodes, edges }: Pick<Graph, "nodes" | "edges">,
  positions: Positions,
  curves: ReadonlyMap<string, Curve>,
  marks: { nodes: ReadonlyMap<string, Mark>; edges: ReadonlyMap<string, Mark> },
  focus: string | null,
  ink: Ink,
): Picture {
  const box = boundsOf(positions) ?? { left: 0, top: 0, right: 0, bottom: 0 };
  const [left, top] = [box.left - MARGIN, box.top - MARGIN];
  const [width, height] = [box.right + MARGIN - left, box.bottom + MARGIN - top];
  const lines = edges.flatMap((edge) => {
    const curve = curves.get(edgeKey(edge));
    if (!curve) return [];
    const mark = marks.edges.get(edgeKey(edge)) ?? PLAIN;
    const colour = colourOf(mark, ink) ?? ink.line;
    const end = curve.pieces.at(-1)?.end ?? curve.start;
    const dash = mark.change === "removed" ? "2 4" : edge.role === "fits" ? "6 4" : null;
    const sign =
      mark.change === "added" ? "+" : mark.change === "removed" ? "−" : edge.count > 1 ? `${edge.count}` : "";
    const { x, y } = curve.middle;
    return [
      `<path d="${pathOf(curve)}" fill="none" stroke="${colour}" stroke-width="${mark.tone === "lit" || mark.leaks ? 2 : 1}"${mark.tone === "dim" ? ' opacity="0.3"' : ""}${dash ? ` stroke-dasharray="${dash}"` : ""}/>` +
        `<path d="M${end.x + 4},${end.y} l-9,-4 v8 z" fill="${colour}"${mark.tone === "dim" ? ' opacity="0.3"' : ""}/>` +
        (sign && `<text x="${x}" y="${y + 4}" font-size="12" font-weight="600" text-anchor="middle" fill="${colour}" stroke="${ink.paper}" stroke-width="4" paint-order="stroke">${sign}</text>`), // prettier-ignore
    ];
  });
  const boxes = [...nodes.values()].flatMap((node) => {
    const at = positions.get(node.id);
    return at ? [nodeSvg(node, at, marks.nodes.get(node.id) ?? PLAIN, node.id === focus, ink)] : [];
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}" font-family="system-ui, sans-serif">
<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${ink.paper}"/>
${lines.join("\n")}
${boxes.join("\n")}
</svg>
`;
  return { svg, width, height };
}

function colourOf(mark: Mark, ink: Ink): string | null {
  if (mark.leaks) return ink.critical;
  if (mark.change) return mark.change === "added" ? ink.added : ink.removed;
  const variant = mark.variants?.[0];
  if (variant !== undefined) return ink.variants[variant % ink.variants.length] ?? null;
  return mark.tone === "lit" ? ink.accent : null;
}

function nodeSvg(node: GraphNode, { x, y }: Point, mark: Mark, isFocus: boolean, ink: Ink): string {
  const radius = node.kind === "stage" ? NODE_HEIGHT / 2 : 4;
  const stroke = mark.variants ? ink.line : (colourOf(mark, ink) ?? (isFocus ? ink.accent : ink.line));
  const signs = [
    mark.variants?.map(letterOf).join(" "),
    mark.change && (mark.change === "added" ? "+ added" : "− removed"),
    (mark.leaks || node.leak === "leak") && "▲ leak",
    (node.drift === "warn" || node.drift === "critical") && "▲ drift",
  ].filter(Boolean);
  const facts = [node.environments.join(", "), node.owner].filter(Boolean).join(" · ");
  const kind = [node.size > 1 ? `${node.size} nodes` : node.kind, node.detail].filter(Boolean).join(" · ");
  return `<g${mark.tone === "dim" ? ' opacity="0.45"' : ""}><rect x="${x}" y="${y}" width="${NODE_WIDTH}" height="${NODE_HEIGHT}" rx="${radius}" fill="${ink.paper}" stroke="${stroke}" stroke-width="${isFocus || mark.leaks ? 2 : 1}"${mark.change === "removed" ? ' stroke-dasharray="5 4"' : ""}/>
<text x="${x + 18}" y="${y + 19}" font-size="11" fill="${ink.muted}">${escapeXml(shorten(kind, 34))}</text>
<text x="${x + 18}" y="${y + 36}" font-size="13" font-weight="600" fill="${ink.text}">${escapeXml(shorten(node.name, 28))}</text>
<text x="${x + 18}" y="${y + 53}" font-size="11" fill="${ink.muted}">${escapeXml(shorten(facts, 36))}</text>
${signs.length > 0 ? `<text x="${x + NODE_WIDTH - 12}" y="${y + 4}" font-size="11" font-weight="600" text-anchor="end" fill="${mark.variants ? ink.text : stroke}" stroke="${ink.paper}" stroke-width="4" paint-order="stroke">${escapeXml(signs.join("  "))}</text>` : ""}</g>`;
}

const shorten = (name: string, most: number) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);
const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
