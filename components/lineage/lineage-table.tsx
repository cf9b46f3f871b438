"use client";

import { Anchor, Button, Group, Table, Text, Title, UnstyledButton } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import Link from "next/link";
import { csvLine } from "@/lib/domain/csv";
import { WideTable } from "@/components/ui/wide-table";
import { StateBadge } from "@/components/ui/state-badge";
import type { Graph } from "./graph";
import { KINDS } from "./node-kinds";
import { saveFile } from "./save-file";

/** The graph as a table: every node with what it reads and what reads it. */
export function LineageTable({
  graph,
  selected,
  select,
  fileName,
}: {
  graph: Graph;
  selected: string | null;
  select(id: string): void;
  fileName: string;
}) {
  const nodes = [...graph.nodes.values()].sort(
    (one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1),
  );
  const bare = (id: string) => id.slice(id.indexOf(":") + 1);
  const readsOf = (id: string) => graph.edges.filter((edge) => edge.to === id).map((edge) => bare(edge.from));
  const readBy = (id: string) => graph.edges.filter((edge) => edge.from === id).map((edge) => bare(edge.to));
  const export_ = () =>
    saveFile(
      `${fileName}.csv`,
      new Blob(
        [
          csvLine(["kind", "name", "steps", "owner", "environments", "drift", "leak", "reads", "read by", "not shown"]),
          ...nodes.map((node) => {
            const hidden = graph.hidden.get(node.id);
            return csvLine([
              node.kind,
              node.name,
              node.distance,
              node.owner,
              node.environments.join(" "),
              node.drift,
              node.leak,
              readsOf(node.id).join(" "),
              readBy(node.id).join(" "),
              (hidden?.up ?? 0) + (hidden?.down ?? 0),
            ]);
          }),
        ],
        { type: "text/csv" },
      ),
    );
  return (
    <section>
      <Group justify="space-between" mt="lg" mb="xs">
        <Title order={2}>The same as a table</Title>
        <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={export_}>
          CSV
        </Button>
      </Group>
      <WideTable label="Lineage as a table" minWidth={820}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {["Node", "Kind", "Steps", "Owner", "State", "Reads", "Read by"].map((column) => (
                <Table.Th key={column} data-numeric={column === "Steps" || undefined}>
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {nodes.map((node) => {
              const href = KINDS[node.kind].href?.(node.name);
              const hidden = graph.hidden.get(node.id) ?? { up: 0, down: 0 };
              return (
                <Table.Tr key={node.id} bg={node.id === selected ? "var(--mantine-color-default-hover)" : undefined}>
                  <Table.Td>
                    {href ? (
                      <Anchor component={Link} href={href} fz="inherit">
                        {node.name}
                      </Anchor>
                    ) : (
                      node.name
                    )}{" "}
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
                  <Table.Td data-numeric>{node.distance}</Table.Td>
                  <Table.Td>{node.owner}</Table.Td>
                  <Table.Td>
                    <Group gap={4}>
                      {node.leak && <StateBadge state={node.leak} />}
                      {node.drift && node.drift !== "fine" && <StateBadge state={node.drift} />}
                    </Group>
                  </Table.Td>
                  <Table.Td>
                    <Names names={readsOf(node.id)} hidden={hidden.up} />
                  </Table.Td>
                  <Table.Td>
                    <Names names={readBy(node.id)} hidden={hidden.down} />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </WideTable>
    </section>
  );
}

function Names({ names, hidden }: { names: string[]; hidden: number }) {
  return (
    <Text size="xs" maw={260} style={{ overflowWrap: "anywhere" }}>
      {names.join(", ")}
      {hidden > 0 && `${names.length > 0 ? " and " : ""}${hidden} not shown`}
    </Text>
  );
}
