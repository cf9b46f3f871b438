import { Anchor, Table, Text } from "@mantine/core";
import Link from "next/link";
import type { Run } from "@/lib/contracts/runs";
import { StateBadge } from "@/components/ui/state-badge";
import { count, durationInWords } from "./figures";
import { ScrollingTable } from "./scrolling-table";

export function RunStages({ stages }: { stages: Run["stageList"] }) {
  return (
    <ScrollingTable label="Stages" minWidth={480}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Stage</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th data-numeric>Rows</Table.Th>
          <Table.Th data-numeric>Took</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {stages.map((stage) => (
          <Table.Tr key={stage.instance}>
            <Table.Td>
              <Anchor component={Link} href={`/stages/${stage.stage}`}>
                {stage.stage}
              </Anchor>
              <Text size="xs" c="dimmed">
                {stage.operator}
                {stage.kind === "estimator" && (stage.reused ? ", fitted before on the same rows" : ", fitted")}
              </Text>
            </Table.Td>
            <Table.Td>
              <StateBadge state={stage.state} />
            </Table.Td>
            <Table.Td data-numeric>{stage.rows === null ? "–" : count(stage.rows)}</Table.Td>
            <Table.Td data-numeric>{stage.seconds === null ? "–" : durationInWords(stage.seconds)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}
