"use client";

import type { Box } from "@/components/ui/viewport";
import { useLayoutEffect, useRef } from "react";
import { drawCanvas, type Drawing } from "./draw-canvas";
import { inkOf } from "./ink";

/** Pixels beyond which a canvas is drawn coarser instead of larger. */
const MOST_PIXELS = 9_000_000;

/**
 * Edges and placeholders, drawn once for a part of the plane that is larger than what is in sight. It lies inside the moved plane:
 * panning moves a picture that is there already, and it is drawn anew only when its rim comes into sight or the zoom has changed.
 */
export function CanvasLayer({
  drawing,
  box,
  zoom,
  scheme,
}: {
  drawing: Drawing;
  box: Box;
  zoom: number;
  /** Light or dark: the colours are read anew when it changes. */
  scheme: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || width <= 0 || height <= 0) return;
    const wanted = zoom * window.devicePixelRatio;
    const scale = Math.min(wanted, Math.sqrt(MOST_PIXELS / (width * height)));
    element.width = Math.ceil(width * scale);
    element.height = Math.ceil(height * scale);
    context.setTransform(scale, 0, 0, scale, -box.left * scale, -box.top * scale);
    drawCanvas(context, drawing, box, zoom, inkOf(element));
  }, [drawing, box, zoom, scheme, width, height]);
  return (
    <canvas
      ref={canvas}
      aria-hidden="true"
      style={{ position: "absolute", left: box.left, top: box.top, width, height, pointerEvents: "none" }}
    />
  );
}
