import type { Layout } from "./lay-out-rows";
import type { Viewport } from "@/components/ui/viewport";

/** A picture in device pixels, four bytes each as one number. */
export interface Raster {
  pixels: Uint32Array;
  width: number;
  height: number;
}

export interface PaintedPoints {
  layout: Pick<Layout, "x" | "y" | "order" | "radius" | "isStacked">;
  /** Row → place in `inks`. */
  codes: Uint8Array;
  /** Colours as the raster has them. */
  inks: Uint32Array;
  /** Places in `inks` that are drawn as rings. */
  rings: ReadonlySet<number>;
  /** Places in `inks` that are drawn below all others, because they say least. */
  below: ReadonlySet<number>;
}

/** Radius of a dot on the screen, CSS pixels: stacked dots grow with the drawing, scattered ones slowly. */
export function radiusAt({ radius, isStacked }: Pick<Layout, "radius" | "isStacked">, zoom: number): number {
  return isStacked ? Math.min(14, radius * zoom) : Math.min(7, radius * zoom ** 0.45);
}

/**
 * Writes all points into a raster that was cleared. No canvas could fill 100,000 circles in a frame; setting their pixels takes a few
 * milliseconds. `scale` is device pixels for a CSS pixel, `left` and `top` where the raster begins on the screen, CSS pixels.
 */
export function paintPoints(
  { pixels, width, height }: Raster,
  { layout, codes, inks, rings, below }: PaintedPoints,
  viewport: Viewport,
  { scale, left, top }: { scale: number; left: number; top: number },
): number {
  const radius = Math.max(0.5, radiusAt(layout, viewport.zoom) * scale);
  const disc = stamp(radius, false, width);
  const ring = stamp(Math.max(1.5, radius), true, width);
  const reach = Math.ceil(Math.max(1.5, radius));
  const zoom = viewport.zoom * scale;
  const [dx, dy] = [(viewport.x - left) * scale, (viewport.y - top) * scale];
  const { x, y, order } = layout;
  let drawn = 0;
  const isBelow = Uint8Array.from(inks, (_, code) => (below.has(code) ? 1 : 0));
  const isRing = Uint8Array.from(inks, (_, code) => (rings.has(code) ? 1 : 0));
  for (const layer of below.size > 0 ? [1, 0] : [0])
    for (let i = 0; i < order.length; i += 1) {
      const row = order[i] as number;
      const code = codes[row] as number;
      if (isBelow[code] !== layer) continue;
      const px = ((x[row] as number) * zoom + dx) | 0;
      const py = ((y[row] as number) * zoom + dy) | 0;
      if (px < -reach || py < -reach || px >= width + reach || py >= height + reach) continue;
      drawn += 1;
      const shape = isRing[code] ? ring : disc;
      const ink = inks[code] as number;
      const isInside = px >= reach && py >= reach && px < width - reach && py < height - reach;
      if (isInside) {
        const base = py * width + px;
        const { offsets } = shape;
        for (let k = 0; k < offsets.length; k += 1) pixels[base + (offsets[k] as number)] = ink;
      } else paintCut(pixels, width, height, shape, px, py, ink);
    }
  return drawn;
}

/** A point at the rim of the raster. */
function paintCut(
  pixels: Uint32Array,
  width: number,
  height: number,
  { across, down }: Stamp,
  px: number,
  py: number,
  ink: number,
): void {
  for (let k = 0; k < across.length; k += 1) {
    const [x, y] = [px + (across[k] as number), py + (down[k] as number)];
    if (x >= 0 && y >= 0 && x < width && y < height) pixels[y * width + x] = ink;
  }
}

interface Stamp {
  across: Int32Array;
  down: Int32Array;
  /** The same as places in the raster, from the middle. */
  offsets: Int32Array;
}

/** Pixels of a disc or a ring around its middle. A disc of less than a pixel is one pixel. */
function stamp(radius: number, isRing: boolean, width: number): Stamp {
  const across: number[] = [];
  const down: number[] = [];
  const reach = Math.ceil(radius);
  // A dot of an even number of pixels has its middle between two.
  const middle = Math.round(radius * 2) % 2 === 0 ? 0.5 : 0;
  const inner = Math.max(0, radius - Math.max(1, radius / 3));
  for (let y = -reach; y <= reach; y += 1)
    for (let x = -reach; x <= reach; x += 1) {
      const distance = Math.hypot(x + middle, y + middle);
      if (distance <= radius && (!isRing || distance > inner)) {
        across.push(x);
        down.push(y);
      }
    }
  if (across.length === 0) {
    across.push(0);
    down.push(0);
  }
  return {
    across: Int32Array.from(across),
    down: Int32Array.from(down),
    offsets: Int32Array.from(across, (x, k) => (down[k] as number) * width + x),
  };
}
