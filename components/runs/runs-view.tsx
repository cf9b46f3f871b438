"use client";

import { Button, Group, Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { runQueries } from "@/lib/client/runs";
import { RUN_KINDS } from "@/lib/contracts/runs";
import { parseRunQuery } from "@/lib/domain/runs/run-query";
import { RUN_STATES } from "@/lib/domain/runs/run-states";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SearchBox } from "@/components/ui/search-box";
import { count } from "./figures";
import { RunSort } from "./run-sort";
import { RunsTable } from "./runs-table";

const PAGE = 50;

export function RunsView({
  workspace,
  deployments,
  pipelines,
  start,
}: {
  workspace: string;
  /** Names, for the filter. */
  deployments: string[];
  /** The same. */
  pipelines: string[];
  start?: React.ReactNode;
}) {
  const [state, setState] = useQueryState("state", parseAsStringLiteral(RUN_STATES));
  const [kind, setKind] = useQueryState("kind", parseAsStringLiteral(RUN_KINDS));
  const [pipeline, setPipeline] = useQueryState("pipeline", parseAsString);
  const [deployment, setDeployment] = useQueryState("deployment", parseAsString);
  const [q, setQ] = useQueryState("q", parseAsString.withDefault("").withOptions({ throttleMs: 300 }));
  const [sort, setSort] = useQueryState("sort", parseAsString);
  const [cursor, setCursor] = useQueryState("cursor", parseAsString);
  const [asked] = useDebouncedValue(q, 250);
  const issues = parseRunQuery(asked, sort ?? undefined).issues;
  const query = {
    workspace,
    limit: PAGE,
    ...(state && { state }),
    ...(kind && { kind }),
    ...(pipeline && { pipeline }),
    ...(deployment && { deployment }),
    ...(asked && { q: asked }),
    ...(sort && { sort }),
    ...(cursor && { cursor }),
  };
  // A comparison that is still being typed is no question yet.
  const { data, error, refetch } = useQuery({ ...runQueries.list(query), enabled: issues.length === 0 });
  const filtered = [state, kind, pipeline, deployment, q].some(Boolean);
  return (
    <>
      <Group mb="md" gap="sm">
        <SearchBox
          label="Find a run"
          placeholder="Name, number or metrics.test.auc > 0.8"
          value={q}
          onChange={(words) => {
            void setCursor(null);
            void setQ(words);
          }}
          width={340}
        />
        <RunSort
          sort={sort}
          runs={data?.items ?? []}
          onSort={(value) => {
            void setCursor(null);
            void setSort(value);
          }}
        />
        <Select
          aria-label="State"
          placeholder="Any state"
          data={[...RUN_STATES]}
          value={state}
          onChange={(value) => {
            void setCursor(null);
            void setState(value as typeof state);
          }}
          clearable
          clearButtonProps={{ "aria-label": "Any state" }}
          w={150}
        />
        <Select
          aria-label="Kind"
          placeholder="Any kind"
          data={[...RUN_KINDS]}
          value={kind}
          onChange={(value) => {
            void setCursor(null);
            void setKind(value as typeof kind);
          }}
          clearable
          clearButtonProps={{ "aria-label": "Any kind" }}
          w={150}
        />
        {(pipelines.length > 0 || pipeline !== null) && (
          <Select
            aria-label="Pipeline"
            placeholder="Any pipeline"
            data={[...new Set([...pipelines, ...(pipeline === null ? [] : [pipeline])])]}
            value={pipeline}
            onChange={(value) => {
              void setCursor(null);
              void setPipeline(value);
            }}
            searchable
            clearable
            clearButtonProps={{ "aria-label": "Any pipeline" }}
            w={{ base: "100%", xs: 200 }}
          />
        )}
        {deployments.length > 0 && (
          <Select
            aria-label="Deployment"
            placeholder="Any deployment"
            data={deployments}
            value={deployment}
            onChange={(value) => {
              void setCursor(null);
              void setDeployment(value);
            }}
            searchable
            clearable
            clearButtonProps={{ "aria-label": "Any deployment" }}
            w={{ base: "100%", xs: 220 }}
          />
        )}
        {data && (
          <Text size="sm" c="dimmed" role="status">
            {data.items.length === data.total
              ? `${count(data.total)} runs`
              : `${count(data.items.length)} of ${count(data.total)} runs`}
          </Text>
        )}
      </Group>
      {issues.map(({ message, expected }) => (
        <Text key={message} size="sm" c="red" mb="sm" role="alert">
          {message} Expected {expected}.
        </Text>
      ))}
      {error && issues.length === 0 && <ErrorState error={error} retry={() => void refetch()} />}
      {data && data.items.length === 0 && (
        <EmptyState title={filtered ? "No run matches" : "Nothing has run yet"} action={filtered ? undefined : start}>
          {filtered
            ? "Remove a filter to see more."
            : "A run computes a pipeline's features, fits its models and records what they learned from."}
        </EmptyState>
      )}
      {data && data.items.length > 0 && (
        <RunsTable
          runs={data.items}
          sort={sort}
          onSort={(value) => {
            void setCursor(null);
            void setSort(value);
          }}
        />
      )}
      <Group mt="md" gap="sm">
        {cursor && (
          <Button variant="default" size="xs" onClick={() => void setCursor(null)}>
            {sort ? "First runs" : "Newest runs"}
          </Button>
        )}
        {data?.nextCursor && (
          <Button variant="default" size="xs" onClick={() => void setCursor(data.nextCursor)}>
            {sort ? "More runs" : "Older runs"}
          </Button>
        )}
      </Group>
    </>
  );
}
