"use client";

import { Combobox, Group, Text, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { lineageQueries } from "@/lib/client/lineage";
import { KINDS } from "./node-kinds";

/** Finds a node of the whole workspace by its name. */
export function NodeSearch({
  workspace,
  label,
  placeholder,
  value,
  width = 230,
  onChoose,
}: {
  workspace: string;
  label: string;
  placeholder: string;
  /** What is chosen now: shown while nobody writes. */
  value: string;
  width?: number | string;
  onChoose(id: string): void;
}) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [text, setText] = useState<string | null>(null);
  const [q] = useDebouncedValue(text ?? "", 150);
  const { data } = useQuery({ ...lineageQueries.search(workspace, q), enabled: text !== null });
  const hits = data?.items ?? [];
  return (
    <Combobox
      store={combobox}
      // Inside of a popover a choice must not count as a click beside it.
      withinPortal={false}
      onOptionSubmit={(id) => {
        onChoose(id);
        setText(null);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target withExpandedAttribute>
        <TextInput
          size="xs"
          w={width}
          maw="100%"
          label={label}
          placeholder={placeholder}
          value={text ?? value}
          onFocus={(event) => {
            setText("");
            combobox.openDropdown();
            event.currentTarget.select();
          }}
          onBlur={() => {
            setText(null);
            combobox.closeDropdown();
          }}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={320} style={{ overflowY: "auto" }} aria-label={label}>
          {hits.map((hit) => {
            const { icon: Icon, label: kind } = KINDS[hit.kind];
            return (
              <Combobox.Option key={hit.id} value={hit.id}>
                <Group gap={8} wrap="nowrap">
                  <Icon size={16} />
                  <div style={{ minWidth: 0 }}>
                    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                      {hit.name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {[kind, hit.detail, hit.owner].filter(Boolean).join(" · ")}
                    </Text>
                  </div>
                </Group>
              </Combobox.Option>
            );
          })}
          {hits.length === 0 && <Combobox.Empty>{data ? "No match" : "…"}</Combobox.Empty>}
          {data && data.total > hits.length && (
            <Combobox.Footer>
              <Text size="xs" c="dimmed">
                {hits.length} of {data.total}: keep typing to narrow it down
              </Text>
            </Combobox.Footer>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
