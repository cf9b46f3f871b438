"use client";

import { Alert, Button, Skeleton } from "@mantine/core";
import { useCallback, useRef, useState } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { useKeys } from "@/components/shell/use-keys";
import { countWords } from "./count-words";
import { drawSvg } from "./draw-svg";
import { ExportMenu } from "./export-menu";
import { FindInGraph } from "./find-in-graph";
import type { Side } from "./graph/graph";
import { inkOf } from "./ink";
import { LineageCanvas, type CanvasHandle } from "./lineage-canvas";
import { fileNameOf, LineagePanel } from "./lineage-panel";
import { asOfOf, LIMITS } from "./lineage-state";
import { LineageToolbar } from "./lineage-toolbar";
import classes from "./lineage.module.css";
import { NeighbourPicker, type Picking } from "./neighbour-picker";
import { NodeDrawer } from "./node-drawer";
import { TimeTravel } from "./time-travel";
import { useLayout } from "./use-layout";
import { useLineageGraph } from "./use-lineage-graph";
import { useLineageState } from "./use-lineage-state";
import { useMarks } from "./use-marks";
import { VariantLegend } from "./variant-legend";

/** Lineage around a focus, or of the whole workspace rolled up: a graph to walk, and below it the same in words. */
export default function LineageExplorer({ workspace, home = null }: { workspace: string; home?: string | null }) {
  const explorer = useLineageState(home);
  const { state, focus, rollUp, select, set, adjust } = explorer;
  const data = useLineageGraph(workspace, explorer);
  const [anchor, setAnchor] = useState<string | null>(null);
  const { layout, error } = useLayout(data.graph, anchor ?? focus);
  const drawn = layout?.graph ?? null;
  const marks = useMarks(workspace, explorer, data, drawn);
  const [picking, setPicking] = useState<Picking | null>(null);
  const [isTimeOpen, setTimeOpen] = useState(state.asOf !== null || state.against !== null);
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<CanvasHandle>(null);
  const find = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => find.current?.focus() });

  const selected = state.node !== null ? (drawn?.homes.get(state.node) ?? state.node) : null;
  const chosen = selected !== null ? drawn?.nodes.get(selected) : undefined;
  const selectAnchored = useCallback(
    (id: string | null) => {
      if (id) setAnchor(id);
      select(id);
    },
    [select],
  );
  const nodes = drawn?.nodes;
  const onMore = useCallback(
    (id: string, side: Side, button: HTMLElement) => {
      const node = nodes?.get(id);
      const frame = stage.current?.getBoundingClientRect();
      if (!node || !frame) return;
      setAnchor(id);
      const at = button.getBoundingClientRect();
      setPicking({
        node,
        side,
        at: { x: (side === "up" ? at.left : at.right) - frame.left, y: at.top + at.height / 2 - frame.top },
      });
    },
    [nodes],
  );
  const failure = data.error ?? error;
  const show = (id: string) => canvas.current?.walkTo(drawn?.homes.get(id) ?? id);
  const fileName = fileNameOf(focus, workspace);
  const nextLimit = LIMITS.find((limit) => limit > state.limit);
  return (
    <div>
      <LineageToolbar
        workspace={workspace}
        explorer={{ ...explorer, refocus: (id) => { setAnchor(id); explorer.refocus(id); } }} // prettier-ignore
        home={home}
        isTimeOpen={isTimeOpen}
        toggleTime={() => setTimeOpen((open) => !open)}
        find={
          <FindInGraph
            ref={find}
            text={state.find}
            found={marks.found}
            setText={(text) => adjust({ find: text || null })}
            walkTo={show}
          />
        }
        actions={
          layout && (
            <ExportMenu
              fileName={fileName}
              draw={() =>
                drawSvg(
                  layout.graph,
                  layout.positions,
                  layout.curves,
                  marks,
                  focus,
                  inkOf(stage.current as HTMLElement),
                )
              }
            />
          )
        }
      />
      {isTimeOpen && (
        <div className={classes.strip}>
          <TimeTravel workspace={workspace} explorer={explorer} />
        </div>
      )}
      {state.pipeline && rollUp === "column" && (
        <div className={classes.strip}>
          <VariantLegend workspace={workspace} pipeline={state.pipeline} />
        </div>
      )}
      {failure && (
        <div className={classes.strip}>
          <ErrorState error={failure} />
        </div>
      )}
      {data.truncated && (
        <Alert color="yellow" mb="sm">
          There is more than {state.limit} nodes within this depth: expand a node with its +N, or choose fewer steps or
          a filter
          {nextLimit ? (
            <>
              , or{" "}
              <Button size="compact-xs" variant="default" onClick={() => set({ limit: nextLimit })}>
                show up to {nextLimit}
              </Button>
            </>
          ) : (
            "."
          )}
        </Alert>
      )}
      <div
        className={classes.stage}
        hidden={failure !== null && layout === null}
        data-drawer={chosen !== undefined || undefined}
      >
        <div ref={stage} className={classes.canvas}>
          {layout && drawn ? (
            <LineageCanvas
              ref={canvas}
              layout={layout}
              marks={marks}
              focus={rollUp === "column" ? focus : null}
              selected={selected}
              counts={countWords(drawn, data.kept)}
              select={selectAnchored}
              onMore={onMore}
            />
          ) : (
            failure === null && <Skeleton height="100%" />
          )}
          {picking && (
            <NeighbourPicker
              key={`${picking.side} ${picking.node.id}`}
              workspace={workspace}
              asOf={asOfOf(state)}
              picking={picking}
              shown={data.whole?.nodes ?? new Map()}
              add={explorer.add}
              addAll={() => {
                explorer.expand(picking.node.id, picking.side);
                setPicking(null);
              }}
              close={() => {
                setPicking(null);
                canvas.current?.focus(picking.node.id);
              }}
            />
          )}
        </div>
        {chosen && (
          <NodeDrawer
            workspace={workspace}
            explorer={{ ...explorer, refocus: (id) => { setAnchor(id); explorer.refocus(id); } }} // prettier-ignore
            node={chosen}
            marks={marks}
            names={data.whole?.nodes ?? new Map()}
          />
        )}
      </div>
      {drawn && (
        <LineagePanel
          workspace={workspace}
          explorer={explorer}
          data={data}
          drawn={drawn}
          marks={marks}
          fileName={fileName}
          show={show}
        />
      )}
    </div>
  );
}
