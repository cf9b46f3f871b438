import { Anchor, Table, Text } from "@mantine/core";
import Link from "next/link";
import type { Run } from "@/lib/contracts/runs";
import { WideTable } from "@/components/ui/wide-table";
import { StateBadge } from "@/components/ui/state-badge";
import { count, durationInWords } from "./figures";

export function RunStages({ stages }: { stages: Run["stageList"] }) {
  return (
    <WideTable label="Stages" minWidth={460}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Stage</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th data-numeric>Rows</Table.Th>
            <Table.Th data-numeric>Duration</Table.Th>
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
                  {stage.kind === "estimator" && <Fit stage={stage} />}
                </Text>
                {stage.reason !== null && (
                  <Text size="xs" c="dimmed" maw="60ch">
                    {stage.reason}
                  </Text>
                )}
              </Table.Td>
              <Table.Td miw={104}>
                <StateBadge state={stage.state} />
                {stage.state === "done" && (
                  <Text size="xs" c="dimmed">
                    {stage.reused ? "reused" : "computed"}
                  </Text>
                )}
              </Table.Td>
              <Table.Td data-numeric>{stage.rows === null ? "–" : count(stage.rows)}</Table.Td>
              <Table.Td data-numeric>{stage.seconds === null ? "–" : durationInWords(stage.seconds)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function Fit({ stage: { state, reused, saved } }: { stage: Run["stageList"][number] }) {
  if (!reused) return state === "done" ? ", fitted" : ", fits";
  if (saved === null) return ", fitted before on the same rows";
  return (
    <>
      , reused
      {saved.runId !== null && (
        <>
          {" "}
          from{" "}
          <Anchor component={Link} href={`/runs/${saved.runId}`} inherit underline="always">
            run #{saved.run}
          </Anchor>
        </>
      )}
      , saved {durationInWords(saved.seconds)}
    </>
  );
}
