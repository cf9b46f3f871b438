/**
 * What the screen shows of a drawing: screen = drawing × zoom + offset, in CSS pixels. Everything that pans, zooms or fits a picture
 * reckons here.
 */
export interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** A part of the drawing. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface ZoomLimits {
  least: number;
  most: number;
}

export const AT_FIRST: Viewport = { x: 0, y: 0, zoom: 1 };

/** A picture stretched by more than this is drawn anew while the zoom goes on. */
export const MOST_STRETCH = 1.8;

/** How far one press of a button or key zooms. */
export const ZOOM_STEP = 1.4;

export const clampZoom = (zoom: number, { least, most }: ZoomLimits): number => Math.min(most, Math.max(least, zoom));

export const toScreen = ({ x, y, zoom }: Viewport, at: Point): Point => ({ x: at.x * zoom + x, y: at.y * zoom + y });

export const toDrawing = ({ x, y, zoom }: Viewport, at: Point): Point => ({
  x: (at.x - x) / zoom,
  y: (at.y - y) / zoom,
});

export const middleOf = ({ width, height }: Size): Point => ({ x: width / 2, y: height / 2 });

/** Zooms so that what is at a point of the screen stays there. */
export function zoomAround(viewport: Viewport, factor: number, at: Point, limits: ZoomLimits): Viewport {
  const zoom = clampZoom(viewport.zoom * factor, limits);
  const ratio = zoom / viewport.zoom;
  return { x: at.x - (at.x - viewport.x) * ratio, y: at.y - (at.y - viewport.y) * ratio, zoom };
}

/** Puts a point of the drawing in the middle of the screen. */
export function centreOn({ x, y }: Point, zoom: number, { width, height }: Size): Viewport {
  return { x: width / 2 - x * zoom, y: height / 2 - y * zoom, zoom };
}

/** The zoom at which the drawing just fits, with a margin on every side; not limited. */
export function fitZoom(drawing: Size, screen: Size, margin = 0): number {
  return Math.min((screen.width - 2 * margin) / drawing.width, (screen.height - 2 * margin) / drawing.height);
}

/** A part of the drawing, whole and in the middle. */
export function fitBox({ left, top, right, bottom }: Box, screen: Size, margin: number, limits: ZoomLimits): Viewport {
  const zoom = clampZoom(fitZoom({ width: right - left, height: bottom - top }, screen, margin), limits);
  return centreOn({ x: (left + right) / 2, y: (top + bottom) / 2 }, zoom, screen);
}

/** The part of the drawing that is in sight, widened on every side by a share of its size. */
export function sightOf({ x, y, zoom }: Viewport, { width, height }: Size, widen = 0): Box {
  return {
    left: (-x - width * widen) / zoom,
    top: (-y - height * widen) / zoom,
    right: (-x + width * (1 + widen)) / zoom,
    bottom: (-y + height * (1 + widen)) / zoom,
  };
}

/** By how much something must be moved, along one axis of the screen, to be in sight with a margin; 0 when it is. */
export function shiftIntoSight(from: number, length: number, room: number, margin: number): number {
  if (from < margin) return margin - from;
  return from + length > room - margin ? room - margin - from - length : 0;
}
