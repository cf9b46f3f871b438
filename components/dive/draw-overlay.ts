import type { Inks } from "./inks";
import { fitLabels } from "./layout/fit-labels";
import type { Layout } from "./layout/lay-out-rows";
import { radiusAt } from "./layout/paint-points";
import type { Viewport } from "@/components/ui/viewport";

export interface Margins {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Titles {
  x: string | null;
  y: string | null;
  rows: string | null;
  columns: string | null;
}

const FONT = '11px system-ui, -apple-system, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif';
/** Pixels above the plot for one line of headings; with more there is one before it, for what all of them are of. */
export const ONE_LINE = 24;
/** Beyond so many cells their inner lines would be more than the points. */
const MOST_GRIDS = 80;

/** Frames, headings and ticks around the points, and rings around the rows that are looked at. In CSS pixels. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  { width, height }: { width: number; height: number },
  margins: Margins,
  layout: Layout,
  viewport: Viewport,
  inks: Inks,
  titles: Titles,
  marks: { row: number; isPinned: boolean }[],
): void {
  const { zoom } = viewport;
  const [left, top] = [margins.left, margins.top];
  const [plotWidth, plotHeight] = [width - left - margins.right, height - top - margins.bottom];
  const toX = (x: number) => left + viewport.x + x * zoom;
  const toY = (y: number) => top + viewport.y + y * zoom;
  context.font = FONT;
  context.lineWidth = 1;

  context.save();
  context.beginPath();
  context.rect(left, top, plotWidth, plotHeight);
  context.clip();
  context.strokeStyle = inks.line;
  const hasGrid = layout.cells.length <= MOST_GRIDS;
  for (const cell of layout.cells) {
    const [x, y] = [toX(cell.left), toY(cell.top)];
    const [w, h] = [layout.cellWidth * zoom, layout.cellHeight * zoom];
    if (x > width || y > height || x + w < left || y + h < top) continue;
    context.strokeRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(w) - 1, Math.round(h) - 1);
    if (!hasGrid) continue;
    context.setLineDash([2, 4]);
    context.beginPath();
    for (const tick of layout.xTicks) {
      const at = Math.round(x + tick.at * zoom) + 0.5;
      context.moveTo(at, y);
      context.lineTo(at, y + h);
    }
    for (const tick of layout.yTicks) {
      const at = Math.round(y + tick.at * zoom) + 0.5;
      context.moveTo(x, at);
      context.lineTo(x + w, at);
    }
    context.stroke();
    context.setLineDash([]);
  }
  for (const { row, isPinned } of marks) {
    const [x, y] = [toX(layout.x[row] ?? NaN), toY(layout.y[row] ?? NaN)];
    const radius = radiusAt(layout, zoom) + 4;
    for (const [ink, thick] of [
      [inks.paper, 5],
      [isPinned ? inks.accent : inks.text, 2.5],
    ] as const) {
      context.strokeStyle = ink;
      context.lineWidth = thick;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
    }
  }
  context.restore();

  context.fillStyle = inks.text;
  const across = Math.max(1, layout.columns?.length ?? 1);
  const down = Math.max(1, layout.rows?.length ?? 1);
  const rightEnd = left + plotWidth;
  const bottomEnd = top + plotHeight;

  // Columns: a heading above and ticks below each.
  const room = layout.cellWidth * zoom - 4;
  const headings = fitLabels(layout.columns?.map(({ label }) => label) ?? [], (text) => shorten(context, text, room));
  if (titles.columns && margins.top > ONE_LINE) {
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillStyle = inks.muted;
    const common = headings.common === "" ? "" : `: ${headings.common}…`;
    context.fillText(shorten(context, `${titles.columns}${common}`, plotWidth), left, top - 27);
  }
  for (let column = 0; column < across; column += 1) {
    const cell = layout.cells[column];
    if (!cell) continue;
    const [from, to] = [toX(cell.left), toX(cell.left) + layout.cellWidth * zoom];
    const [seenFrom, seenTo] = [Math.max(from, left), Math.min(to, rightEnd)];
    if (seenTo - seenFrom < 8) continue;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const heading = headings.labels[column];
    if (heading !== undefined) {
      const isFirst = (column === 0 || from < left) && margins.top <= ONE_LINE;
      const text = isFirst && titles.columns ? `${titles.columns}: ${heading}` : heading;
      const seen = seenTo - seenFrom - 4;
      context.fillStyle = inks.text;
      context.fillText(
        shorten(context, context.measureText(text).width <= seen ? text : heading, seen),
        (seenFrom + seenTo) / 2,
        top - 11,
      );
    }
    context.fillStyle = inks.muted;
    const ticks = layout.xTicks.map((tick) => ({ at: from + tick.at * zoom, label: tick.label }));
    if (layout.strangers.x !== null) ticks.unshift({ at: from + layout.strangers.x * zoom, label: "none" });
    let last = seenFrom - 6;
    for (const { at, label } of ticks) {
      if (at < seenFrom - 1 || at > seenTo + 1) continue;
      const text = shorten(context, label, Math.min(90, seenTo - seenFrom));
      const half = context.measureText(text).width / 2;
      const middle = Math.min(
        Math.max(at, seenFrom + half),
        Math.max(seenFrom + half, seenTo - half + (column === across - 1 ? 6 : 0)),
      );
      if (middle - half < last + 6) continue;
      context.fillText(text, middle, bottomEnd + 11);
      last = middle + half;
    }
  }
  if (titles.x) {
    context.textAlign = "center";
    context.fillStyle = inks.text;
    context.fillText(shorten(context, titles.x, plotWidth), left + plotWidth / 2, bottomEnd + 27);
  }

  if (titles.rows) {
    context.textAlign = "left";
    context.fillStyle = inks.muted;
    context.fillText(shorten(context, titles.rows, left - 16), 14, top - 11);
  }

  // Rows: a heading and ticks to the left of each.
  for (let row = 0; row < down; row += 1) {
    const cell = layout.cells[row * across];
    if (!cell) continue;
    const [from, to] = [toY(cell.top), toY(cell.top) + layout.cellHeight * zoom];
    const [seenFrom, seenTo] = [Math.max(from, top), Math.min(to, bottomEnd)];
    if (seenTo - seenFrom < 8) continue;
    const group = layout.rows?.[row];
    let last = Infinity;
    let first = -Infinity;
    context.textBaseline = "middle";
    if (group) {
      context.textAlign = "left";
      context.fillStyle = inks.text;
      const y = seenFrom + Math.min(8, (seenTo - seenFrom) / 2);
      context.fillText(shorten(context, group.label, left - 16), 14, y);
      first = y + 8;
    }
    context.textAlign = "right";
    context.fillStyle = inks.muted;
    const ticks = layout.yTicks.map((tick) => ({ at: from + tick.at * zoom, label: tick.label }));
    if (layout.strangers.y !== null) ticks.unshift({ at: from + layout.strangers.y * zoom, label: "none" });
    for (const { at, label } of ticks) {
      const y = Math.min(Math.max(at, seenFrom + 6), seenTo - 6);
      if (at < seenFrom - 1 || at > seenTo + 1 || y > last - 13 || y < first + 6) continue;
      context.fillText(shorten(context, label, left - 22), left - 5, y);
      last = y;
    }
  }
  if (titles.y) {
    context.save();
    context.translate(7, top + plotHeight / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = inks.text;
    context.fillText(shorten(context, titles.y, plotHeight), 0, 0);
    context.restore();
  }
}

function shorten(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && context.measureText(`${letters.join("")}…`).width > room) letters.pop();
  return `${letters.join("")}…`;
}
