"use client";

import { Button, Group, Select, Skeleton, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { saveCsv } from "@/components/ui/save-file";
import { type DriftMapQuery, driftQueries } from "@/lib/client/drift";
import type { DriftMap } from "@/lib/contracts/drift";
import { csvLine } from "@/lib/domain/csv";
import { ComparisonDrawer } from "./comparison-drawer";
import { DriftSummary } from "./drift-summary";
import { DriftTerms } from "./drift-terms";
import { arrange, type DriftRow, DRIFT_SORTS, driftParsers } from "./drift-views";
import { STATE_SIGNS } from "./drift-words";
import classes from "./drift.module.css";
import { HeatMapSection } from "./heat-map-section";

/** Features × windows against a reference, what that says of the whole, and one comparison at a time. */
export function DriftMapView({
  query,
  about,
  scope,
  note,
}: {
  query: DriftMapQuery;
  /** Which features, for a sentence: "dev serves". */
  about: string;
  /** What chooses the features, before what chooses the terms. */
  scope: (map: DriftMap | undefined) => ReactNode;
  note?: (map: DriftMap) => ReactNode;
}) {
  const [state, setState] = useQueryStates(driftParsers);
  const { sort, entity, owner, group, feature, month } = state;
  const { data: map, error, refetch, isPlaceholderData } = useQuery(driftQueries.map(query));
  const open = (row: string, column: string) => void setState({ feature: row, month: column }, { history: "push" });
  const rows = map ? arrange(map.rows, { sort, entity, owner, group: query.model === undefined ? group : null }) : [];
  const options = (values: string[]) => [...new Set(values.filter((value) => value !== ""))].sort();
  return (
    <>
      {map && !error && <DriftSummary map={map} onOpen={open} />}
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
          value={entity}
          data={options(map?.rows.map((row) => row.entity) ?? [])}
          onChange={(value) => void setState({ entity: value })}
        />
        <Select
          label="Owner"
          placeholder="Anybody"
          size="xs"
          w={160}
          clearable
          clearButtonProps={{ "aria-label": "Any owner" }}
          value={owner}
          data={options(map?.rows.map((row) => row.owner) ?? [])}
          onChange={(value) => void setState({ owner: value })}
        />
        <Select
          label="Sort by"
          size="xs"
          w={120}
          allowDeselect={false}
          value={sort}
          data={[...DRIFT_SORTS]}
          onChange={(value) => void setState({ sort: value as typeof sort })}
        />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          disabled={!map}
          onClick={() => map && saveCsv(`${query.workspace}-drift-${query.model ?? query.environment}`, toCsv(rows))}
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
          {rows.length === 0 ? (
            <EmptyState title={map.rows.length === 0 ? "Nothing is profiled over time yet" : "No feature matches"}>
              {map.rows.length === 0
                ? `${about} ${map.total} features. A run that profiles by month, week or day makes them comparable over time.`
                : "Choose another view, entity or owner."}
            </EmptyState>
          ) : (
            <div style={{ opacity: isPlaceholderData ? 0.6 : 1 }}>
              {sectionsOf(rows, sort === "view").map((section) => (
                <HeatMapSection key={section.name} map={map} {...section} onOpen={open} />
              ))}
              <Group gap="md" mt="sm">
                <Text size="sm" c="dimmed">
                  {rows.length} of {map.total} features
                </Text>
                <Legend map={map} />
              </Group>
            </div>
          )}
        </>
      )}
      <ComparisonDrawer
        query={query}
        feature={feature}
        window={month}
        onClose={() => void setState({ feature: null, month: null })}
      />
    </>
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

function Legend({ map }: { map: DriftMap }) {
  const from = (score: number | null) => (score === null ? "" : `, from ${score}`);
  const items = [
    ["critical", `critical${from(map.critical)}`],
    ["warn", `warn${from(map.warn)}`],
    ["fine", "fine"],
    ["insufficient_data", "too little data"],
  ] as const;
  return (
    <ul className={classes.states}>
      {items.map(([state, words]) => (
        <li key={state}>
          <span className={classes.sign} data-state={state} aria-hidden="true">
            {STATE_SIGNS[state]}
          </span>
          {words}
        </li>
      ))}
      <li>∅ because of missing values</li>
    </ul>
  );
}

function toCsv(rows: DriftRow[]): string {
  const header = ["feature", "version", "entity", "owner", "window", "reference", "metric", "score", "state", "severity", "because", "warn", "critical", "missing_reference", "missing", "rows"]; // prettier-ignore
  const lines = rows.flatMap((row) =>
    row.cells.map(
      (cell) =>
      csvLine([
        row.feature, row.version, row.entity, row.owner, cell.window, row.reference, cell.metric, cell.score, cell.state,
        cell.severity, cell.because, cell.warn, cell.critical, cell.missing?.[0] ?? null, cell.missing?.[1] ?? null, cell.rows,
      ]), // prettier-ignore
    ),
  );
  return csvLine(header) + lines.join("");
}
