"use client";

import "reactflow/dist/style.css";
import {
  Alert,
  Anchor,
  Button,
  Group,
  Menu,
  NativeSelect,
  Skeleton,
  Text,
  useComputedColorScheme,
} from "@mantine/core";
import { IconDownload, IconFocus2 } from "@tabler/icons-react";
import Link from "next/link";
import { parseAsArrayOf, parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useMemo, useRef, useState } from "react";
import { Background, Controls, MarkerType, ReactFlow, type Edge, type ReactFlowInstance } from "reactflow";
import { ErrorState } from "@/components/ui/error-state";
import { drawSvg } from "./draw-svg";
import { NODE_HEIGHT, NODE_WIDTH, neighbourOf, traceOf } from "./graph";
import { LineageNode, type GraphNode } from "./lineage-node";
import { LineageTable } from "./lineage-table";
import classes from "./lineage.module.css";
import { KINDS } from "./node-kinds";
import { saveFile, toPng } from "./save-file";
import { useGraph } from "./use-graph";

const NODE_TYPES = { lineage: LineageNode };
const DEPTHS = ["1", "2", "3", "4"];

const PARSERS = {
  focus: parseAsString,
  up: parseAsInteger.withDefault(1),
  down: parseAsInteger.withDefault(1),
  expanded: parseAsArrayOf(parseAsString).withDefault([]),
  node: parseAsString,
};

