"use client";

import { centreOn, middleOf, ZOOM_STEP, zoomAround } from "@/components/ui/viewport";
import "reactflow/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import {
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
} from "react";
import { ReactFlow, ReactFlowProvider, ViewportPortal } from "reactflow";
import { CanvasLayer } from "./canvas-layer";
import { adjacencyOf } from "./graph/adjacency";
import { chooseFull, touches } from "./graph/choose-full";
import type { Side } from "./graph/graph";
import type { Mark } from "./graph/marks";
import { neighbourOf } from "./graph/neighbour-of";
import { fitAll, openAt, reveal, ZOOM } from "./graph/graph-viewport";
import classes from "./lineage-canvas.module.css";
import { LineageNode } from "./lineage-node";
import { Minimap, type MinimapHandle } from "./minimap";
import type { Layout } from "./use-layout";
import { useView } from "./use-view";
import { ZoomControls } from "./zoom-controls";

export interface CanvasHandle {
  /** Brings a node into sight with the smallest move; none if it is there already. */
  show(id: string): void;
  /** Gives a node the keyboard, wherever it is. */
  focus(id: string): void;
  /** Both. */
  walkTo(id: string): void;
}

interface Props {
  layout: Layout;
  marks: { nodes: ReadonlyMap<string, Mark>; edges: ReadonlyMap<string, Mark> };
  focus: string | null;
  selected: string | null;
  counts: string;
  select(id: string | null): void;
  onMore(id: string, side: Side, button: HTMLElement): void;
  ref: Ref<CanvasHandle>;
}

/**
 * The graph as something to walk. React Flow moves the plane; on it lies one picture with all edges and the placeholders, and
 * above that the nodes that are mounted in full, at most 300. The arrow keys walk, whatever is mounted.
 */
export function LineageCanvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

const NONE: never[] = [];

