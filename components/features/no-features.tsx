"use client";

import { Button, Group } from "@mantine/core";
import { EmptyState } from "@/components/ui/empty-state";
import { formatPart } from "@/lib/domain/search/query";
import type { Discovery } from "./use-discovery";

/** Nothing was found: what to leave out, and what to do when there is no such feature. */
export function NoFeatures({ discovery: { parts, setParts } }: { discovery: Discovery }) {
  if (parts.length === 0)
    return (
      <EmptyState title="No features yet">
        Describe entities, sources and stages in YAML and apply them: the columns that they write appear here.
      </EmptyState>
    );
  return (
    <EmptyState
      title="No feature matches"
      action={
        <Group gap="xs" justify="center">
          {parts.length > 1 &&
            parts.map((part, at) => (
              <Button
                key={at}
                size="xs"
                variant="default"
                onClick={() => setParts(parts.filter((_, index) => index !== at))}
              >
                without {formatPart(part)}
              </Button>
            ))}
          <Button size="xs" onClick={() => setParts([])}>
            Show all features
          </Button>
        </Group>
      }
    >
      Every word must be in a name, description, tag or owner. Remove one, or find the stage that could compute it.
    </EmptyState>
  );
}
