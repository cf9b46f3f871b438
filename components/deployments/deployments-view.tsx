"use client";

import { Anchor, Group, Select, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { ErrorState } from "@/components/ui/error-state";
import { SearchBox } from "@/components/ui/search-box";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { deploymentQueries } from "@/lib/client/deployments";
import type { DeploymentSummary } from "@/lib/contracts/deployments";
import { DEPLOYMENT_FILTERS, deploymentParsers, deploymentQueryOf } from "./deployment-views";
import classes from "./deployments.module.css";
import { JOB_TITLES, variantInWords } from "./job-words";
import { RunMark } from "./run-mark";
import { scheduleInWords } from "./schedule-words";

const FILTER_LABELS: Record<(typeof DEPLOYMENT_FILTERS)[number], string> = {
  live: "Active and paused",
  active: "Active",
  paused: "Paused",
  retired: "Retired",
  all: "All",
};

/** What is in operation: each deployment with its variant, what its aliases name, and how its jobs fare. */
export function DeploymentsView({ workspace, forks }: { workspace: string; forks: string[] }) {
  const [{ state, q }, setState] = useQueryStates(deploymentParsers);
  const [asked] = useDebouncedValue(q, 250);
  const { data, error, refetch } = useQuery(deploymentQueries.list(deploymentQueryOf(workspace, { state, q: asked })));
  const filtered = q !== "" || state !== "live";
  return (
    <>
      <Group mb="md" gap="sm">
        <SearchBox
          label="Find a deployment"
          placeholder="Name or description"
          value={q}
          onChange={(words) => void setState({ q: words })}
          width={220}
        />
        <Select
          aria-label="State"
          data={DEPLOYMENT_FILTERS.map((value) => ({ value, label: FILTER_LABELS[value] }))}
          value={state}
          onChange={(value) => void setState({ state: value as typeof state })}
          allowDeselect={false}
          w={190}
        />
        {data && (
          <Text size="sm" c="dimmed" role="status">
            {data.items.length} of {data.total}
          </Text>
        )}
      </Group>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {data && data.items.length === 0 && (
        <EmptyState title={filtered ? "No deployment matches" : "Nothing is deployed yet"}>
          {filtered
            ? "Remove a filter to see more."
            : "Deploying a variant creates three jobs: fit, predict (staging) and predict (production). Choose a pipeline, or plan a new one."}
        </EmptyState>
      )}
      {data && data.items.length > 0 && <DeploymentsTable deployments={data.items} forks={forks} />}
    </>
  );
}

function DeploymentsTable({ deployments, forks }: { deployments: DeploymentSummary[]; forks: string[] }) {
  return (
    <WideTable label="Deployments" minWidth={920}>
      <Table highlightOnHover verticalSpacing={8} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Deployment</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Variant</Table.Th>
            <Table.Th>Model</Table.Th>
            <Table.Th>Next run</Table.Th>
            <Table.Th>Last runs</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deployments.map((deployment) => (
            <Table.Tr key={deployment.name} className={classes.row}>
              <Table.Td>
                <Anchor component={Link} href={`/deployments/${deployment.name}`} fw={500}>
                  {deployment.name}
                </Anchor>
                <Text size="xs" c="dimmed">
                  pipeline{" "}
                  <Anchor component={Link} href={`/pipelines/${deployment.pipeline}`} inherit underline="always">
                    {deployment.pipeline}
                  </Anchor>
                </Text>
              </Table.Td>
              <Table.Td>
                <StateBadge state={deployment.state} />
              </Table.Td>
              <Table.Td maw={260}>{variantInWords(deployment.choice, forks)}</Table.Td>
              <Table.Td>
                <ModelCell deployment={deployment} />
              </Table.Td>
              <Table.Td>
                <NextRun deployment={deployment} />
              </Table.Td>
              <Table.Td>
                <Group gap={4} wrap="nowrap">
                  {deployment.jobs.flatMap(({ lastRun }) =>
                    lastRun ? [<RunMark key={lastRun.id} run={lastRun} />] : [],
                  )}
                  {deployment.jobs.every(({ lastRun }) => lastRun === null) && (
                    <Text size="sm" c="dimmed">
                      none yet
                    </Text>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function ModelCell({ deployment: { model, aliases } }: { deployment: DeploymentSummary }) {
  if (model === null) return <>no model</>;
  return (
    <>
      <Anchor component={Link} href={`/models/${model}`}>
        {model}
      </Anchor>
      <Group gap={4} mt={2}>
        {aliases.staging !== null && <EnvironmentBadge environment="staging" version={aliases.staging} />}
        {aliases.production !== null && <EnvironmentBadge environment="production" version={aliases.production} />}
        {aliases.staging === null && aliases.production === null && (
          <Text size="xs" c="dimmed">
            no version yet
          </Text>
        )}
      </Group>
    </>
  );
}

/** The job that runs next by itself. */
function NextRun({ deployment: { state, jobs } }: { deployment: DeploymentSummary }) {
  const [next] = jobs
    .filter(({ nextRunAt }) => nextRunAt !== null)
    .sort((one, other) => ((one.nextRunAt ?? "") < (other.nextRunAt ?? "") ? -1 : 1));
  if (!next?.nextRunAt)
    return (
      <Text size="sm" c="dimmed">
        {state === "active" ? "on demand" : "–"}
      </Text>
    );
  return (
    <>
      <TimeAgo at={next.nextRunAt} />
      <Text size="xs" c="dimmed">
        {JOB_TITLES[next.kind]}, {scheduleInWords(next.schedule)}
      </Text>
    </>
  );
}
