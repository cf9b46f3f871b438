import { drawOverlay, type Margins, type Titles } from "./draw-overlay";
import { inkBytes, inksOf, type Inks } from "./inks";
import type { Colouring } from "./layout/colour-rows";
import type { Layout } from "./layout/lay-out-rows";
import { paintPoints } from "./layout/paint-points";
import { PointIndex } from "./layout/point-index";
import {
  AT_FIRST,
  middleOf,
  MOST_STRETCH,
  shiftIntoSight,
  toDrawing,
  toScreen,
  type Viewport,
} from "@/components/ui/viewport";
import { panBy, zoomAt } from "./layout/fill-viewport";

export interface Picture {
  layout: Layout;
  colouring: Colouring;
  titles: Titles;
  margins: Margins;
}

/** Share of the plot that is painted beyond each of its sides, so that panning moves what is there already. */
const BEYOND = 0.25;
/** Device pixels beyond which less is painted around the plot. */
const MOST_PIXELS = 12_000_000;
/** A paint that took longer than this waits until the zoom has settled; until then the picture is stretched. */
const QUICK_MS = 9;
const SETTLED_AFTER_MS = 120;
/** CSS pixels around the pointer in which a point is found. */
const REACH = 9;

/**
 * Draws a picture and moves it, without React: panning moves the canvas with the points by a transform, and points are painted
 * anew when their rim comes into sight or the zoom changes.
 */
export class DiveScene {
  viewport: Viewport = AT_FIRST;
  private picture: Picture | null = null;
  private index: PointIndex | null = null;
  private inks: Inks;
  private frame = 0;
  private timer = 0;
  private isStale = true;
  private painted: Viewport = AT_FIRST;
  private paintMs = 0;
  private beyond = { x: 0, y: 0 };
  private image: ImageData | null = null;
  private marks: { row: number; isPinned: boolean }[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly points: HTMLCanvasElement,
    private readonly overlay: HTMLCanvasElement,
  ) {
    this.inks = inksOf(host);
  }

  show(picture: Picture): void {
    this.picture = picture;
    this.index = null;
    this.refresh();
  }

  /** Reads the page's colours anew and paints everything. */
  refresh(): void {
    this.inks = inksOf(this.host);
    this.isStale = true;
    this.plan();
  }

  mark(marks: { row: number; isPinned: boolean }[]): void {
    this.marks = marks;
    this.plan();
  }

  move(viewport: Viewport): void {
    this.viewport = viewport;
    this.plan();
  }

  pan(dx: number, dy: number): void {
    if (this.picture) this.move(panBy(this.viewport, dx, dy, this.picture.layout));
  }

  /** `at` in CSS pixels of the host; the middle of the plot without it. */
  zoom(factor: number, at?: { x: number; y: number }): void {
    if (!this.picture) return;
    const { margins, layout } = this.picture;
    const place = at ? { x: at.x - margins.left, y: at.y - margins.top } : middleOf(layout);
    this.move(zoomAt(this.viewport, factor, place, layout));
  }

  /** The row at a place of the host, in CSS pixels; null without one. */
  rowAt(at: { x: number; y: number }): number | null {
    const { picture, viewport } = this;
    if (!picture) return null;
    const { margins, layout } = picture;
    const [x, y] = [at.x - margins.left, at.y - margins.top];
    if (x < 0 || y < 0 || x > layout.width || y > layout.height) return null;
    const place = toDrawing(viewport, { x, y });
    const found = this.lookUp(layout).nearest(place.x, place.y, REACH / viewport.zoom);
    return found < 0 ? null : found;
  }

  /** The row beside another in a direction; the one nearest to the middle without another. Brings it into sight. */
  rowBeside(from: number | null, direction: readonly [number, number]): number | null {
    const { picture, viewport } = this;
    if (!picture || picture.layout.length === 0) return null;
    const { layout } = picture;
    const index = this.lookUp(layout);
    const middle = toDrawing(viewport, middleOf(layout));
    const found = from === null ? index.nearest(middle.x, middle.y, Infinity) : index.beside(from, direction);
    if (found < 0) return from;
    const { x, y } = toScreen(viewport, { x: layout.x[found] as number, y: layout.y[found] as number });
    this.pan(shiftIntoSight(x, 0, layout.width, 10), shiftIntoSight(y, 0, layout.height, 10));
    return found;
  }

