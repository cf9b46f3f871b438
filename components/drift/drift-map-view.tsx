"use client";

import { Button, Group, Select, Skeleton, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { urlOf } from "@/lib/client/api";
import { driftQueries, type DriftTermsQuery } from "@/lib/client/drift";
import { DRIFT_SORTS, type DriftMap, type DriftRow, exportDrift } from "@/lib/contracts/drift";
import { Comparison, ComparisonDrawer } from "./comparison-drawer";
import { DriftLegend } from "./drift-legend";
import { DriftSummary } from "./drift-summary";
import { DriftTerms } from "./drift-terms";
import { driftParsers, toMapQuery, toTermsQuery } from "./drift-views";
import classes from "./drift.module.css";
import { HeatMapSection } from "./heat-map-section";

/** Features × windows against a reference, what that says of the whole, and one comparison at a time. */
export function DriftMapView({
  workspace,
  model = null,
  about,
  scope,
  note,
}: {
  workspace: string;
  /** Whose features; null for what an environment serves. */
  model?: string | null;
  /** Which features, for a sentence: "dev serves". */
  about: (map: DriftMap) => string;
  /** What chooses the features, before what chooses the terms. */
  scope: (map: DriftMap | undefined) => ReactNode;
  note?: (map: DriftMap) => ReactNode;
}) {
  const [state, setState] = useQueryStates(driftParsers, { history: "push" });
  const query = toMapQuery(workspace, state, model);
  const pages = useInfiniteQuery(driftQueries.map(query));
  const { data, error, refetch, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const map = data?.pages[0];
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  const open = (feature: string, month: string) => void setState({ feature, month });
  return (
    <>
      {map && !error && <DriftSummary workspace={workspace} map={map} onOpen={open} />}
      <div className={classes.toolbar}>
        {scope(map)}
        <DriftTerms map={map} />
        <Select
          label="Entity"
          placeholder="Any"
          size="xs"
          w={120}
          clearable
          clearButtonProps={{ "aria-label": "Any entity" }}
          value={state.entity}
          data={map?.entities ?? []}
          onChange={(entity) => void setState({ entity })}
        />
        <Select
          label="Owner"
          placeholder="Anyone"
          size="xs"
          w={160}
          clearable
          clearButtonProps={{ "aria-label": "Any owner" }}
          value={state.owner}
          data={map?.owners ?? []}
          onChange={(owner) => void setState({ owner })}
        />
        <Select
          label="Sort by"
          size="xs"
          w={120}
          allowDeselect={false}
          value={state.sort}
          data={[...DRIFT_SORTS]}
          onChange={(sort) => void setState({ sort: sort as typeof state.sort })}
        />
        <Button
          component="a"
          href={urlOf(exportDrift, { query: exportQueryOf(query) })}
          download
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
        >
          CSV
        </Button>
      </div>
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : !map ? (
        <Skeleton height={320} />
      ) : (
        <>
          {note?.(map)}
          {map.monitor !== null && (
            <Text size="sm" c="dimmed" mb="sm" maw="85ch">
              With the settings of monitor {map.monitor}: same metric, thresholds and reference.
            </Text>
          )}
          {rows.length === 0 ? (
            <EmptyState title={map.features.profiled === 0 ? "No profiles over time yet" : "No feature matches"}>
              {map.features.profiled === 0
                ? `${about(map)} ${map.features.served} features. A run that profiles by month, week or day makes them comparable over time.`
                : "Choose another view, entity or owner."}
            </EmptyState>
          ) : (
            <div style={{ opacity: isPlaceholderData ? 0.6 : 1 }}>
              {sectionsOf(rows, state.sort === "view").map((section) => (
                <HeatMapSection
                  key={section.name}
                  map={map}
                  {...section}
                  windows={state.windows}
                  onWindows={(windows) => void setState({ windows })}
                  onOpen={open}
                />
              ))}
              <Group gap="md" mt="sm">
                <Text size="sm" c="dimmed">
                  {rows.length} of {map.total} features
                </Text>
                {hasNextPage && (
                  <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                    Show more
                  </Button>
                )}
                <DriftLegend map={map} rows={rows} />
              </Group>
              <NotShown map={map} about={about(map)} />
            </div>
          )}
        </>
      )}
      <ComparisonDrawer
        opened={state.feature !== null && state.month !== null}
        onClose={() => void setState({ feature: null, month: null })}
      >
        <MapComparison
          query={toTermsQuery(workspace, state, model)}
          feature={state.feature ?? ""}
          window={state.month ?? ""}
        />
      </ComparisonDrawer>
    </>
  );
}

function MapComparison({ query, feature, window }: { query: DriftTermsQuery; feature: string; window: string }) {
  return (
    <Comparison
      feature={feature}
      window={window}
      query={useQuery(driftQueries.comparison({ ...query, feature, window }))}
    />
  );
}

/** A file has every window of every feature. */
function exportQueryOf({ windows: _, ...query }: ReturnType<typeof toMapQuery>) {
  return query;
}

/** Features that are served and are in no map, with the reason. */
function NotShown({ map, about }: { map: DriftMap; about: string }) {
  const { served, unprofiled } = map.features;
  if (unprofiled.length === 0) return null;
  const named = unprofiled.slice(0, 20).join(", ");
  const more = unprofiled.length > 20 ? ` and ${unprofiled.length - 20} more` : "";
  return (
    <Text size="sm" c="dimmed" mt="xs" maw="85ch">
      {about} {served} features; {unprofiled.length} {unprofiled.length === 1 ? "is" : "are"} not profiled over time, as
      only rows with an event time can be: {named}
      {more}.
    </Text>
  );
}

/**
 * Features of an entity share their windows, and those of another may lie decades apart: each has a map of its own, the one
 * with the worst first. Sorted by view, each feature view has.
 */
function sectionsOf(rows: DriftRow[], byView: boolean): { name: string; rows: DriftRow[] }[] {
  const sections = new Map<string, DriftRow[]>();
  for (const row of rows) {
    const name = byView ? (row.views[0] ?? `${row.entity}, in no feature view`) : row.entity;
    sections.set(name, [...(sections.get(name) ?? []), row]);
  }
  return [...sections].map(([name, own]) => ({ name, rows: own }));
}
