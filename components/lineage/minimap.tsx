"use client";

import { fitZoom, type Point, type Size, type Viewport, sightOf } from "@/components/ui/viewport";
import { useEffect, useImperativeHandle, useRef, type PointerEvent, type Ref } from "react";
import type { GraphNode, Positions } from "./graph/graph";
import { NODE_HEIGHT, NODE_WIDTH } from "./graph/graph";
import type { Mark } from "./graph/marks";
import { boundsOf } from "./graph/graph-viewport";
import { inkOf } from "./ink";
import classes from "./lineage-canvas.module.css";

const SIZE: Size = { width: 168, height: 104 };
const MARGIN = 6;
/** One axis may be drawn so many times larger than the other. */
const MOST_UNEVEN = 4;

export interface MinimapHandle {
  /** Moves the frame to what is in sight; called on every frame of a pan, so it draws nothing anew. */
  follow(viewport: Viewport, size: Size): void;
}

/** The whole graph with a frame around what is in sight. A press or drag moves there; the keyboard has the arrow keys and Home. */
export function Minimap({
  nodes,
  positions,
  marks,
  scheme,
  moveTo,
  ref,
}: {
  nodes: ReadonlyMap<string, GraphNode>;
  positions: Positions;
  marks: ReadonlyMap<string, Mark>;
  scheme: string;
  /** Puts a point of the plane in the middle. */
  moveTo(point: Point): void;
  ref: Ref<MinimapHandle>;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const box = boundsOf(positions) ?? { left: 0, top: 0, right: 1, bottom: 1 };
  // A very long or very tall graph is drawn less so: its frame can still be seen and taken.
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const even = fitZoom({ width, height }, SIZE, MARGIN) * MOST_UNEVEN;
  const scale = {
    x: Math.min((SIZE.width - 2 * MARGIN) / width, even),
    y: Math.min((SIZE.height - 2 * MARGIN) / height, even),
  };
  const left = (SIZE.width - width * scale.x) / 2;
  const top = (SIZE.height - height * scale.y) / 2;
  const last = useRef<{ viewport: Viewport; size: Size } | null>(null);
  const follow = (viewport: Viewport, size: Size) => {
    last.current = { viewport, size };
    const sight = sightOf(viewport, size);
    const [x1, y1] = [left + (sight.left - box.left) * scale.x, top + (sight.top - box.top) * scale.y];
    const [x2, y2] = [left + (sight.right - box.left) * scale.x, top + (sight.bottom - box.top) * scale.y];
    const [x, y] = [Math.max(0, x1), Math.max(0, y1)];
    if (!frame.current) return;
    frame.current.style.transform = `translate(${x}px, ${y}px)`;
    frame.current.style.width = `${Math.max(4, Math.min(SIZE.width, x2) - x)}px`;
    frame.current.style.height = `${Math.max(4, Math.min(SIZE.height, y2) - y)}px`;
  };
  useImperativeHandle(ref, () => ({ follow }));
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const ink = inkOf(element);
    const ratio = window.devicePixelRatio;
    element.width = SIZE.width * ratio;
    element.height = SIZE.height * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const [id, { x, y }] of positions) {
      const mark = marks.get(id);
      context.fillStyle = mark?.leaks ? ink.critical : mark?.tone === "lit" || mark?.found ? ink.accent : ink.line;
      context.globalAlpha = mark?.tone === "dim" ? 0.4 : 1;
      context.fillRect(
        left + (x - box.left) * scale.x,
        top + (y - box.top) * scale.y,
        Math.max(1.5, NODE_WIDTH * scale.x),
        Math.max(1, NODE_HEIGHT * scale.y),
      );
    }
    if (last.current) follow(last.current.viewport, last.current.size);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- everything else follows from the positions
  }, [positions, marks, scheme]);
  const press = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons === 0) return;
    const at = event.currentTarget.getBoundingClientRect();
    moveTo({
      x: box.left + (event.clientX - at.left - left) / scale.x,
      y: box.top + (event.clientY - at.top - top) / scale.y,
    });
  };
  return (
    <div
      className={classes.minimap}
      role="img"
      aria-label={`Overview of ${nodes.size} nodes; the frame is what is in sight`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        press(event);
      }}
      onPointerMove={press}
    >
      <canvas ref={canvas} style={{ width: SIZE.width, height: SIZE.height }} />
      <div ref={frame} className={classes.frame} />
    </div>
  );
}
