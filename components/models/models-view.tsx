"use client";

import { Anchor, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { modelQueries } from "@/lib/client/models";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { WideTable } from "@/components/ui/wide-table";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { headlineOf } from "@/components/runs/figures";
import { Sentence } from "@/components/ui/sentence";

export function ModelsView({ workspace }: { workspace: string }) {
  const { data, error, refetch } = useQuery(modelQueries.list(workspace));
  if (!data) return error ? <ErrorState error={error} retry={() => void refetch()} /> : null;
  if (data.items.length === 0)
    return (
      <EmptyState title="No models yet">
        A pipeline with `evaluate` registers one: its last estimator, evaluated on rows that it has not seen. Start a
        run of such a pipeline.
      </EmptyState>
    );
  return (
    <WideTable label="Models" minWidth={880}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th>Newest</Table.Th>
            <Table.Th>Staging</Table.Th>
            <Table.Th>Production</Table.Th>
            <Table.Th data-numeric>Score on test</Table.Th>
            <Table.Th>Verdict</Table.Th>
            <Table.Th>Why</Table.Th>
            <Table.Th>Created</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.items.map(({ name, pipeline, latest, aliases }) => {
            const score = headlineOf(latest.metrics.test);
            return (
              <Table.Tr key={name} style={{ verticalAlign: "top" }}>
                <Table.Td>
                  <Anchor component={Link} href={`/models/${name}`} fw={500}>
                    {name}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    by pipeline {pipeline}
                  </Text>
                </Table.Td>
                <Table.Td>v{latest.version}</Table.Td>
                <Table.Td>
                  <Aliased environment="staging" version={aliases.staging} />
                </Table.Td>
                <Table.Td>
                  <Aliased environment="production" version={aliases.production} />
                </Table.Td>
                <Table.Td data-numeric>{score ? `${score.name} ${score.text}` : "–"}</Table.Td>
                <Table.Td>
                  <StateBadge state={latest.verdict} />
                </Table.Td>
                <Table.Td maw={420}>
                  <Text size="sm" component="div">
                    <Sentence text={latest.sentence} />
                  </Text>
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>
                  <TimeAgo at={latest.createdAt} />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function Aliased({ environment, version }: { environment: "staging" | "production"; version: number | null }) {
  return version === null ? "–" : <EnvironmentBadge environment={environment} version={version} />;
}
