"use client";

import { useMantineColorScheme } from "@mantine/core";
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type Ref } from "react";
import classes from "./dive.module.css";
import { DiveScene, type Picture } from "./dive-scene";
import { formatViewport, parseViewport } from "./layout/fill-viewport";
import { watchGestures } from "./watch-gestures";

export interface DiveHandle {
  zoom(factor: number): void;
  reset(): void;
  toCanvas(): HTMLCanvasElement | null;
}

/** Milliseconds of stillness after which the place on the screen goes into the URL. */
const KEPT_AFTER_MS = 400;

/** The picture on its canvases, and what pointer and keyboard do with it. */
export function DiveCanvas({
  picture,
  at,
  active,
  pinned,
  label,
  handle,
  onSize,
  onLook,
  onPin,
  onMove,
}: {
  /** Null until the size is known and rows are there. */
  picture: Picture | null;
  /** The place on the screen as it stands in the URL. */
  at: string | null;
  active: number | null;
  pinned: number | null;
  label: string;
  handle: Ref<DiveHandle>;
  onSize(size: { width: number; height: number }): void;
  /** A row under the pointer, or that the keyboard has gone to. */
  onLook(row: number | null, by: "pointer" | "keyboard"): void;
  onPin(row: number | null): void;
  onMove(at: string | null): void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const points = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const [scene, setScene] = useState<DiveScene | null>(null);
  const { colorScheme } = useMantineColorScheme();
  const written = useRef<string | null>(null);
  const latest = useRef({ active, pinned, onSize, onLook, onPin, onMove, picture });
  useEffect(() => {
    latest.current = { active, pinned, onSize, onLook, onPin, onMove, picture };
  });

  useEffect(() => {
    if (!host.current || !points.current || !overlay.current) return;
    const element = host.current;
    const made = new DiveScene(element, points.current, overlay.current);
    setScene(made);
    const observer = new ResizeObserver(() => {
      latest.current.onSize({ width: element.clientWidth, height: element.clientHeight });
      made.refresh();
    });
    observer.observe(element);
    // The page's theme is an attribute of its root; the system's is followed by it.
    const theme = new MutationObserver(() => made.refresh());
    theme.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
    let timer = 0;
    const unwatch = watchGestures(element, made, {
      moved: () => {
        window.clearTimeout(timer);
        timer = window.setTimeout(() => {
          const layout = latest.current.picture?.layout;
          if (!layout) return;
          written.current = formatViewport(made.viewport, layout);
          latest.current.onMove(written.current);
        }, KEPT_AFTER_MS);
      },
      look: (row, by) => latest.current.onLook(row, by),
      pin: (row) => latest.current.onPin(row),
      looked: () => latest.current.active,
      pinned: () => latest.current.pinned,
    });
    return () => {
      window.clearTimeout(timer);
      unwatch();
      observer.disconnect();
      theme.disconnect();
      made.destroy();
    };
  }, []);

  useLayoutEffect(() => {
    if (scene && picture) scene.show(picture);
  }, [scene, picture]);

  // What the canvas wrote itself is where it is; anything else comes from a link or from Back.
  const layout = picture?.layout;
  const size = layout && `${layout.width}|${layout.height}`;
  useLayoutEffect(() => {
    if (!scene || !layout) return;
    if (at === written.current && at !== null) return;
    written.current = at;
    scene.move(parseViewport(at, layout));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- another layout of the same size leaves the picture where it is
  }, [scene, at, size]);

  useEffect(() => {
    scene?.mark([
      ...(pinned === null ? [] : [{ row: pinned, isPinned: true }]),
      ...(active === null || active === pinned ? [] : [{ row: active, isPinned: false }]),
    ]);
  }, [scene, active, pinned, colorScheme]);

  useImperativeHandle(
    handle,
    () => ({
      zoom: (factor) => {
        scene?.zoom(factor);
        if (scene && layout) onMove((written.current = formatViewport(scene.viewport, layout)));
      },
      reset: () => {
        scene?.move({ x: 0, y: 0, zoom: 1 });
        written.current = null;
        onMove(null);
      },
      toCanvas: () => scene?.toCanvas() ?? null,
    }),
    [scene, layout, onMove],
  );

  const margins = picture?.margins;
  return (
    <div
      ref={host}
      className={classes.canvas}
      role="application"
      aria-label={label}
      aria-describedby="dive-keys"
      tabIndex={0}
      data-ready={picture ? "" : undefined}
      data-points={picture?.layout.length}
    >
      <div
        className={classes.plot}
        style={margins && { left: margins.left, top: margins.top, right: margins.right, bottom: margins.bottom }}
      >
        <canvas ref={points} className={classes.points} aria-hidden="true" />
      </div>
      <canvas ref={overlay} className={classes.overlay} aria-hidden="true" />
    </div>
  );
}