  /** Everything that is in sight, on paper, as fine as the screen shows it. */
  toCanvas(): HTMLCanvasElement {
    this.paint();
    this.drawAround();
    const scale = window.devicePixelRatio;
    const canvas = document.createElement("canvas");
    canvas.width = this.overlay.width;
    canvas.height = this.overlay.height;
    const context = canvas.getContext("2d");
    if (!context || !this.picture) return canvas;
    const { margins, layout } = this.picture;
    context.fillStyle = this.inks.paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.save();
    context.beginPath();
    context.rect(margins.left * scale, margins.top * scale, layout.width * scale, layout.height * scale);
    context.clip();
    context.drawImage(this.points, (margins.left - this.beyond.x) * scale, (margins.top - this.beyond.y) * scale);
    context.restore();
    context.drawImage(this.overlay, 0, 0);
    return canvas;
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    window.clearTimeout(this.timer);
  }

  private lookUp(layout: Layout): PointIndex {
    return (this.index ??= new PointIndex(layout.x, layout.y, layout.width, layout.height));
  }

  private plan(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    if (!this.picture) return;
    const { viewport, painted, beyond } = this;
    const stretch = viewport.zoom / painted.zoom;
    const [dx, dy] = [viewport.x - painted.x, viewport.y - painted.y];
    const isCovered = stretch === 1 && Math.abs(dx) <= beyond.x && Math.abs(dy) <= beyond.y;
    window.clearTimeout(this.timer);
    const waits = stretch !== 1 && this.paintMs > QUICK_MS && stretch < MOST_STRETCH && stretch > 1 / MOST_STRETCH;
    if (this.isStale || (!isCovered && !waits)) this.paint();
    else {
      // The picture that is there, moved and stretched to where it belongs now.
      const [left, top] = [
        viewport.x - stretch * (painted.x + beyond.x),
        viewport.y - stretch * (painted.y + beyond.y),
      ];
      this.points.style.transform = `translate(${left}px, ${top}px) scale(${stretch})`;
      if (waits) this.timer = window.setTimeout(() => this.refresh(), SETTLED_AFTER_MS);
    }
    this.drawAround();
  }

  private paint(): void {
    const { picture, points, viewport, inks } = this;
    if (!picture) return;
    const { layout, colouring } = picture;
    const begun = performance.now();
    const scale = window.devicePixelRatio;
    const share = layout.width * layout.height * scale * scale * (1 + 2 * BEYOND) ** 2 > MOST_PIXELS ? 0.05 : BEYOND;
    this.beyond = { x: Math.round(layout.width * share), y: Math.round(layout.height * share) };
    const width = Math.max(1, Math.round((layout.width + 2 * this.beyond.x) * scale));
    const height = Math.max(1, Math.round((layout.height + 2 * this.beyond.y) * scale));
    const context = points.getContext("2d");
    if (!context) return;
    if (points.width !== width || points.height !== height) {
      points.width = width;
      points.height = height;
      points.style.width = `${width / scale}px`;
      points.style.height = `${height / scale}px`;
    }
    if (this.image?.width !== width || this.image.height !== height)
      this.image = context.createImageData(width, height);
    const pixels = new Uint32Array(this.image.data.buffer);
    pixels.fill(0);
    paintPoints(
      { pixels, width, height },
      {
        layout,
        codes: colouring.codes,
        inks: Uint32Array.from(colouring.paints, (paint) => inkBytes(inks.of(paint))),
        rings: placesOf(colouring, ["missing"]),
        below: placesOf(colouring, ["missing", "other"]),
      },
      viewport,
      { scale, left: -this.beyond.x, top: -this.beyond.y },
    );
    context.putImageData(this.image, 0, 0);
    points.style.transform = `translate(${-this.beyond.x}px, ${-this.beyond.y}px)`;
    this.painted = viewport;
    this.isStale = false;
    this.paintMs = performance.now() - begun;
  }

  private drawAround(): void {
    const { picture, overlay, host } = this;
    const context = overlay.getContext("2d");
    if (!picture || !context) return;
    const scale = window.devicePixelRatio;
    const { clientWidth: width, clientHeight: height } = host;
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
    if (overlay.width !== across || overlay.height !== down) {
      overlay.width = across;
      overlay.height = down;
    }
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    drawOverlay(context, { width, height }, picture.margins, picture.layout, this.viewport, this.inks, picture.titles, this.marks); // prettier-ignore
  }
}

function placesOf({ paints }: Colouring, kinds: readonly string[]): ReadonlySet<number> {
  return new Set(paints.flatMap((paint, at) => (kinds.includes(paint.kind) ? [at] : [])));
}
