"use client";

import { Button, Group, Table, Text, UnstyledButton } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { csvLine } from "@/lib/domain/csv";
import { SortHeading } from "@/components/ui/sort-heading";
import { StateBadge } from "@/components/ui/state-badge";
import { WideTable } from "@/components/ui/wide-table";
import { adjacencyOf } from "./graph/adjacency";
import { bareName, type Graph, type GraphNode } from "./graph/graph";
import type { Mark } from "./graph/marks";
import { parseSort, sortNodes, type SortKey } from "./graph/sort-nodes";
import { letterOf } from "./ink";
import classes from "./lineage.module.css";
import { NodeName } from "./node-name";
import { KINDS } from "./node-kinds";
import { saveCsv } from "@/components/ui/save-file";

const PER_PAGE = 100;

const COLUMNS: { key: SortKey; label: string; numeric?: boolean }[] = [
  { key: "name", label: "Node" },
  { key: "kind", label: "Kind" },
  { key: "steps", label: "Steps", numeric: true },
  { key: "owner", label: "Owner" },
];
const SIDES: { key: SortKey; label: string }[] = [
  { key: "upstream", label: "Reads" },
  { key: "downstream", label: "Read by" },
];

/** The graph as a table: every node with what it reads and what reads it. */
export function NodeTable({
  graph,
  marks,
  selected,
  sort,
  setSort,
  select,
  isOverview,
  fileName,
}: {
  graph: Graph;
  marks: ReadonlyMap<string, Mark>;
  selected: string | null;
  sort: string;
  setSort(sort: string): void;
  select(id: string): void;
  /** Rolled up: groups have contents instead of a distance, an owner and a state. */
  isOverview: boolean;
  fileName: string;
}) {
  const [shown, setShown] = useState(PER_PAGE);
  const nodes = useMemo(() => sortNodes(graph.nodes.values(), sort), [graph, sort]);
  const { up, down } = useMemo(() => adjacencyOf(graph.edges), [graph]);
  const names = (ids: readonly string[] = []) => ids.map((id) => graph.nodes.get(id)?.name ?? bareName(id));
  const heading = ({ key, label, numeric }: (typeof COLUMNS)[number]) => {
    const by = parseSort(sort);
    const isBy = by.key === key;
    return (
      <SortHeading
        key={key}
        numeric={numeric}
        direction={isBy ? (by.descending ? "descending" : "ascending") : null}
        onSort={() => setSort(isBy && !by.descending ? `-${key}` : key)}
      >
        {label}
      </SortHeading>
    );
  };
  const download = () => {
    const lines = nodes.map((node) => csvLine(rowOf(node, marks.get(node.id), graph, names(up.get(node.id)), names(down.get(node.id))))); // prettier-ignore
    saveCsv(fileName, csvLine(HEAD), ...lines);
  };
  return (
    <>
      <WideTable label="Lineage as a table" minWidth={isOverview ? 680 : 860}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {COLUMNS.filter(({ key }) => !isOverview || key === "name" || key === "kind").map(heading)}
              <Table.Th>{isOverview ? "Contents" : "State"}</Table.Th>
              {SIDES.map(heading)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {nodes.slice(0, shown).map((node) => {
              const hidden = graph.hidden.get(node.id) ?? { up: 0, down: 0 };
              return (
                <Table.Tr key={node.id} data-selected={node.id === selected || undefined} className={classes.row}>
                  <Table.Td>
                    <NodeName node={node} />{" "}
                    <UnstyledButton
                      fz="xs"
                      td="underline"
                      c="dimmed"
                      aria-label={`Trace ${node.name}`}
                      onClick={() => select(node.id)}
                    >
                      trace
                    </UnstyledButton>
                  </Table.Td>
                  <Table.Td>{KINDS[node.kind].label}</Table.Td>
                  {isOverview ? (
                    <Table.Td>{node.detail || "itself"}</Table.Td>
                  ) : (
                    <>
                      <Table.Td data-numeric>{node.distance}</Table.Td>
                      <Table.Td>{node.owner}</Table.Td>
                      <Table.Td>
                        <States node={node} mark={marks.get(node.id)} />
                      </Table.Td>
                    </>
                  )}
                  <Table.Td>
                    <Names names={names(up.get(node.id))} hidden={hidden.up} />
                  </Table.Td>
                  <Table.Td>
                    <Names names={names(down.get(node.id))} hidden={hidden.down} />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Group mt="sm" gap="md">
        <Text size="sm" c="dimmed">
          {Math.min(shown, nodes.length)} of {nodes.length}
        </Text>
        {shown < nodes.length && (
          <Button size="xs" variant="default" onClick={() => setShown(shown + PER_PAGE)}>
            Show more
          </Button>
        )}
        <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={download}>
          CSV of all {nodes.length}
        </Button>
      </Group>
    </>
  );
}

const HEAD = ["kind", "name", "steps", "owner", "entity", "environments", "drift", "leak", "change", "variants", "nodes", "reads", "read by", "not shown"]; // prettier-ignore

function rowOf(node: GraphNode, mark: Mark | undefined, graph: Graph, reads: string[], readBy: string[]) {
  const hidden = graph.hidden.get(node.id) ?? { up: 0, down: 0 };
  return [
    node.kind,
    node.name,
    node.distance,
    node.owner,
    node.entity,
    node.environments.join(" "),
    node.drift,
    mark?.leaks ? "leak" : node.leak,
    mark?.change ?? null,
    mark?.variants?.map(letterOf).join(" ") ?? null,
    node.size,
    reads.join(" "),
    readBy.join(" "),
    hidden.up + hidden.down,
  ];
}

function States({ node, mark }: { node: GraphNode; mark: Mark | undefined }) {
  return (
    <Group gap={4}>
      {node.size > 1 && <Text size="xs">{node.size} nodes</Text>}
      {mark?.change && <Text size="xs">{mark.change === "added" ? "+ added" : "− removed"}</Text>}
      {mark?.variants && <Text size="xs">variant {mark.variants.map(letterOf).join(", ")}</Text>}
      {(node.leak ?? (mark?.leaks ? "leak" : null)) && <StateBadge state={mark?.leaks ? "leak" : (node.leak ?? "")} />}
      {node.drift && node.drift !== "fine" && <StateBadge state={node.drift} />}
      {node.retired && <Text size="xs">retired</Text>}
    </Group>
  );
}

const MOST_NAMES = 8;

function Names({ names, hidden }: { names: string[]; hidden: number }) {
  const rest = Math.max(0, names.length - MOST_NAMES);
  return (
    <Text size="xs" maw={260} style={{ overflowWrap: "anywhere" }} title={rest > 0 ? names.join(", ") : undefined}>
      {names.slice(0, MOST_NAMES).join(", ")}
      {rest > 0 && ` and ${rest} more`}
      {hidden > 0 && `${names.length > 0 ? "; " : ""}${hidden} not shown`}
    </Text>
  );
}
