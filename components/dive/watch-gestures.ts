import { AT_FIRST, ZOOM_STEP } from "@/components/ui/viewport";
import type { DiveScene } from "./dive-scene";

interface Listeners {
  moved(): void;
  look(row: number | null, by: "pointer" | "keyboard"): void;
  pin(row: number | null): void;
  looked(): number | null;
  pinned(): number | null;
}

const STEP = 60;
/** CSS pixels that a press may move and still be a click. */
const CLICK = 4;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Dragging and arrows pan, wheel, pinch, + and − zoom, 0 resets; the pointer and Shift with arrows go from row to row, click and Enter pin. */
export function watchGestures(host: HTMLElement, scene: DiveScene, listeners: Listeners): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const pressed = new Map<number, { x: number; y: number }>();
  let travelled = 0;
  const placeOf = (event: { clientX: number; clientY: number }) => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  host.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      host.setPointerCapture(event.pointerId);
      pressed.set(event.pointerId, placeOf(event));
      if (pressed.size === 1) travelled = 0;
    },
    { signal },
  );
  host.addEventListener(
    "pointermove",
    (event) => {
      const now = placeOf(event);
      const before = pressed.get(event.pointerId);
      if (!before) {
        if (event.pointerType !== "touch") listeners.look(scene.rowAt(now), "pointer");
        return;
      }
      const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
      travelled += Math.hypot(now.x - before.x, now.y - before.y);
      if (other) {
        const distance = (one: { x: number; y: number }) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
        scene.zoom(distance(now) / distance(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
        scene.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
      } else if (travelled > CLICK) scene.pan(now.x - before.x, now.y - before.y);
      pressed.set(event.pointerId, now);
      if (travelled > CLICK) listeners.moved();
    },
    { signal },
  );
  const release = (event: PointerEvent) => {
    const was = pressed.delete(event.pointerId);
    if (!was || event.type === "pointercancel" || travelled > CLICK || pressed.size > 0) return;
    const row = scene.rowAt(placeOf(event));
    listeners.look(row, "pointer");
    listeners.pin(row === listeners.pinned() ? null : row);
  };
  host.addEventListener("pointerup", release, { signal });
  host.addEventListener("pointercancel", release, { signal });
  host.addEventListener("pointerleave", () => pressed.size === 0 && listeners.look(null, "pointer"), { signal });

  host.addEventListener(
    "wheel",
    (event) => {
      // At the first zoom the wheel downwards scrolls the page, as anywhere else.
      if (event.deltaY > 0 && scene.viewport.zoom === 1 && !event.ctrlKey) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      scene.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002)), placeOf(event));
      listeners.moved();
    },
    { signal, passive: false },
  );

  host.addEventListener(
    "keydown",
    (event) => {
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      const arrow = ARROWS[event.key];
      if (arrow && event.shiftKey)
        listeners.look(scene.rowBeside(listeners.looked() ?? listeners.pinned(), arrow), "keyboard");
      else if (arrow) scene.pan(-arrow[0] * STEP, -arrow[1] * STEP);
      else if (event.key === "+" || event.key === "=") scene.zoom(ZOOM_STEP);
      else if (event.key === "-") scene.zoom(1 / ZOOM_STEP);
      else if (event.key === "0") scene.move(AT_FIRST);
      else if (event.key === "Enter") listeners.pin(listeners.looked());
      else if (event.key === "Escape") {
        listeners.pin(null);
        listeners.look(null, "keyboard");
      } else return;
      event.preventDefault();
      listeners.moved();
    },
    { signal },
  );
  return () => stop.abort();
}
