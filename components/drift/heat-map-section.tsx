"use client";

import { Button, Group, Text, Title } from "@mantine/core";
import type { DriftMap, DriftRow } from "@/lib/contracts/drift";
import { WINDOWS_SHOWN } from "./drift-views";
import { HeatMap } from "./heat-map";

/** The map of features that share their windows, and what they come to together. */
export function HeatMapSection({
  name,
  map,
  rows,
  windows: newest,
  onWindows,
  onOpen,
}: {
  name: string;
  map: DriftMap;
  rows: DriftRow[];
  /** How many of the newest windows are shown. */
  windows: number;
  onWindows: (newest: number) => void;
  onOpen: (feature: string, window: string) => void;
}) {
  const windows = [...new Set(rows.flatMap((row) => row.cells.map(({ window }) => window)))].sort().slice(-newest);
  const profiled = Math.max(...rows.map((row) => row.windows));
  const dataset = map.summary.datasets.find(({ entity }) => entity === name);
  return (
    <section aria-label={name} style={{ marginBottom: 20 }}>
      <Group gap="sm" mb={4} align="baseline">
        <Title order={2} size="h4">
          {name}
        </Title>
        {dataset && (
          <Text size="sm" c="dimmed">
            {dataset.window}: {dataset.drifted} of {dataset.judged} features at or above warn
            {dataset.isDrift && (
              <>
                , <b>the dataset as a whole has drifted</b>
              </>
            )}
          </Text>
        )}
        {profiled > WINDOWS_SHOWN && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => onWindows(newest < profiled ? profiled : WINDOWS_SHOWN)}
          >
            {newest < profiled
              ? `All ${profiled} windows of ${name}`
              : `The newest ${WINDOWS_SHOWN} windows of ${name}`}
          </Button>
        )}
      </Group>
      <HeatMap name={name} windows={windows} rows={rows} onOpen={onOpen} />
    </section>
  );
}
