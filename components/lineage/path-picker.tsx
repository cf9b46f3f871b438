"use client";

import { Button, Popover, Stack, Text } from "@mantine/core";
import { IconRoute2 } from "@tabler/icons-react";
import { useState } from "react";
import { bareName } from "./graph/graph";
import { NodeSearch } from "./node-search";
import type { Explorer } from "./use-lineage-state";

/** Two nodes whose connection is wanted; the answer is lit in the graph and listed below it. */
export function PathPicker({ workspace, explorer }: { workspace: string; explorer: Explorer }) {
  const [isOpen, setOpen] = useState(false);
  const { state, set, focus } = explorer;
  const from = state.from ?? focus;
  const isShown = state.from !== null && state.to !== null;
  const choose = (ends: { from?: string; to?: string }) => {
    const [begin, end] = [ends.from ?? from, ends.to ?? state.to];
    set({ from: begin, to: end, ...(begin && end && { panel: "path" as const }) });
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" width={300} trapFocus shadow="md">
      <Popover.Target>
        <Button
          size="xs"
          variant={isShown ? "light" : "default"}
          leftSection={<IconRoute2 size={14} />}
          onClick={() => setOpen((open) => !open)}
        >
          Path
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <NodeSearch
            workspace={workspace}
            label="From"
            placeholder="any node"
            width="100%"
            value={from ? bareName(from) : ""}
            onChoose={(id) => choose({ from: id })}
          />
          <NodeSearch
            workspace={workspace}
            label="To"
            placeholder="any node"
            width="100%"
            value={state.to ? bareName(state.to) : ""}
            onChoose={(id) => choose({ to: id })}
          />
          <Text size="xs" c="dimmed">
            Shortest paths in either direction.
          </Text>
          <Button
            size="xs"
            variant="subtle"
            disabled={!state.from && !state.to}
            onClick={() => {
              set({ from: null, to: null, ...(state.panel === "path" && { panel: null }) });
              setOpen(false);
            }}
          >
            Remove the path
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
