"use client";

import { Button, NativeSelect, Group, Slider, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { lineageQueries } from "@/lib/client/lineage";
import { StateLine } from "./state-line";
import type { Explorer } from "./use-lineage-state";

const shortTime = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 19)}`;

/** Lineage as it was: a slider over the moments at which it changed, and a second moment to compare with. */
export function TimeTravel({ workspace, explorer }: { workspace: string; explorer: Explorer }) {
  const { state, set } = explorer;
  const { data, error } = useQuery(lineageQueries.times(workspace));
  const changes = data?.changes ?? [];
  const last = changes.length;
  const chosen = state.asOf ? changes.findIndex(({ at }) => at === state.asOf) : last;
  // A time of a pasted address may lie between two changes.
  const stood =
    chosen >= 0
      ? chosen
      : Math.max(
          0,
          changes.findLastIndex(({ at }) => at <= (state.asOf ?? "")),
        );
  const [dragged, setDragged] = useState<number | null>(null);
  const at = dragged ?? stood;
  const label = (index: number) => {
    const change = changes[index];
    return change ? `${shortTime(change.at)} UTC` : "now";
  };
  if (error) return <StateLine tone="error">{error.message}</StateLine>;
  if (!data) return <StateLine>Loading the history of the lineage …</StateLine>;
  if (last === 0) return <StateLine>The lineage has not changed yet.</StateLine>;
  const shown = changes[at];
  return (
    <Group gap="lg" align="flex-end" wrap="wrap">
      <div style={{ flex: "1 1 280px", maxWidth: 560 }}>
        <Group justify="space-between" gap={8} wrap="nowrap">
          <Text size="xs" id="as-of-label">
            As it was
          </Text>
          <Text size="xs" className="tr-number">
            {label(at)}
            {shown && ` · +${shown.added} −${shown.removed} flows`}
          </Text>
        </Group>
        <Slider
          size="sm"
          min={0}
          max={last}
          step={1}
          value={at}
          label={null}
          marks={last <= 40 ? Array.from({ length: last + 1 }, (_, value) => ({ value })) : undefined}
          thumbProps={{ "aria-labelledby": "as-of-label", "aria-valuetext": label(at) }}
          thumbLabel="As it was"
          onChange={setDragged}
          onChangeEnd={(value) => {
            setDragged(null);
            set({ asOf: changes[value]?.at ?? null });
          }}
        />
      </div>
      <NativeSelect
        size="xs"
        label="Compare with"
        value={state.against ?? ""}
        data={[
          { value: "", label: "nothing" },
          ...(state.against && !changes.some(({ at }) => at === state.against)
            ? [{ value: state.against, label: shortTime(state.against) }]
            : []),
          ...changes.map(({ at }) => ({ value: at, label: `${shortTime(at)} UTC` })),
        ]}
        onChange={(event) => {
          const against = event.currentTarget.value || null;
          set({ against, panel: against ? "changes" : null });
        }}
      />
      <Button
        size="xs"
        variant="subtle"
        disabled={!state.asOf && !state.against}
        onClick={() => set({ asOf: null, against: null, ...(state.panel === "changes" && { panel: null }) })}
      >
        Back to now
      </Button>
    </Group>
  );
}
