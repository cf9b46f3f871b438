"use client";

import type { Point } from "@/components/ui/viewport";
import { Button, Group, Popover, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { lineageQueries } from "@/lib/client/lineage";
import { PagedItems } from "@/components/ui/paged-items";
import type { GraphNode, Side } from "./graph/graph";
import classes from "./lineage.module.css";
import { KINDS } from "./node-kinds";

const PER_PAGE = 20;

export interface Picking {
  node: GraphNode;
  side: Side;
  /** Of the +N on the page, relative to the canvas. */
  at: Point;
}

/** What is behind a +N: the neighbours of one side, searched and read page by page; one, a page or all of them can be shown. */
export function NeighbourPicker({
  workspace,
  asOf,
  picking,
  shown,
  add,
  addAll,
  close,
}: {
  workspace: string;
  asOf: string | undefined;
  picking: Picking;
  shown: ReadonlyMap<string, unknown>;
  add(ids: string[]): void;
  addAll(): void;
  close(): void;
}) {
  const { node, side, at } = picking;
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text, 150);
  const neighbours = useInfiniteQuery(
    lineageQueries.neighbours({ workspace, node: node.id, side, q, asOf, limit: PER_PAGE }),
  );
  const total = neighbours.data?.pages[0]?.total ?? 0;
  return (
    <Popover
      opened
      onChange={(isOpen) => !isOpen && close()}
      position={side === "up" ? "left" : "right"}
      width={300}
      trapFocus
      // It opens at a point, which has no role of its own.
      withRoles={false}
      withArrow
      shadow="md"
    >
      <Popover.Target>
        <div style={{ position: "absolute", left: at.x, top: at.y, width: 1, height: 1 }} />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={`${side === "up" ? "Upstream" : "Downstream"} of ${node.name}`}>
        <Stack gap="sm">
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            {side === "up" ? "What flows into" : "What reads"} {node.name}
          </Text>
          <TextInput
            size="xs"
            aria-label="Search these neighbours"
            placeholder="Search by name"
            value={text}
            data-autofocus
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div className={classes.picker}>
            <PagedItems query={neighbours} empty={<Text size="sm">None has this name.</Text>}>
              {(items) => (
                <>
                  <Group gap="xs" mb="xs">
                    <Button
                      size="compact-xs"
                      variant="default"
                      data-disabled={items.every(({ id }) => shown.has(id)) || undefined}
                      aria-disabled={items.every(({ id }) => shown.has(id))}
                      onClick={() => add(items.map(({ id }) => id).filter((id) => !shown.has(id)))}
                    >
                      Add these {items.length}
                    </Button>
                    {q === "" && total > items.length && (
                      <Button size="compact-xs" variant="default" onClick={addAll}>
                        Add all {total}
                      </Button>
                    )}
                  </Group>
                  <ul className={classes.choices}>
                    {items.map((item) => {
                      const { icon: Icon, label } = KINDS[item.kind];
                      return (
                        <li key={item.id}>
                          <UnstyledButton
                            className={classes.choice}
                            // Not disabled: the keyboard would fall out of the list.
                            aria-disabled={shown.has(item.id)}
                            aria-label={shown.has(item.id) ? `${item.name} is shown` : `Show ${item.name}`}
                            onClick={() => !shown.has(item.id) && add([item.id])}
                          >
                            <Icon size={16} />
                            <span className={classes.choiceName}>
                              {item.name}
                              <Text span size="xs" c="dimmed" display="block">
                                {[label, item.roles.join(", "), item.owner].filter(Boolean).join(" · ")}
                              </Text>
                            </span>
                            <Text span size="xs" c={shown.has(item.id) ? "dimmed" : undefined}>
                              {shown.has(item.id) ? "shown" : "add"}
                            </Text>
                          </UnstyledButton>
                        </li>
                      );
                    })}
                  </ul>
                </>
              )}
            </PagedItems>
          </div>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
