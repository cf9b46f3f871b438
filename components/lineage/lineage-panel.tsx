"use client";

import { Tabs } from "@mantine/core";
import { bareName } from "./graph/graph";
import type { Collapsed } from "./graph/collapse";
import { ChangeList } from "./change-list";
import { ImpactTable } from "./impact-table";
import { LeakList } from "./leak-list";
import { PANELS, type Panel } from "./lineage-state";
import { NodeTable } from "./node-table";
import { PathSteps } from "./path-steps";
import { StateLine } from "./state-line";
import type { LineageGraph } from "./use-lineage-graph";
import type { Marks } from "./use-marks";
import type { Explorer } from "./use-lineage-state";
import scrollEdges from "@/components/ui/scroll-edges.module.css";

const LABELS: Record<Panel, string> = {
  table: "Table",
  impact: "Impact",
  path: "Path",
  leaks: "Leaks",
  changes: "Changes",
};

/** Beside the graph: the same in words. */
export function LineagePanel({
  workspace,
  explorer,
  data,
  drawn,
  marks,
  fileName,
  show,
}: {
  workspace: string;
  explorer: Explorer;
  data: LineageGraph;
  drawn: Collapsed;
  marks: Marks;
  fileName: string;
  /** Brings a node into sight and gives it the keyboard. */
  show(id: string): void;
}) {
  const { state, set, adjust, select, add, focus, rollUp } = explorer;
  const subject = [state.node, focus].find((id) => id && !id.startsWith("group:")) ?? null;
  const isColumn = rollUp === "column" && focus !== null;
  const panels = isColumn ? PANELS : (["table", "changes"] as const);
  const panel = (panels as readonly string[]).includes(state.panel) ? state.panel : "table";
  return (
    <Tabs value={panel} onChange={(value) => set({ panel: value as Panel })} keepMounted={false} mt="md">
      <Tabs.List className={scrollEdges.edges} style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}>
        {panels.map((id) => (
          <Tabs.Tab key={id} value={id} style={{ flex: "none" }}>
            {LABELS[id]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="table" pt="md">
        <NodeTable
          graph={drawn}
          marks={marks.nodes}
          selected={state.node}
          sort={state.sort}
          setSort={(sort) => adjust({ sort })}
          select={select}
          isOverview={!isColumn}
          fileName={fileName}
        />
      </Tabs.Panel>
      <Tabs.Panel value="impact" pt="md">
        {subject ? (
          <ImpactTable key={subject} workspace={workspace} explorer={explorer} node={subject} />
        ) : (
          <StateLine>Choose a node to see what a change of it would reach.</StateLine>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="path" pt="md">
        <PathSteps path={data.path} isAsked={state.from !== null && state.to !== null} show={show} />
      </Tabs.Panel>
      <Tabs.Panel value="leaks" pt="md">
        <LeakList
          leaks={data.leaks}
          isOn={state.leaks}
          shown={data.whole?.nodes ?? drawn.nodes}
          add={add}
          turnOn={() => set({ leaks: true })}
        />
      </Tabs.Panel>
      <Tabs.Panel value="changes" pt="md">
        <ChangeList difference={data.difference} isAsked={state.against !== null} show={show} />
      </Tabs.Panel>
    </Tabs>
  );
}

export const fileNameOf = (focus: string | null, workspace: string) => `lineage-${focus ? bareName(focus) : workspace}`;
