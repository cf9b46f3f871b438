"use client";

import { Alert, Anchor, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { count } from "@/components/runs/figures";
import classes from "@/components/runs/runs.module.css";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { Panel } from "@/components/ui/panel";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { deploymentQueries } from "@/lib/client/deployments";
import type { DeploymentDetail } from "@/lib/contracts/deployments";
import { Backfills } from "./backfills";
import { DeploymentActions } from "./deployment-actions";
import styles from "./deployments.module.css";
import { JobCard } from "./job-card";
import { variantInWords } from "./job-words";
import { ModelVersions } from "./model-versions";
import { type StageReads, VariantGraph } from "./variant-graph";

/** One deployment: its three jobs, what they follow and did, its back-fills, and the variant that it is. */
export function DeploymentPage({
  workspace,
  name,
  forks,
  reads,
}: {
  workspace: string;
  name: string;
  forks: string[];
  reads: StageReads;
}) {
  const { data: deployment, error, refetch } = useQuery(deploymentQueries.detail(workspace, name));
  if (!deployment) return error ? <ErrorState error={error} retry={() => void refetch()} /> : null;
  return (
    <>
      <PageHeader
        title={
          <Group gap="sm" component="span">
            <span>{deployment.name}</span>
            <StateBadge state={deployment.state} />
          </Group>
        }
        facts={<Facts deployment={deployment} forks={forks} />}
        actions={<DeploymentActions workspace={workspace} deployment={deployment} />}
      />
      <Stack gap="md">
        {deployment.state === "paused" && (
          <Alert color="yellow" title="Paused">
            Its schedules and back-fills are paused. Jobs can still be run by hand.
          </Alert>
        )}
        {deployment.state === "retired" && (
          <Alert color="gray" title="Retired">
            None of its jobs run any more. Values that it wrote are kept.
          </Alert>
        )}
        {deployment.description && <Text maw="75ch">{deployment.description}</Text>}
        <div className={styles.jobs}>
          {deployment.jobs.map((job) => (
            <JobCard key={job.kind} workspace={workspace} deployment={deployment} job={job} />
          ))}
        </div>
        <Panel title="Back-fills">
          <Backfills workspace={workspace} deployment={deployment} />
        </Panel>
        <div className={classes.columns}>
          <Panel title="Model versions">
            <ModelVersions deployment={deployment} />
          </Panel>
          <Stack gap="md">
            <Panel title="Outputs">
              <Outputs deployment={deployment} />
            </Panel>
            {deployment.abTests.length > 0 && (
              <Panel title="A/B tests">
                {deployment.abTests.map((test) => (
                  <Group key={test.name} gap="sm">
                    <Anchor component={Link} href={`/deployments/ab-tests/${test.name}`} size="sm">
                      {test.name}
                    </Anchor>
                    <Text size="sm">as arm {test.arm}</Text>
                    <StateBadge state={test.state} />
                  </Group>
                ))}
              </Panel>
            )}
          </Stack>
        </div>
        <Panel title="Variant">
          <VariantGraph stages={deployment.stages} reads={reads} />
        </Panel>
      </Stack>
    </>
  );
}

function Facts({ deployment, forks }: { deployment: DeploymentDetail; forks: string[] }) {
  const { pipeline, model, outputs, engine, choice, createdBy, createdAt } = deployment;
  return (
    <>
      {variantInWords(choice, forks)} of pipeline{" "}
      <Anchor component={Link} href={`/pipelines/${pipeline}`} inherit underline="always">
        {pipeline}
      </Anchor>
      {" · writes "}
      {outputs.map((output, index) => (
        <span key={output}>
          {index > 0 && ", "}
          <Anchor component={Link} href={`/features/${output}`} inherit underline="always">
            {output}
          </Anchor>
        </span>
      ))}
      {model !== null && (
        <>
          {" · model "}
          <Anchor component={Link} href={`/models/${model}`} inherit underline="always">
            {model}
          </Anchor>
        </>
      )}
      {` · runs on the ${engine} engine`}
      {" · deployed by "}
      {createdBy} <TimeAgo at={createdAt} />
    </>
  );
}

/** The newest version of every dataset that a run wrote. */
function Outputs({ deployment: { jobs } }: { deployment: DeploymentDetail }) {
  const newest = new Map<string, { version: number; rows: number; run: { id: string; number: number } }>();
  for (const run of jobs.flatMap((job) => job.runs))
    for (const { dataset, version, rows } of run.datasets)
      if ((newest.get(dataset)?.version ?? 0) < version) newest.set(dataset, { version, rows, run });
  if (newest.size === 0)
    return (
      <Text size="sm" c="dimmed">
        No outputs yet.
      </Text>
    );
  return (
    <WideTable label="Outputs" minWidth={380}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Dataset</Table.Th>
            <Table.Th data-numeric>Version</Table.Th>
            <Table.Th data-numeric>Rows</Table.Th>
            <Table.Th>By</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...newest].sort().map(([dataset, { version, rows, run }]) => (
            <Table.Tr key={dataset}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{dataset}</Table.Td>
              <Table.Td data-numeric>{version}</Table.Td>
              <Table.Td data-numeric>{count(rows)}</Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                <Anchor component={Link} href={`/runs/${run.id}`} inherit>
                  run {run.number}
                </Anchor>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
