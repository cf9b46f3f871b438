"use client";

import { Button, Group, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { DriftMap } from "@/lib/contracts/drift";
import type { DriftRow } from "./drift-views";
import { HeatMap } from "./heat-map";

/** As many as a wide screen shows; the newest are what people come for. */
const WINDOWS_SHOWN = 12;

/** The map of features that share their windows, and what they come to together. */
export function HeatMapSection({
  name,
  map,
  rows,
  onOpen,
}: {
  name: string;
  map: DriftMap;
  rows: DriftRow[];
  onOpen: (feature: string, window: string) => void;
}) {
  const [isWhole, setWhole] = useState(false);
  const windows = [...new Set(rows.flatMap((row) => row.cells.map(({ window }) => window)))].sort();
  const dataset = map.summary.datasets.find(({ entity }) => entity === name);
  const shown = isWhole ? windows : windows.slice(-WINDOWS_SHOWN);
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
        {windows.length > WINDOWS_SHOWN && (
          <Button size="compact-xs" variant="default" onClick={() => setWhole(!isWhole)}>
            {isWhole ? `The newest ${WINDOWS_SHOWN} windows of ${name}` : `All ${windows.length} windows of ${name}`}
          </Button>
        )}
      </Group>
      <HeatMap name={name} windows={shown} rows={rows} onOpen={onOpen} />
    </section>
  );
}
