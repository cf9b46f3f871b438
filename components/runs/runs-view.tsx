"use client";

import { Anchor, Button, Group, Progress, Select, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { runQueries } from "@/lib/client/runs";
import { RUN_KINDS, type RunSummary } from "@/lib/contracts/runs";
import { hasEnded, RUN_STATES } from "@/lib/domain/runs/run-states";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SearchBox } from "@/components/ui/search-box";
import { StateBadge } from "@/components/ui/state-badge";
import { WideTable } from "@/components/ui/wide-table";
import { TimeAgo } from "@/components/ui/time-ago";
import { count, durationInWords, jobInWords, secondsBetween, windowInWords } from "./figures";
import { useNow } from "./use-now";
import classes from "./runs.module.css";

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
  const [cursor, setCursor] = useQueryState("cursor", parseAsString);
  const [asked] = useDebouncedValue(q, 250);
  const query = {
    workspace,
    limit: PAGE,
    ...(state && { state }),
    ...(kind && { kind }),
    ...(pipeline && { pipeline }),
    ...(deployment && { deployment }),
    ...(asked && { q: asked }),
    ...(cursor && { cursor }),
  };
  const { data, error, refetch } = useQuery(runQueries.list(query));
  const filtered = [state, kind, pipeline, deployment, q].some(Boolean);
  return (
    <>
      <Group mb="md" gap="sm">
        <SearchBox
          label="Find a run"
          placeholder="Pipeline or number"
          value={q}
          onChange={(words) => {
            void setCursor(null);
            void setQ(words);
          }}
          width={220}
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
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {data && data.items.length === 0 && (
        <EmptyState title={filtered ? "No run matches" : "Nothing has run yet"} action={filtered ? undefined : start}>
          {filtered
            ? "Remove a filter to see more."
            : "A run computes a pipeline's features, fits its models and records what they learned from."}
        </EmptyState>
      )}
      {data && data.items.length > 0 && <RunsTable runs={data.items} />}
      <Group mt="md" gap="sm">
        {cursor && (
          <Button variant="default" size="xs" onClick={() => void setCursor(null)}>
            Newest runs
          </Button>
        )}
        {data?.nextCursor && (
          <Button variant="default" size="xs" onClick={() => void setCursor(data.nextCursor)}>
            Older runs
          </Button>
        )}
      </Group>
    </>
  );
}

function RunsTable({ runs }: { runs: RunSummary[] }) {
  const now = useNow(runs.some((run) => !hasEnded(run.state)));
  return (
    <WideTable label="Runs" minWidth={940}>
      <Table highlightOnHover verticalSpacing={6} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th data-numeric>Run</Table.Th>
            <Table.Th>Title</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Started</Table.Th>
            <Table.Th data-numeric>Duration</Table.Th>
            <Table.Th data-numeric>Rows</Table.Th>
            <Table.Th data-numeric>Stages</Table.Th>
            <Table.Th>By</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id} className={classes.row}>
              <Table.Td data-numeric>{run.number}</Table.Td>
              <Table.Td>
                <Anchor component={Link} href={`/runs/${run.id}`} fw={500}>
                  {run.deployment ?? run.pipeline ?? run.title}
                </Anchor>
                <Text size="xs" c="dimmed" truncate maw={360}>
                  {describe(run)}
                </Text>
              </Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{run.job ? jobInWords(run.job) : run.kind}</Table.Td>
              <Table.Td miw={130}>
                <StateBadge state={run.state} />
                {run.state === "running" && (
                  <Progress value={run.progress * 100} size="xs" mt={4} aria-label={`Progress of run ${run.number}`} />
                )}
              </Table.Td>
              <Table.Td>{run.startedAt ? <TimeAgo at={run.startedAt} /> : "–"}</Table.Td>
              <Table.Td data-numeric>
                {run.startedAt && (run.finishedAt || now !== null)
                  ? durationInWords(secondsBetween(run.startedAt, run.finishedAt, now ?? 0))
                  : "–"}
              </Table.Td>
              <Table.Td data-numeric>{run.rows === null ? "–" : count(run.rows)}</Table.Td>
              <Table.Td data-numeric>
                {run.stages}
                {run.reused > 0 && (
                  <Text span size="xs" c="dimmed">
                    {" "}
                    · {run.reused} reused
                  </Text>
                )}
              </Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{run.createdBy}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

/** What a run does, or what it did: the outputs of a pipeline's run, the window of a prediction. */
function describe(run: RunSummary): string {
  if (!hasEnded(run.state) || run.state === "failed") return run.message;
  const what = run.title.replace(/^[^:]*: /, "");
  return run.window ? windowInWords(run.window) : what;
}
