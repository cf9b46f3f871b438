"use client";

import { Button, Checkbox, Chip, Group, Menu, NativeSelect, SegmentedControl, Text, TextInput } from "@mantine/core";
import { IconDownload, IconPlus, IconX } from "@tabler/icons-react";
import type { useQueryStates } from "nuqs";
import { groupStyle } from "@/components/distributions/part-colour";
import { MOST_GROUPS, OVERVIEW_KINDS, type Overview } from "@/lib/contracts/overviews";
import { readPattern } from "./arrange-features";
import classes from "./overview.module.css";
import { OVERVIEW_CHARTS, OVERVIEW_SORTS, type overviewParsers } from "./overview-state";

type State = ReturnType<typeof useQueryStates<typeof overviewParsers>>;

/** What is compared and how it is drawn. */
export function GroupBar({ overview, state, set }: { overview: Overview; state: State[0]; set: State[1] }) {
  const chosen = overview.groups.map((group) => group.key);
  const choose = (keys: string[]) => void set({ parts: keys.length > 0 ? keys : null }, { history: "push" });
  const parts = overview.available.filter((group) => group.kind === "part");
  const extra = overview.groups.filter((group) => group.kind !== "part");
  const more = overview.available.filter((group) => group.kind !== "part" && !chosen.includes(group.key));
  const isFull = chosen.length >= MOST_GROUPS;
  return (
    <div className={classes.bar}>
      <Group gap="md" role="group" aria-label="Parts">
        {parts.map((group) => (
          <Checkbox
            key={group.key}
            size="xs"
            checked={chosen.includes(group.key)}
            disabled={(isFull && !chosen.includes(group.key)) || (chosen.length === 1 && chosen[0] === group.key)}
            onChange={(event) =>
              choose(event.currentTarget.checked ? [...chosen, group.key] : chosen.filter((key) => key !== group.key))
            }
            label={<GroupName label={group.label} at={chosen.indexOf(group.key)} value={group.key} />}
          />
        ))}
        {extra.map((group) => (
          <Button
            key={group.key}
            size="compact-xs"
            variant="default"
            disabled={chosen.length === 1}
            rightSection={<IconX size={12} />}
            aria-label={`Remove ${group.label}`}
            onClick={() => choose(chosen.filter((key) => key !== group.key))}
          >
            <GroupName label={group.label} at={chosen.indexOf(group.key)} value={group.key} />
          </Button>
        ))}
        {more.length > 0 && !isFull && (
          <Menu position="bottom-start">
            <Menu.Target>
              <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={12} />}>
                Compare with
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
              {more.map((group) => (
                <Menu.Item key={group.key} onClick={() => choose([...chosen, group.key])}>
                  {group.label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {overview.versions.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label="Version"
          data={overview.versions.map((version) => ({ value: String(version), label: `version ${version}` }))}
          value={String(overview.version)}
          onChange={(event) => void set({ version: Number(event.currentTarget.value) }, { history: "push" })}
        />
      )}
      <SegmentedControl
        size="xs"
        aria-label="Chart"
        value={state.chart}
        onChange={(chart) => void set({ chart: chart as (typeof OVERVIEW_CHARTS)[number] }, { history: "push" })}
        data={[...OVERVIEW_CHARTS]}
      />
      <Group gap="md">
        {(["log", "percent", "expand", "table"] as const).map((key) => (
          <Checkbox
            key={key}
            size="xs"
            label={key === "table" ? "as table" : key}
            checked={state[key]}
            onChange={(event) => void set({ [key]: event.currentTarget.checked }, { history: "push" })}
          />
        ))}
      </Group>
    </div>
  );
}

function GroupName({ label, at, value }: { label: string; at: number; value: string }) {
  return (
    <span className={classes.group}>
      {at >= 0 && <span className={classes.swatch} style={{ background: groupStyle(value, at).colour }} aria-hidden />}
      {label}
    </span>
  );
}

/** Which features are listed, in which order, and how to take them away. */
export function FilterLine({
  state,
  set,
  entities,
  counts,
  onCsv,
  onJson,
}: {
  state: State[0];
  set: State[1];
  /** More than one of them can be told apart. */
  entities: string[];
  counts: { shown: number; loaded: number; total: number };
  onCsv(): void;
  onJson(): void;
}) {
  const { trouble } = readPattern(state.filter);
  return (
    <div className={classes.bar} role="search" aria-label="Features">
      <NativeSelect
        size="xs"
        aria-label="Sort by"
        data={Object.entries(OVERVIEW_SORTS).map(([value, label]) => ({ value, label: `by ${label}` }))}
        value={state.sort}
        onChange={(event) =>
          void set({ sort: event.currentTarget.value as keyof typeof OVERVIEW_SORTS }, { history: "push" })
        }
      />
      <TextInput
        size="xs"
        aria-label="Filter by name, as a regular expression"
        placeholder="Name, such as delay|hour"
        value={state.filter}
        error={trouble}
        onChange={(event) => void set({ filter: event.currentTarget.value || null }, { throttleMs: 300 })}
        w={{ base: "100%", xs: 220 }}
      />
      <Chip.Group
        multiple
        value={state.types}
        onChange={(types) =>
          void set(
            { types: types.length > 0 ? (types as (typeof OVERVIEW_KINDS)[number][]) : null },
            { history: "push" },
          )
        }
      >
        <Group gap={6} role="group" aria-label="Types">
          {OVERVIEW_KINDS.map((kind) => (
            <Chip key={kind} value={kind} size="xs" radius="sm">
              {kind}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {entities.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label="Entity"
          data={[{ value: "", label: "every entity" }, ...entities]}
          value={state.entity ?? ""}
          onChange={(event) => void set({ entity: event.currentTarget.value || null }, { history: "push" })}
        />
      )}
      <Text size="sm" c="dimmed" role="status">
        {counts.shown} of {counts.total}
        {counts.loaded < counts.total && `, ${counts.loaded} read so far`}
      </Text>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconDownload size={14} />}>
            Figures
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onCsv}>CSV</Menu.Item>
          <Menu.Item onClick={onJson}>JSON</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
