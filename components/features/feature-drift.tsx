"use client";

import { Anchor, Button, Group, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconDownload } from "@tabler/icons-react";
import Link from "next/link";
import { useRef } from "react";
import { useWindowsShown, WindowsControl } from "@/components/distributions/windows-shown";
import { windowName } from "@/components/distributions/window-name";
import { EmptyState } from "@/components/ui/empty-state";
import { pictureOf } from "@/components/ui/drawn-picture";
import { ErrorState } from "@/components/ui/error-state";
import { PictureMenu } from "@/components/ui/picture-menu";
import { urlOf } from "@/lib/client/api";
import { driftQueries } from "@/lib/client/drift";
import { type DriftRow, exportDrift } from "@/lib/contracts/drift";
import type { FeaturePointer } from "@/lib/contracts/feature-detail";
import { type Environment, servingEnvironment } from "@/lib/domain/environments";
import { curveOf, worstOf } from "./drift-curve";
import { FeatureDriftChart } from "./feature-drift-chart";
import { FeatureDriftTable } from "./feature-drift-table";

/** The feature's line of the drift map: how far each window is from the reference, with thresholds, and the reason in a sentence. */
export function FeatureDrift({
  workspace,
  name,
  pointers,
}: {
  workspace: string;
  name: string;
  pointers: FeaturePointer[];
}) {
  const environment = servingEnvironment(pointers);
  if (environment === null)
    return <EmptyState title="Not served">Windows of a version are compared once an environment serves it.</EmptyState>;
  return <ServedDrift workspace={workspace} name={name} environment={environment} />;
}

function ServedDrift({ workspace, name, environment }: { workspace: string; name: string; environment: Environment }) {
  const { data: row, error } = useQuery(driftQueries.feature({ workspace, environment, feature: name }));
  if (error) return <ErrorState error={error} />;
  if (row === undefined) return <Skeleton height={320} />;
  if (row === null || row.windows < 2)
    return (
      <EmptyState title="Not compared yet">
        Drift is measured between windows of time, so it needs rows with an event time in at least two of them.
      </EmptyState>
    );
  return <Windows workspace={workspace} row={row} environment={environment} />;
}

function Windows({ workspace, row, environment }: { workspace: string; row: DriftRow; environment: Environment }) {
  const chart = useRef<HTMLDivElement>(null);
  const [shown] = useWindowsShown();
  const cells = row.cells.slice(-shown);
  const curve = curveOf(cells);
  const worst = worstOf(row.cells);
  const comparisonOf = (month: string) => `/drift?${new URLSearchParams({ environment, feature: row.feature, month })}`;
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        Version {row.version}, which {environment} serves
        {row.reference === null ? "" : `, against ${windowName(row.reference)}`}.{" "}
        {worst && (
          <Anchor component={Link} underline="always" href={comparisonOf(worst.window)} size="sm">
            Compare {windowName(worst.window)}, the worst, on the drift page
          </Anchor>
        )}
      </Text>
      <div ref={chart}>
        <FeatureDriftChart name={row.feature} curve={curve} />
      </div>
      {curve.figure === null && (
        <Text size="xs" c="dimmed">
          Severities are drawn, as windows were judged by several figures or by probabilities: score ÷ warn, of a
          probability warn ÷ p. From 1 on it is an alarm.
        </Text>
      )}
      <Group gap="sm" mt="md" mb="xs" align="baseline">
        <Title order={2}>Window by window</Title>
        <WindowsControl all={row.cells.length} />
        <Button
          component="a"
          href={urlOf(exportDrift, { query: { workspace, environment, feature: row.feature } })}
          download
          size="compact-xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
        >
          CSV
        </Button>
        <PictureMenu name={`drift-${row.feature}`} label={row.feature} draw={() => pictureOf(chart.current)} />
      </Group>
      <FeatureDriftTable cells={cells} figure={curve.figure} comparisonOf={comparisonOf} />
    </>
  );
}
