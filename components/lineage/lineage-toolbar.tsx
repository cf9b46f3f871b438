"use client";

import { Button, Group, NativeSelect } from "@mantine/core";
import { IconAlertTriangle, IconClock, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { pipelineQueries } from "@/lib/client/pipelines";
import { bareName, type Side } from "./graph/graph";
import classes from "./lineage.module.css";
import { LineageFilters } from "./lineage-filters";
import { MOST_STEPS, ROLL_UPS } from "./lineage-state";
import { NodeSearch } from "./node-search";
import { PathPicker } from "./path-picker";
import type { Explorer } from "./use-lineage-state";

const STEPS = Array.from({ length: MOST_STEPS + 1 }, (_, steps) => String(steps));
const ROLL_UP_LABELS: Record<(typeof ROLL_UPS)[number], string> = {
  column: "column",
  view: "view",
  source: "source",
  entity: "entity",
  owner: "owner",
  kind: "kind",
};

/** What is shown, around what and how: every control is a part of the address. */
export function LineageToolbar({
  workspace,
  explorer,
  home,
  isTimeOpen,
  toggleTime,
  find,
  actions,
}: {
  workspace: string;
  explorer: Explorer;
  /** The focus that this page is about; null on the page of all lineage. */
  home: string | null;
  isTimeOpen: boolean;
  toggleTime(): void;
  find: ReactNode;
  actions: ReactNode;
}) {
  const { state, focus, rollUp, set, refocus } = explorer;
  const pipelines = useQuery(pipelineQueries.list(workspace));
  const isColumn = rollUp === "column" && focus !== null;
  const depth = (side: Side) => (
    <NativeSelect
      key={side}
      size="xs"
      w={98}
      label={side === "up" ? "Upstream" : "Downstream"}
      data={STEPS}
      value={String(Math.min(Math.max(state[side], 0), MOST_STEPS))}
      onChange={(event) => set({ [side]: Number(event.currentTarget.value) })}
    />
  );
  return (
    <div className={classes.toolbar} role="group" aria-label="What is shown">
      <div className={classes.tools}>
        <NodeSearch
          workspace={workspace}
          label="Focus"
          placeholder="any source, stage, feature …"
          value={focus ? bareName(focus) : ""}
          onChoose={refocus}
        />
        <NativeSelect
          size="xs"
          w={116}
          label="Roll up to"
          data={ROLL_UPS.map((value) => ({
            value,
            label: ROLL_UP_LABELS[value],
            disabled: value === "column" && focus === null,
          }))}
          value={rollUp}
          onChange={(event) => set({ rollup: event.currentTarget.value as (typeof ROLL_UPS)[number], node: null })}
        />
        {isColumn && (["up", "down"] as const).map(depth)}
        {isColumn && (
          <NativeSelect
            size="xs"
            w={112}
            label="Collapse by"
            data={[
              { value: "", label: "nothing" },
              { value: "view", label: "view" },
              { value: "owner", label: "owner" },
            ]}
            value={state.collapse ?? ""}
            onChange={(event) =>
              set({ collapse: (event.currentTarget.value || null) as typeof state.collapse, open: null })
            }
          />
        )}
        {isColumn && (
          <NativeSelect
            size="xs"
            w={190}
            label="Colour the variants of"
            data={[
              { value: "", label: "no pipeline" },
              ...(pipelines.data?.items ?? []).map(({ name }) => name),
              ...(state.pipeline && !pipelines.data?.items.some(({ name }) => name === state.pipeline)
                ? [state.pipeline]
                : []),
            ]}
            value={state.pipeline ?? ""}
            onChange={(event) => set({ pipeline: event.currentTarget.value || null })}
          />
        )}
        {find}
      </div>
      <Group gap="sm">
        <LineageFilters workspace={workspace} explorer={explorer} />
        {isColumn && <PathPicker workspace={workspace} explorer={explorer} />}
        {isColumn && (
          <Button
            size="xs"
            variant={state.leaks ? "light" : "default"}
            aria-pressed={state.leaks}
            leftSection={<IconAlertTriangle size={14} />}
            onClick={() => set({ leaks: !state.leaks, panel: state.leaks ? null : "leaks" })}
          >
            Leaks
          </Button>
        )}
        <Button
          size="xs"
          variant={state.asOf || state.against ? "light" : "default"}
          aria-expanded={isTimeOpen}
          leftSection={<IconClock size={14} />}
          onClick={toggleTime}
        >
          Time
        </Button>
        {focus !== home && (
          <Button
            size="xs"
            variant="subtle"
            leftSection={<IconX size={14} />}
            onClick={() => set({ focus: null, rollup: null, more: null, add: null, open: null, node: null })}
          >
            {home ? `Back to ${bareName(home)}` : "Whole workspace"}
          </Button>
        )}
        {actions}
      </Group>
    </div>
  );
}
