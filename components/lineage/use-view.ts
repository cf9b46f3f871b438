"use client";

import { type Box, MOST_STRETCH, type Size, type Viewport, sightOf } from "@/components/ui/viewport";
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { useReactFlow, useStoreApi } from "reactflow";
import { holds } from "./graph/choose-full";
import { detailAt } from "./graph/detail-at";

/** The part of the plane that is drawn (larger than what is in sight), the part in which nodes are mounted, and for which zoom. */
export interface View {
  drawn: Box;
  near: Box;
  zoom: number;
}

const DRAWN_BEYOND = 0.5;
const NEAR_BEYOND = 0.2;
/** Milliseconds after the last change of zoom at which everything is drawn sharp. */
const SETTLED_AFTER = 140;

/**
 * Follows the viewport without rendering anything while it moves: `onMove` runs on every frame, and the view changes only when
 * its rim comes into sight or the zoom has settled.
 */
export function useView(wrapper: RefObject<HTMLDivElement | null>, onMove: (viewport: Viewport, size: Size) => void) {
  const store = useStoreApi();
  const { setViewport, getViewport, screenToFlowPosition } = useReactFlow();
  const [view, setView] = useState<View | null>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const latest = useRef({ view, size, onMove });
  useEffect(() => {
    latest.current = { view, size, onMove };
  });

  useEffect(() => {
    const element = wrapper.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [wrapper]);

  useEffect(() => {
    let frame = 0;
    let timer = 0;
    const refresh = () => {
      frame = 0;
      window.clearTimeout(timer);
      const [x, y, zoom] = store.getState().transform;
      const { size } = latest.current;
      setView({
        drawn: sightOf({ x, y, zoom }, size, DRAWN_BEYOND),
        near: sightOf({ x, y, zoom }, size, NEAR_BEYOND),
        zoom,
      });
    };
    const follow = ([x, y, zoom]: [number, number, number]) => {
      const { view, size, onMove } = latest.current;
      if (size.width === 0) return;
      const viewport = { x, y, zoom };
      onMove(viewport, size);
      if (wrapper.current) wrapper.current.dataset.detail = detailAt(zoom);
      const stretch = view ? zoom / view.zoom : Infinity;
      if (!view || !holds(view.drawn, sightOf(viewport, size)) || stretch > MOST_STRETCH || stretch < 1 / MOST_STRETCH)
        frame ||= requestAnimationFrame(refresh);
      else if (stretch !== 1) {
        window.clearTimeout(timer);
        timer = window.setTimeout(refresh, SETTLED_AFTER);
      }
    };
    follow(store.getState().transform);
    const unsubscribe = store.subscribe((now, before) => {
      if (now.transform !== before.transform) follow(now.transform);
    });
    return () => {
      unsubscribe();
      cancelAnimationFrame(frame);
      window.clearTimeout(timer);
    };
  }, [store, wrapper, size]);

  const move = useCallback((to: Viewport) => void setViewport(to), [setViewport]);
  return { view, size, move, getViewport, screenToFlowPosition };
}