function Canvas({ layout, marks, focus, selected, counts, select, onMore, ref }: Props) {
  const { graph, positions, curves, epoch } = layout;
  const wrapper = useRef<HTMLDivElement>(null);
  const minimap = useRef<MinimapHandle>(null);
  const scheme = useComputedColorScheme("light");
  const [isInitialised, setInitialised] = useState(false);
  const [openedEpoch, setOpenedEpoch] = useState(0);
  const [cursor, setCursor] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ id: string } | null>(null);
  const { view, size, move, getViewport, screenToFlowPosition } = useView(wrapper, (viewport, size) =>
    minimap.current?.follow(viewport, size),
  );
  const adjacency = useMemo(() => adjacencyOf(graph.edges), [graph]);

  // Only a graph that shares nothing with the one before is opened; any other stays where the reader left it.
  useEffect(() => {
    if (!isInitialised || size.width === 0 || openedEpoch === epoch) return;
    move(openAt(positions, focus ?? "", size));
    setOpenedEpoch(epoch);
  }, [isInitialised, size, epoch, openedEpoch, positions, focus, move]);

  const tabStop = [cursor, selected, focus].find((id) => id !== null && positions.has(id)) ?? graph.nodes.keys().next().value; // prettier-ignore
  const full = useMemo(
    () =>
      view
        ? chooseFull(
            positions,
            view.near,
            view.zoom,
            [tabStop, selected, focus].filter((id) => typeof id === "string"),
          )
        : new Set<string>(),
    [positions, view, tabStop, selected, focus],
  );
  const drawing = useMemo(() => ({ graph, positions, curves, marks, full }), [graph, positions, curves, marks, full]);

  const show = (id: string) => {
    const at = positions.get(id);
    const viewport = getViewport();
    if (!at) return;
    const to = reveal(viewport, at, size);
    if (to !== viewport) move(to);
  };
  const giveKeyboard = (id: string) => {
    setCursor(id);
    setAsked({ id });
  };
  const walkTo = (id: string) => {
    giveKeyboard(id);
    show(id);
  };
  useImperativeHandle(ref, () => ({ show, focus: giveKeyboard, walkTo }));
  // The node that the keyboard goes to may have been a placeholder until now.
  useEffect(() => {
    if (!asked) return;
    const button = wrapper.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(asked.id)}"] > button[aria-pressed]`); // prettier-ignore
    if (!button) return;
    button.focus({ preventScroll: true });
    setAsked(null);
  }, [asked, full]);

  const zoomBy = (factor: number) => {
    move(zoomAround(getViewport(), factor, middleOf(size), ZOOM));
  };
  const actions = {
    zoomIn: () => zoomBy(ZOOM_STEP),
    zoomOut: () => zoomBy(1 / ZOOM_STEP),
    fit: () => move(fitAll(positions, size)),
    home: focus !== null && positions.has(focus) ? () => walkTo(focus) : null,
  };

  const walk = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const element = event.target as HTMLElement;
    const at = element.closest<HTMLElement>("[data-node]")?.dataset.node;
    const act = { "+": actions.zoomIn, "=": actions.zoomIn, "-": actions.zoomOut, "0": actions.fit, Home: actions.home }[event.key]; // prettier-ignore
    if (act) {
      event.preventDefault();
      act();
      return;
    }
    if (event.key === "Escape" && selected !== null) {
      event.preventDefault();
      select(null);
      return;
    }
    if (!at) return;
    if (event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const side = event.key === "ArrowLeft" ? "up" : "down";
      const more = element.closest("[data-node]")?.querySelector<HTMLElement>(`[data-side="${side}"]`);
      if (more) {
        event.preventDefault();
        onMore(at, side, more);
      }
      return;
    }
    const next = neighbourOf(adjacency, positions, at, event.key);
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    if (next) walkTo(next);
  };
  const onSelect = useMemo(() => (id: string) => select(id === selected ? null : id), [select, selected]);
  /** A click beside the full nodes may still be on a placeholder. */
  const onPaneClick = (event: MouseEvent) => {
    const point = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const dot = { left: point.x, right: point.x, top: point.y, bottom: point.y };
    const hit = [...positions].find(([, at]) => touches(at, dot));
    select(hit ? hit[0] : null);
  };
  return (
    <div
      ref={wrapper}
      className={classes.canvas}
      role="region"
      aria-label="Lineage graph; arrow keys walk, Enter selects, Home goes to the focus"
      data-ready={openedEpoch === epoch && view !== null ? true : undefined}
      data-nodes={graph.nodes.size}
      data-full={full.size}
      onKeyDown={walk}
    >
      <ReactFlow
        nodes={NONE}
        edges={NONE}
        colorMode={scheme}
        onInit={() => setInitialised(true)}
        onPaneClick={onPaneClick}
        nodesFocusable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        minZoom={ZOOM.least}
        maxZoom={ZOOM.most}
        preventScrolling={false}
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        proOptions={{ hideAttribution: true }}
      >
        <ViewportPortal>
          {view && <CanvasLayer drawing={drawing} box={view.drawn} zoom={view.zoom} scheme={scheme} />}
          {[...full].map((id) => {
            const [node, at] = [graph.nodes.get(id), positions.get(id)];
            return (
              node &&
              at && (
                <LineageNode
                  key={id}
                  node={node}
                  at={at}
                  hidden={graph.hidden.get(id)}
                  mark={marks.nodes.get(id)}
                  isFocus={id === focus}
                  isSelected={id === selected}
                  isTabStop={id === tabStop}
                  onSelect={onSelect}
                  onMore={onMore}
                />
              )
            );
          })}
        </ViewportPortal>
      </ReactFlow>
      <div className={classes.counts} role="status">
        {counts}
      </div>
      <ZoomControls {...actions} />
      <Minimap
        ref={minimap}
        nodes={graph.nodes}
        positions={positions}
        marks={marks.nodes}
        scheme={scheme}
        moveTo={({ x, y }) => move(centreOn({ x, y }, getViewport().zoom, size))}
      />
    </div>
  );
}
