"use client";

import { Badge, Combobox, Group, Loader, Pill, Text, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { planQueries } from "@/lib/client/plans";
import classes from "./plan.module.css";

/** Long enough that a quick writer asks once per word. */
const DEBOUNCE_MS = 120;

/** Wanted columns as chips, and a field that finds more of them: documented features and what stages write without documentation. */
export function OutputPicker({
  workspace,
  outputs,
  onChange,
  onConsider,
}: {
  workspace: string;
  outputs: readonly string[];
  onChange(outputs: string[]): void;
  /** Somebody is about to choose this column. */
  onConsider(column: string): void;
}) {
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), DEBOUNCE_MS);
  const { data, isFetching, error } = useQuery(planQueries.columns(workspace, asked));
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const found = (data?.items ?? []).filter((feature) => !outputs.includes(feature.name));
  const typed = text.trim();
  const isColumn = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(typed);
  const isKnown = outputs.includes(typed) || found.some((feature) => feature.name === typed);
  const options = [...found.map((feature) => feature.name), ...(isColumn && !isKnown ? [typed] : [])];
  const consider = () => {
    const column = options[combobox.getSelectedOptionIndex()];
    if (column) onConsider(column);
  };
  return (
    <div className={classes.picker}>
      <Combobox
        store={combobox}
        withinPortal={false}
        onOptionSubmit={(column) => {
          onChange([...outputs, column]);
          setText("");
          combobox.closeDropdown();
        }}
      >
        <Combobox.Target>
          <TextInput
            label="Outputs"
            placeholder={outputs.length > 0 ? "Add another column" : "Find a column: late probability, segment …"}
            leftSection={<IconPlus size={16} />}
            rightSection={isFetching && typed !== "" ? <Loader size={14} /> : null}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              combobox.openDropdown();
              combobox.updateSelectedOptionIndex();
            }}
            onFocus={() => combobox.openDropdown()}
            onClick={() => combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
            onKeyUp={consider}
            onKeyDown={(event) => {
              if (event.key === "Backspace" && text === "" && outputs.length > 0) onChange(outputs.slice(0, -1));
            }}
          />
        </Combobox.Target>
        <Combobox.Dropdown>
          <Combobox.Options mah={340} style={{ overflowY: "auto" }} aria-label="Columns">
            {found.map((feature) => (
              <Combobox.Option key={feature.name} value={feature.name} onMouseEnter={() => onConsider(feature.name)}>
                <Group gap={8} wrap="nowrap" justify="space-between">
                  <span className={classes.column}>{feature.name}</span>
                  {!feature.documented && (
                    <Badge size="xs" variant="light" color="gray" tt="none" style={{ flex: "none" }}>
                      not documented
                    </Badge>
                  )}
                  {feature.deprecated && (
                    <Badge size="xs" variant="light" color="gray" tt="none" style={{ flex: "none" }}>
                      deprecated
                    </Badge>
                  )}
                </Group>
                <Text size="xs" c="dimmed" truncate>
                  {[feature.type, feature.description].filter(Boolean).join(" · ")}
                </Text>
              </Combobox.Option>
            ))}
            {isColumn && !isKnown && (
              <Combobox.Option value={typed}>
                <span className={classes.column}>{typed}</span>
                <Text size="xs" c="dimmed">
                  Nothing has this name. Plan it to see what is missing.
                </Text>
              </Combobox.Option>
            )}
            {options.length === 0 && (
              <Combobox.Empty>
                {error
                  ? `The search failed: ${error.message}`
                  : isFetching
                    ? "Searching …"
                    : "No column has this name."}
              </Combobox.Empty>
            )}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {outputs.length > 0 && (
        <ul className={classes.chips} aria-label="Wanted columns">
          {outputs.map((column) => (
            <li key={column}>
              <Pill
                size="md"
                className={classes.column}
                withRemoveButton
                removeButtonProps={{ "aria-label": `Remove output ${column}`, tabIndex: 0, "aria-hidden": undefined }}
                onRemove={() => onChange(outputs.filter((one) => one !== column))}
              >
                {column}
              </Pill>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
