import { NODE_HEIGHT, NODE_WIDTH, type Graph, type Position } from "./graph";

/** Colours as the page has them at the moment. */
export interface Ink {
  paper: string;
  text: string;
  muted: string;
  accent: string;
}

const MARGIN = 24;

/** The graph as a picture of its own: complete, whatever part of it is in sight. */
export function drawSvg(
  { nodes, edges }: Graph,
  positions: ReadonlyMap<string, Position>,
  focus: string,
  ink: Ink,
): { svg: string; width: number; height: number } {
  const places = [...positions.values()];
  const left = Math.min(...places.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...places.map(({ y }) => y)) - MARGIN;
  const width = Math.max(...places.map(({ x }) => x)) + NODE_WIDTH + MARGIN - left;
  const height = Math.max(...places.map(({ y }) => y)) + NODE_HEIGHT + MARGIN - top;
  const lines = edges.flatMap((edge) => {
    const [from, to] = [positions.get(edge.from), positions.get(edge.to)];
    if (!from || !to) return [];
    const [x1, y1, x2, y2] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2, to.x, to.y + NODE_HEIGHT / 2];
    const bend = Math.max(24, (x2 - x1) / 2);
    const dash = edge.role === "fits" ? ' stroke-dasharray="5 4"' : "";
    return `<path d="M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2 - 4},${y2}" fill="none" stroke="${ink.muted}"${dash} marker-end="url(#arrow)"/>`;
  });
  const boxes = [...nodes.values()].flatMap((node) => {
    const at = positions.get(node.id);
    if (!at) return [];
    const radius = node.kind === "stage" ? NODE_HEIGHT / 2 : 4;
    const isFocus = node.id === focus;
    return `<rect x="${at.x}" y="${at.y}" width="${NODE_WIDTH}" height="${NODE_HEIGHT}" rx="${radius}" fill="${ink.paper}" stroke="${isFocus ? ink.accent : ink.muted}" stroke-width="${isFocus ? 2 : 1}"/>
<text x="${at.x + 14}" y="${at.y + 23}" font-size="11" fill="${ink.muted}">${escapeXml(node.kind)}${node.detail ? ` · ${escapeXml(node.detail)}` : ""}</text>
<text x="${at.x + 14}" y="${at.y + 41}" font-size="13" font-weight="600" fill="${ink.text}">${escapeXml(shorten(node.name))}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}" font-family="system-ui, sans-serif">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="${ink.muted}"/></marker></defs>
<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${ink.paper}"/>
${lines.join("\n")}
${boxes.join("\n")}
</svg>
`;
  return { svg, width, height };
}

const shorten = (name: string) => (name.length > 27 ? `${name.slice(0, 26)}…` : name);
const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
