import {
  AT_FIRST,
  clampZoom,
  type Point,
  type Size,
  type Viewport,
  zoomAround,
  type ZoomLimits,
} from "@/components/ui/viewport";

/** A picture that fills its place is never smaller than that. */
const LIMITS: ZoomLimits = { least: 1, most: 64 };

/** Keeps the zoom within its limits and at least a part of the drawing in sight. */
export function clampViewport({ x, y, zoom }: Viewport, { width, height }: Size): Viewport {
  const kept = clampZoom(zoom, LIMITS);
  const along = (offset: number, size: number) => Math.min(size * 0.5, Math.max(size * 0.5 - size * kept, offset));
  return kept === 1 && Math.abs(x) < 1 && Math.abs(y) < 1
    ? AT_FIRST
    : { x: along(x, width), y: along(y, height), zoom: kept };
}

/** Zooms so that what is at a point of the screen stays there. */
export function zoomAt(viewport: Viewport, factor: number, at: Point, size: Size): Viewport {
  return clampViewport(zoomAround(viewport, factor, at, LIMITS), size);
}

export function panBy(viewport: Viewport, dx: number, dy: number, size: Size): Viewport {
  return clampViewport({ ...viewport, x: viewport.x + dx, y: viewport.y + dy }, size);
}

/** `x,y,zoom` in shares of the drawing, so that a link shows the same on another screen. */
export function formatViewport({ x, y, zoom }: Viewport, { width, height }: Size): string | null {
  if (zoom === 1 && x === 0 && y === 0) return null;
  return [x / width, y / height, zoom].map((part) => Number(part.toFixed(3))).join(",");
}

export function parseViewport(text: string | null, size: Size): Viewport {
  const [x, y, zoom] = (text ?? "").split(",").map(Number);
  if (x === undefined || y === undefined || zoom === undefined || ![x, y, zoom].every(Number.isFinite)) return AT_FIRST;
  return clampViewport({ x: x * size.width, y: y * size.height, zoom }, size);
}
