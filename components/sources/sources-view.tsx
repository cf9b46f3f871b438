"use client";

import { Anchor, Button, Group, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { WideTable } from "@/components/ui/wide-table";
import { sourceQueries } from "@/lib/client/sources";
import type { SourceSummary } from "@/lib/contracts/sources";
import { TimeRange } from "./time-range";
import classes from "./sources.module.css";

export function SourcesView({ workspace }: { workspace: string }) {
  const [q, setQ] = useQueryState("q", parseAsString.withOptions({ throttleMs: 300 }));
  const [asked] = useDebouncedValue(q, 200);
  const query = sourceQueries.list({ workspace, limit: 1000, ...(asked && { q: asked }) });
  const { data, error, refetch } = useQuery(query);
  return (
    <>
      <Group mb="md" gap="sm">
        <TextInput
          aria-label="Find a source"
          placeholder="Name, column, owner, tag"
          leftSection={<IconSearch size={16} />}
          value={q ?? ""}
          onChange={(event) => void setQ(event.currentTarget.value || null)}
          w={{ base: "100%", xs: 280 }}
        />
        <Text size="sm" c="dimmed" role="status">
          {data && `${data.total} ${data.total === 1 ? "source" : "sources"}`}
        </Text>
      </Group>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {data && data.items.length > 0 && <SourcesTable sources={data.items} />}
      {data && data.items.length === 0 && (
        <EmptyState
          title={q ? "No source is like that" : "No source is declared yet"}
          action={
            q ? (
              <Button variant="default" onClick={() => void setQ(null)}>
                Show all sources
              </Button>
            ) : undefined
          }
        >
          {q ? (
            "Take away a word to see more."
          ) : (
            <>
              A source names a file with its columns. Declare one in a YAML file and run{" "}
              <code>npx tributary apply DIR</code>.
            </>
          )}
        </EmptyState>
      )}
    </>
  );
}

function SourcesTable({ sources }: { sources: SourceSummary[] }) {
  return (
    <WideTable label="Sources" minWidth={900}>
      <Table highlightOnHover verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Source</Table.Th>
            <Table.Th>Entity</Table.Th>
            <Table.Th>Format</Table.Th>
            <Table.Th data-numeric>Columns</Table.Th>
            <Table.Th data-numeric>Rows</Table.Th>
            <Table.Th pl="lg">Time</Table.Th>
            <Table.Th data-numeric>Versions</Table.Th>
            <Table.Th data-numeric>Readers</Table.Th>
            <Table.Th pl="lg">Owner</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sources.map((source) => (
            <Table.Tr key={source.name} className={classes.row}>
              <Table.Td className={classes.name}>
                <Anchor component={Link} href={`/sources/${source.name}`} fw={500}>
                  {source.name}
                </Anchor>
                <Text size="xs" c="dimmed" lineClamp={2}>
                  {source.description}
                </Text>
              </Table.Td>
              <Table.Td>{source.entity}</Table.Td>
              <Table.Td>{source.format}</Table.Td>
              <Table.Td data-numeric>{source.columns}</Table.Td>
              <Table.Td data-numeric>{source.latest ? source.latest.rows.toLocaleString("en-US") : "–"}</Table.Td>
              <Table.Td pl="lg">{source.latest ? <TimeRange {...source.latest} /> : "not read yet"}</Table.Td>
              <Table.Td data-numeric>{source.versions}</Table.Td>
              <Table.Td data-numeric>{source.readers.length}</Table.Td>
              <Table.Td pl="lg" style={{ whiteSpace: "nowrap" }}>
                {source.owner || "–"}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
