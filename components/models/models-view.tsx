"use client";

import { Anchor, Group, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { modelQueries } from "@/lib/client/models";
import type { ModelSummary } from "@/lib/contracts/models";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { WideTable } from "@/components/ui/wide-table";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { SearchBox } from "@/components/ui/search-box";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { headlineOf } from "@/components/runs/figures";
import { Sentence } from "@/components/ui/sentence";

export function ModelsView({ workspace }: { workspace: string }) {
  const [q, setQ] = useQueryState("q", parseAsString.withDefault(""));
  const [asked] = useDebouncedValue(q, 200);
  const { data, error, refetch } = useQuery(modelQueries.list(workspace, asked));
  return (
    <>
      <Group mb="md" gap="sm" role="search" aria-label="Models">
        <SearchBox
          label="Find models"
          placeholder="Name, owner, tag, pipeline"
          value={q}
          onChange={(words) => void setQ(words, { throttleMs: 300 })}
        />
        <Text size="sm" c="dimmed" role="status">
          {data?.total}
        </Text>
      </Group>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {data && data.items.length > 0 && <ModelsTable models={data.items} />}
      {data && data.items.length === 0 && (
        <EmptyState title={asked ? `No match for “${asked}”` : "No models yet"}>
          {asked
            ? "Try fewer letters."
            : "A pipeline with `evaluate` registers one: its last estimator, evaluated on rows that it has not seen. Start a run of such a pipeline."}
        </EmptyState>
      )}
    </>
  );
}

function ModelsTable({ models }: { models: ModelSummary[] }) {
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
          {models.map(({ name, pipeline, owner, latest, aliases }) => {
            const score = latest && headlineOf(latest.metrics.test);
            return (
              <Table.Tr key={name} style={{ verticalAlign: "top" }}>
                <Table.Td>
                  <Anchor component={Link} href={`/models/${name}`} fw={500}>
                    {name}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {pipeline ? `by pipeline ${pipeline}` : latest ? "fitted elsewhere" : "declared, no version yet"}
                    {owner && `, owned by ${owner}`}
                  </Text>
                </Table.Td>
                <Table.Td>{latest ? `v${latest.version}` : "–"}</Table.Td>
                <Table.Td>
                  <Aliased environment="staging" version={aliases.staging} />
                </Table.Td>
                <Table.Td>
                  <Aliased environment="production" version={aliases.production} />
                </Table.Td>
                <Table.Td data-numeric>{score ? `${score.name} ${score.text}` : "–"}</Table.Td>
                <Table.Td>{latest && <StateBadge state={latest.verdict} />}</Table.Td>
                <Table.Td maw={420}>
                  <Text size="sm" component="div">
                    <Sentence text={latest?.sentence ?? "No version was made or registered yet."} />
                  </Text>
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{latest && <TimeAgo at={latest.createdAt} />}</Table.Td>
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
