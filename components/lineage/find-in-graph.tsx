"use client";

import { ActionIcon, Group, Text, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useState, type Ref } from "react";

/** Finds names in the graph: hits are framed, Enter goes to the next of them and Shift-Enter back. */
export function FindInGraph({
  text,
  found,
  setText,
  walkTo,
  ref,
}: {
  text: string;
  found: readonly string[];
  setText(text: string): void;
  walkTo(id: string): void;
  ref: Ref<HTMLInputElement>;
}) {
  const [at, setAt] = useState(-1);
  const go = (step: number) => {
    if (found.length === 0) return;
    const next = (at + step + found.length) % found.length;
    setAt(next);
    walkTo(found[next] as string);
  };
  return (
    <Group gap={4} align="flex-end" wrap="nowrap">
      <TextInput
        ref={ref}
        size="xs"
        w={180}
        label="Find in the graph (/)"
        placeholder="name"
        value={text}
        onChange={(event) => {
          setAt(-1);
          setText(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            go(event.shiftKey ? -1 : 1);
          }
          if (event.key === "Escape") setText("");
        }}
      />
      {text !== "" && (
        <>
          <ActionIcon
            variant="default"
            size={30}
            aria-label="Previous hit"
            disabled={found.length === 0}
            onClick={() => go(-1)}
          >
            <IconChevronUp size={14} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={30}
            aria-label="Next hit"
            disabled={found.length === 0}
            onClick={() => go(1)}
          >
            <IconChevronDown size={14} />
          </ActionIcon>
          <Text size="xs" c="dimmed" role="status" className="tr-number" pb={6}>
            {found.length === 0 ? "none" : at >= 0 ? `${at + 1} of ${found.length}` : `${found.length}`}
          </Text>
        </>
      )}
    </Group>
  );
}