/** Lineage around a focus: a graph to walk, and below it the same as a table. */
export default function LineageExplorer({ workspace, feature }: { workspace: string; feature: string }) {
  const [state, set] = useQueryStates(PARSERS);
  const focus = state.focus ?? `feature:${feature}`;
  const depth = { up: clampDepth(state.up), down: clampDepth(state.down) };
  const [anchor, setAnchor] = useState(focus);
  const { graph, positions, truncated, error, isLoading } = useGraph(workspace, focus, depth, state.expanded, anchor);
  const scheme = useComputedColorScheme("light");
  const flow = useRef<ReactFlowInstance<GraphNode, Edge> | null>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const selected = state.node !== null && graph?.nodes.has(state.node) ? state.node : null;
  const trace = useMemo(() => (graph && selected ? traceOf(graph.edges, selected) : null), [graph, selected]);

  if (error) return <ErrorState error={error} />;
  if (isLoading || !graph || positions.size === 0) return <Skeleton height={480} />;

  const select = (id: string | null) => void set({ node: id });
  const refocus = (id: string) => {
    setAnchor(id);
    void set({ focus: id === `feature:${feature}` ? null : id, expanded: null, node: null }, { history: "push" });
    window.setTimeout(() => void flow.current?.fitView({ padding: 0.15, minZoom: 0.55, maxZoom: 1 }), 400);
  };
  const expand = (id: string, side: "up" | "down") => {
    setAnchor(id);
    void set({ expanded: [...new Set([...state.expanded, `${side}:${id}`])] });
  };
  const nodes = [...graph.nodes.values()].flatMap((node): GraphNode[] => {
    const position = positions.get(node.id);
    if (!position) return [];
    const hidden = graph.hidden.get(node.id) ?? { up: 0, down: 0 };
    return [
      {
        id: node.id,
        type: "lineage",
        position,
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        selected: node.id === selected,
        ariaLabel: `${node.kind} ${node.name}, reads ${node.upstream}, read by ${node.downstream}`,
        data: { node, hidden, isFocus: node.id === focus, isDimmed: trace !== null && !trace.has(node.id), expand },
      },
    ];
  });
  const edges = graph.edges.map((edge): Edge => {
    const isTraced = trace === null || (trace.has(edge.from) && trace.has(edge.to));
    const stroke = trace && isTraced ? "var(--mantine-primary-color-filled)" : "var(--mantine-color-gray-6)";
    return {
      id: `${edge.from} ${edge.to} ${edge.role}`,
      source: edge.from,
      target: edge.to,
      focusable: false,
      markerEnd: { type: MarkerType.ArrowClosed, color: stroke },
      style: {
        stroke,
        opacity: isTraced ? 1 : 0.25,
        strokeWidth: trace && isTraced ? 2 : 1,
        strokeDasharray: edge.role === "fits" ? "5 4" : undefined,
      },
    };
  });
  const walk = (event: React.KeyboardEvent) => {
    const at = (event.target as HTMLElement).closest<HTMLElement>(".react-flow__node")?.dataset.id;
    if (!at) return;
    if (event.key === "Enter" || event.key === " ") {
      if (event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      select(at === selected ? null : at);
      return;
    }
    const next = neighbourOf(graph, positions, at, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    canvas.current
      ?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`)
      ?.focus({ preventScroll: true });
    bringIntoSight(next);
  };
  /** Only what is out of sight moves the viewport. */
  const bringIntoSight = (id: string) => {
    const [place, view, box] = [
      positions.get(id),
      flow.current?.getViewport(),
      canvas.current?.getBoundingClientRect(),
    ];
    if (!place || !view || !box) return;
    const [x, y] = [place.x * view.zoom + view.x, place.y * view.zoom + view.y];
    const isInside =
      x >= 0 && y >= 0 && x + NODE_WIDTH * view.zoom <= box.width && y + NODE_HEIGHT * view.zoom <= box.height;
    if (!isInside)
      void flow.current?.setCenter(place.x + NODE_WIDTH / 2, place.y + NODE_HEIGHT / 2, { zoom: view.zoom });
  };
  const picture = () => {
    const style = getComputedStyle(canvas.current as Element);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    return drawSvg(graph, positions, focus, {
      paper: colour("--mantine-color-body"),
      text: colour("--mantine-color-text"),
      muted: colour("--mantine-color-gray-6"),
      accent: colour("--mantine-primary-color-filled"),
    });
  };
  const fileName = `lineage-${focus.slice(focus.indexOf(":") + 1)}`;
  const chosen = selected ? graph.nodes.get(selected) : null;
  const hiddenCount = [...graph.hidden.values()].reduce((sum, { up, down }) => sum + up + down, 0);
  return (
    <div>
      <div className={classes.toolbar}>
        <Group gap="md">
          {(["up", "down"] as const).map((side) => (
            <Group key={side} gap={6}>
              <Text component="label" htmlFor={`depth-${side}`} size="sm">
                {side === "up" ? "Upstream" : "Downstream"}
              </Text>
              <NativeSelect
                id={`depth-${side}`}
                size="xs"
                w={64}
                data={DEPTHS}
                value={String(depth[side])}
                onChange={(event) => {
                  setAnchor(focus);
                  void set({ [side]: Number(event.currentTarget.value) });
                }}
              />
            </Group>
          ))}
          {focus !== `feature:${feature}` && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconFocus2 size={14} />}
              onClick={() => refocus(`feature:${feature}`)}
            >
              Back to {feature}
            </Button>
          )}
        </Group>
        <Group gap="sm">
          <Text size="sm" c="dimmed" role="status">
            {graph.nodes.size} shown{hiddenCount > 0 && ` · ${hiddenCount} more behind +N`}
          </Text>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="xs" variant="default" leftSection={<IconDownload size={14} />}>
                Picture
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                onClick={() => saveFile(`${fileName}.svg`, new Blob([picture().svg], { type: "image/svg+xml" }))}
              >
                SVG
              </Menu.Item>
              <Menu.Item onClick={() => void toPng(picture()).then((png) => saveFile(`${fileName}.png`, png))}>
                PNG
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </div>
      {truncated && (
        <Alert color="yellow" mb="sm">
          There is more than fits: go on from a node with its +N, or choose a smaller depth.
        </Alert>
      )}
      <div
        ref={canvas}
        className={classes.canvas}
        role="region"
        aria-label="Lineage graph; arrow keys walk, Enter selects"
        onKeyDownCapture={walk}
      >
        <ReactFlow<GraphNode, Edge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          colorMode={scheme}
          onInit={(instance) => {
            flow.current = instance;
          }}
          onNodeClick={(_, node) => select(node.id)}
          onPaneClick={() => select(null)}
          nodesDraggable={false}
          nodesConnectable={false}
          disableKeyboardA11y
          autoPanOnNodeFocus={false}
          onlyRenderVisibleElements={graph.nodes.size > 300}
          fitView
          fitViewOptions={{ padding: 0.15, minZoom: 0.55, maxZoom: 1 }}
          minZoom={0.1}
          maxZoom={2}
          preventScrolling={false}
          zoomOnScroll={false}
          proOptions={{ hideAttribution: true }}
        >
          <Background />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
      <Group gap="md" mt="xs" mih={30} role="status">
        {chosen ? (
          <>
            <Text size="sm">
              {KINDS[chosen.kind].label} <b>{chosen.name}</b>
              {chosen.owner && ` · ${chosen.owner}`}
            </Text>
            {KINDS[chosen.kind].href && (
              <Anchor component={Link} href={KINDS[chosen.kind].href?.(chosen.name) ?? ""} size="sm">
                Open
              </Anchor>
            )}
            {chosen.id !== focus && (
              <Button size="compact-sm" variant="default" onClick={() => refocus(chosen.id)}>
                Focus here
              </Button>
            )}
          </>
        ) : (
          <Text size="sm" c="dimmed">
            Select a node to trace what flows into it and out of it. Dashed lines are read to fit only.
          </Text>
        )}
      </Group>
      <LineageTable graph={graph} selected={selected} select={select} fileName={fileName} />
    </div>
  );
}

const clampDepth = (depth: number) => Math.min(Math.max(depth, 1), 4);
