"use client";

import { Button, Group, Pill } from "@mantine/core";
import { formatPart } from "@/lib/domain/search/query";
import type { Discovery } from "./use-discovery";

/** The query as chips: each can be taken away alone. */
export function QueryChips({ discovery: { parts, setParts } }: { discovery: Discovery }) {
  if (parts.length === 0) return null;
  return (
    <Group gap={6} mt={8} role="group" aria-label="Terms of the search">
      {parts.map((part, at) => {
        const text = formatPart(part);
        return (
          <Pill
            key={`${at}-${text}`}
            withRemoveButton
            removeButtonProps={{ "aria-label": `Remove ${text}`, tabIndex: 0, "aria-hidden": undefined }}
            onRemove={() => setParts(parts.filter((_, index) => index !== at))}
            bg={part.kind === "filter" ? "var(--mantine-primary-color-light)" : undefined}
          >
            {text}
          </Pill>
        );
      })}
      {parts.length > 1 && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setParts([])}>
          Clear all
        </Button>
      )}
    </Group>
  );
}
