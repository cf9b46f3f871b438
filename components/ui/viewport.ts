/** What the screen shows of a drawing: screen = drawing × zoom + offset, in CSS pixels. */
export interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}
