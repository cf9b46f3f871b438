"use client";

import { Anchor, Group, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { Sentence } from "@/components/ui/sentence";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SearchBox } from "@/components/ui/search-box";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { definitionQueries } from "@/lib/client/definitions";
import { DECLARED_PATHS, type DeclaredSummary } from "@/lib/contracts/definitions";
import { LISTED_PATHS, type ListedPath, LISTS } from "./declared-kinds";
import classes from "./definitions.module.css";

/** The declared objects of a kind, each in a sentence, beside the ways to the lists of the other kinds. */
export function DeclaredListView({ workspace, path }: { workspace: string; path: ListedPath }) {
  const [q, setQ] = useQueryState("q", parseAsString.withDefault(""));
  const [asked] = useDebouncedValue(q, 200);
  const { data, error, refetch } = useQuery(definitionQueries.list(workspace, path, asked));
  const { title } = LISTS[path];
  return (
    <>
      <nav aria-label="Kinds of definitions" className={classes.kinds}>
        {LISTED_PATHS.map((other) => (
          <Anchor
            key={other}
            component={Link}
            href={`/${other}`}
            size="sm"
            aria-current={other === path ? "page" : undefined}
          >
            {LISTS[other].title}
          </Anchor>
        ))}
      </nav>
      <Group mb="md" gap="sm" role="search" aria-label={title}>
        <SearchBox
          label={`Find ${title.toLowerCase()}`}
          placeholder="Name, description, owner, tag"
          value={q}
          onChange={(words) => void setQ(words, { throttleMs: 300 })}
        />
        <Text size="sm" c="dimmed" role="status">
          {data && (data.items.length < data.total ? `${data.items.length} of ${data.total}` : data.total)}
        </Text>
      </Group>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {data && data.items.length > 0 && <DeclaredTable title={title} path={path} objects={data.items} />}
      {data && data.items.length === 0 && (
        <EmptyState title={asked ? `No match for “${asked}”` : `No ${title.toLowerCase()} yet`}>
          {asked ? (
            "Try fewer letters."
          ) : (
            <>
              <Anchor component={Link} href={`/specs?start=${LISTS[path].start}`}>
                Declare one
              </Anchor>{" "}
              here, or in a YAML file (<code>kind: {DECLARED_PATHS[path]}</code>) for{" "}
              <code>npx tributary apply DIR</code>.
            </>
          )}
        </EmptyState>
      )}
    </>
  );
}

function DeclaredTable({ title, path, objects }: { title: string; path: ListedPath; objects: DeclaredSummary[] }) {
  return (
    <WideTable label={title} minWidth={860}>
      <Table highlightOnHover verticalSpacing={6} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Definition</Table.Th>
            <Table.Th data-numeric>Used by</Table.Th>
            <Table.Th>Owner</Table.Th>
            <Table.Th data-numeric>Version</Table.Th>
            <Table.Th>Changed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {objects.map((object) => (
            <Table.Tr key={object.name} className={classes.row}>
              <Table.Td maw={320}>
                <Anchor component={Link} href={`/${path}/${encodeURIComponent(object.name)}`} fw={500}>
                  {object.name}
                </Anchor>
                <Text size="xs" c="dimmed" lineClamp={2}>
                  {object.description}
                </Text>
              </Table.Td>
              <Table.Td maw={420}>
                <Sentence text={object.sentence} />
              </Table.Td>
              <Table.Td data-numeric>{object.readers}</Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{object.owner || "–"}</Table.Td>
              <Table.Td data-numeric>{object.version}</Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                <TimeAgo at={object.changedAt} /> by {object.changedBy}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
