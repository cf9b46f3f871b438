"use client";

import { Alert, Anchor, Button, Group, SegmentedControl, Select, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { saveCsv } from "@/components/ui/save-file";
import { driftQueries } from "@/lib/client/drift";
import type { DriftMap } from "@/lib/contracts/drift";
import { csvLine } from "@/lib/domain/csv";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { ComparisonDrawer } from "./comparison-drawer";
import { arrange, type DriftRow, DRIFT_SORTS, driftParsers } from "./drift-views";
import classes from "./drift.module.css";
import { HeatMap } from "./heat-map";

/** Features × months against the first month, what that says of the whole, and one comparison at a time. */
export function DriftMapTab({ workspace }: { workspace: string }) {
  const [state, setState] = useQueryStates(driftParsers);
  const { environment, sort, entity, owner, feature, month } = state;
  const { data: map, error, refetch } = useQuery(driftQueries.map(workspace, environment));
  const open = (row: string, column: string) => void setState({ feature: row, month: column }, { history: "push" });
  if (error && !map) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!map) return null;
  const rows = arrange(map.rows, { sort, entity, owner });
  const options = (values: string[]) => [...new Set(values.filter((value) => value !== ""))].sort();
  return (
    <>
      <Summary map={map} onOpen={open} />
      <div className={classes.toolbar}>
        <div>
          <Text size="xs" fw={500} id="drift-environment">
            Versions served in
          </Text>
          <SegmentedControl
            size="xs"
            aria-labelledby="drift-environment"
            value={environment}
            onChange={(value) => void setState({ environment: value as typeof environment })}
            data={[...ENVIRONMENTS]}
          />
        </div>
        <Select
          label="Entity"
          placeholder="Any"
          size="xs"
          w={140}
          clearable
          clearButtonProps={{ "aria-label": "Any entity" }}
          value={entity}
          data={options(map.rows.map((row) => row.entity))}
          onChange={(value) => void setState({ entity: value })}
        />
        <Select
          label="Owner"
          placeholder="Anybody"
          size="xs"
          w={170}
          clearable
          clearButtonProps={{ "aria-label": "Any owner" }}
          value={owner}
          data={options(map.rows.map((row) => row.owner))}
          onChange={(value) => void setState({ owner: value })}
        />
        <Select
          label="Sort by"
          size="xs"
          w={130}
          allowDeselect={false}
          value={sort}
          data={[...DRIFT_SORTS]}
          onChange={(value) => void setState({ sort: value as typeof sort })}
        />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveCsv(`${workspace}-drift-${environment}`, toCsv(map, rows))}
        >
          CSV
        </Button>
      </div>
      {rows.length === 0 ? (
        <EmptyState title={map.rows.length === 0 ? "Nothing is profiled by month yet" : "No feature matches"}>
          {map.rows.length === 0
            ? `${environment} serves ${map.total} features. A run that profiles by month makes them comparable over time.`
            : "Choose another entity or owner."}
        </EmptyState>
      ) : (
        <>
          <HeatMap map={map} rows={rows} onOpen={open} />
          <Group gap="md" mt="sm">
            <Text size="sm" c="dimmed">
              {rows.length} of {map.total} features
            </Text>
            <Legend map={map} />
          </Group>
        </>
      )}
      <ComparisonDrawer
        workspace={workspace}
        environment={environment}
        feature={feature}
        month={month}
        onClose={() => void setState({ feature: null, month: null })}
      />
    </>
  );
}

function Summary({ map, onOpen }: { map: DriftMap; onOpen: (feature: string, month: string) => void }) {
  const { share, warned, judged, critical } = map.summary;
  if (share === null) return null;
  const worstMonth = (name: string) => {
    const cells = map.rows.find((row) => row.feature === name)?.cells ?? [];
    return [...cells].sort((one, other) => (other.severity ?? -1) - (one.severity ?? -1))[0]?.month ?? "";
  };
  return (
    <Alert color={share >= 0.5 ? "orange" : warned > 0 ? "yellow" : "teal"} mb="md" role="status">
      <Text size="sm">
        <strong>{Math.round(share * 100)} %</strong> of features ({warned} of {judged}) were at or above warn in some
        month
        {share >= 0.5 ? ": the dataset as a whole has drifted." : "."}
        {critical.length > 0 && (
          <>
            {" "}
            Critical:{" "}
            {critical.map((name, index) => (
              <span key={name}>
                {index > 0 && ", "}
                <Anchor
                  component="button"
                  type="button"
                  inherit
                  c="inherit"
                  underline="always"
                  onClick={() => onOpen(name, worstMonth(name))}
                >
                  {name}
                </Anchor>
              </span>
            ))}
            .
          </>
        )}
      </Text>
    </Alert>
  );
}

function Legend({ map }: { map: DriftMap }) {
  const items = [
    ["critical", "■", `critical, from ${map.critical}`],
    ["warn", "▪", `warn, from ${map.warn}`],
    ["fine", "·", "fine"],
    ["insufficient_data", "–", "too few rows"],
  ] as const;
  return (
    <ul className={classes.states}>
      {items.map(([state, sign, words]) => (
        <li key={state}>
          <span className={classes.sign} data-state={state} aria-hidden="true">
            {sign}
          </span>
          {words}
        </li>
      ))}
    </ul>
  );
}

function toCsv(map: DriftMap, rows: DriftRow[]): string {
  const header = [
    "feature",
    "version",
    "entity",
    "owner",
    "month",
    "metric",
    "score",
    "state",
    "warn",
    "critical",
    "rows",
  ];
  const lines = rows.flatMap((row) =>
    row.cells.map(
      (cell) =>
      csvLine([
        row.feature, row.version, row.entity, row.owner, cell.month, map.metric, cell.score, cell.state, map.warn,
        map.critical, cell.rows,
      ]), // prettier-ignore
    ),
  );
  return csvLine(header) + lines.join("");
}
