"use client";

import { Anchor, Button, Group, SegmentedControl, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { TimeRange } from "@/components/sources/time-range";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SearchBox } from "@/components/ui/search-box";
import { SortHeading } from "@/components/ui/sort-heading";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { datasetQueries } from "@/lib/client/datasets";
import { DATASET_KINDS, type DatasetSummary } from "@/lib/contracts/datasets";
import { DatasetKindBadge, kindName } from "./dataset-kind";
import classes from "./datasets.module.css";
import { QuarantineMark } from "./quarantine-mark";
import { type DatasetSort, nextSort, parseSort, sortDatasets } from "./sort-datasets";

const PARSERS = {
  q: parseAsString.withDefault(""),
  kind: parseAsStringLiteral(DATASET_KINDS),
  /** `rows`, or `-rows` for the greatest first; as it comes when empty. */
  sort: parseAsString.withDefault(""),
};

const COLUMNS: { by: DatasetSort; label: string; numeric?: boolean; pl?: "lg" }[] = [
  { by: "name", label: "Dataset" },
  { by: "kind", label: "Kind" },
  { by: "entity", label: "Entity" },
  { by: "columns", label: "Columns", numeric: true },
  { by: "rows", label: "Rows", numeric: true },
  { by: "newest", label: "Newest", numeric: true },
  { by: "time", label: "Time", pl: "lg" },
  { by: "since", label: "Since" },
  { by: "readers", label: "Readers", numeric: true },
  { by: "owner", label: "Owner", pl: "lg" },
];

/** Sources and outputs with what they hold now. */
export function DatasetsView({ workspace }: { workspace: string }) {
  const [{ q, kind, sort }, set] = useQueryStates(PARSERS);
  const [asked] = useDebouncedValue(q, 200);
  const { data, error, refetch } = useQuery(
    datasetQueries.list({ workspace, limit: 1000, ...(asked && { q: asked }), ...(kind && { kind }) }),
  );
  const isFiltered = q !== "" || kind !== null;
  return (
    <>
      <Group mb="md" gap="sm" role="search" aria-label="Datasets">
        <SearchBox
          label="Find a dataset"
          placeholder="Name, entity, owner, tag"
          value={q}
          onChange={(words) => void set({ q: words }, { throttleMs: 300 })}
        />
        <SegmentedControl
          size="xs"
          aria-label="Kind"
          value={kind ?? "all"}
          onChange={(value) =>
            void set({ kind: DATASET_KINDS.find((one) => one === value) ?? null }, { history: "push" })
          }
          data={[{ value: "all", label: "all" }, ...DATASET_KINDS.map((value) => ({ value, label: kindName(value) }))]}
        />
        <Text size="sm" c="dimmed" role="status">
          {data && `${data.total} of ${data.all}`}
        </Text>
      </Group>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {data && data.items.length > 0 && (
        <DatasetsTable
          datasets={data.items}
          sort={sort}
          onSort={(next) => void set({ sort: next }, { history: "push" })}
        />
      )}
      {data && data.items.length === 0 && (
        <EmptyState
          title={isFiltered ? "No dataset matches" : "No datasets yet"}
          action={
            isFiltered ? (
              <Button variant="default" onClick={() => void set({ q: null, kind: null }, { history: "push" })}>
                Show all datasets
              </Button>
            ) : undefined
          }
        >
          {isFiltered ? (
            "Remove a word or the kind to see more."
          ) : (
            <>
              A source names a file with its columns.{" "}
              <Anchor component={Link} href="/sources/add" inherit underline="always">
                Add data
              </Anchor>{" "}
              here, or declare it in a YAML file and run <code>npx tributary apply DIR</code>.
            </>
          )}
        </EmptyState>
      )}
    </>
  );
}

function DatasetsTable({
  datasets,
  sort,
  onSort,
}: {
  datasets: DatasetSummary[];
  sort: string;
  onSort(sort: string): void;
}) {
  const sorted = parseSort(sort);
  return (
    <WideTable label="Datasets" minWidth={980}>
      <Table highlightOnHover verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {COLUMNS.map(({ by, label, ...look }) => (
              <SortHeading
                key={by}
                {...look}
                direction={sorted?.by === by ? sorted.direction : null}
                onSort={() => onSort(nextSort(sort, by))}
              >
                {label}
              </SortHeading>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sortDatasets(datasets, sort).map(
            ({ name, kind, entity, format, description, owner, columns, readers, latest }) => (
              <Table.Tr key={name} className={classes.row}>
                <Table.Td className={classes.name}>
                  <Anchor component={Link} href={`/datasets/${encodeURIComponent(name)}`} fw={500}>
                    {name}
                  </Anchor>
                  <Text size="xs" c="dimmed" lineClamp={2}>
                    {description}
                  </Text>
                </Table.Td>
                <Table.Td title={format}>
                  <DatasetKindBadge kind={kind} />
                </Table.Td>
                <Table.Td>{entity}</Table.Td>
                <Table.Td data-numeric>{columns || "–"}</Table.Td>
                <Table.Td data-numeric>{latest ? latest.rows.toLocaleString("en-US") : "–"}</Table.Td>
                <Table.Td data-numeric>
                  {latest ? `v${latest.version}` : "–"}
                  {latest?.quarantinedAt && (
                    <div>
                      <QuarantineMark since={latest.quarantinedAt} />
                    </div>
                  )}
                </Table.Td>
                <Table.Td pl="lg">{latest ? <TimeRange {...latest} /> : "not read yet"}</Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{latest ? <TimeAgo at={latest.createdAt} /> : "–"}</Table.Td>
                <Table.Td data-numeric title={readers.join(", ")}>
                  {kind === "source" || readers.length > 0 ? readers.length : "–"}
                </Table.Td>
                <Table.Td pl="lg" style={{ whiteSpace: "nowrap" }}>
                  {owner || "–"}
                </Table.Td>
              </Table.Tr>
            ),
          )}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
