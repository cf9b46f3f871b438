"use client";

import { Anchor, Table, Text } from "@mantine/core";
import { WideTable } from "@/components/ui/wide-table";
import type { LineageEdge } from "@/lib/contracts/lineage";
import type { LineageDifference } from "@/lib/contracts/lineage-history";
import { bareName } from "./graph/graph";
import { roleWords } from "./role-words";
import { StateLine } from "./state-line";

const time = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;

/** What two moments differ in, flow by flow. */
export function ChangeList({
  difference,
  isAsked,
  show,
}: {
  difference: LineageDifference | undefined;
  isAsked: boolean;
  show(id: string): void;
}) {
  if (!isAsked)
    return <StateLine>Choose a time to compare with under Time to see what was added and removed.</StateLine>;
  if (!difference) return <StateLine>Comparing …</StateLine>;
  const { counts } = difference;
  const rows: { sign: string; word: string; edge: LineageEdge }[] = [
    ...difference.added.map((edge) => ({ sign: "+", word: "added", edge })),
    ...difference.removed.map((edge) => ({ sign: "−", word: "removed", edge })),
  ];
  const end = (id: string) => (
    <Anchor component="button" type="button" fz="sm" onClick={() => show(id)}>
      {bareName(id)}
    </Anchor>
  );
  return (
    <>
      <StateLine>
        From {time(difference.against)} to {time(difference.asOf)}: {counts.addedNodes} nodes and {counts.addedEdges}{" "}
        flows added, {counts.removedNodes} nodes and {counts.removedEdges} flows removed
        {difference.truncated && `; the first ${rows.length} flows are listed`}.
      </StateLine>
      {rows.length > 0 && (
        <WideTable label="Changes" minWidth={560}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Change</Table.Th>
                <Table.Th>From</Table.Th>
                <Table.Th>Flow</Table.Th>
                <Table.Th>To</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ sign, word, edge }) => (
                <Table.Tr key={`${sign} ${edge.from} ${edge.to} ${edge.role}`}>
                  <Table.Td>
                    <Text span size="sm" c={sign === "+" ? "var(--tr-serving)" : "var(--tr-critical)"}>
                      {sign} {word}
                    </Text>
                  </Table.Td>
                  <Table.Td>{end(edge.from)}</Table.Td>
                  <Table.Td>{roleWords(edge)}</Table.Td>
                  <Table.Td>{end(edge.to)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </>
  );
}
