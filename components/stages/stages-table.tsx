import { Anchor, Table, Text } from "@mantine/core";
import Link from "next/link";
import { WideTable } from "@/components/ui/wide-table";
import type { StageSummary } from "@/lib/contracts/stages";
import { ColumnLinks } from "./column-links";
import { OperatorName } from "./operator-name";
import classes from "./stages.module.css";

export function StagesTable({ stages }: { stages: StageSummary[] }) {
  return (
    <WideTable label="Stages" minWidth={1040}>
      <Table highlightOnHover verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Stage</Table.Th>
            <Table.Th>Operator</Table.Th>
            <Table.Th>Reads</Table.Th>
            <Table.Th>Writes</Table.Th>
            <Table.Th>Also written by</Table.Th>
            <Table.Th>Owner</Table.Th>
            <Table.Th data-numeric>Fits</Table.Th>
            <Table.Th data-numeric>Runs</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {stages.map((stage) => (
            <Table.Tr key={stage.name} className={classes.row}>
              <Table.Td className={classes.name}>
                <Anchor component={Link} href={`/stages/${stage.name}`} fw={500}>
                  {stage.name}
                </Anchor>
                <Text size="xs" c="dimmed" lineClamp={2}>
                  {stage.description}
                </Text>
              </Table.Td>
              <Table.Td>
                <OperatorName kind={stage.kind} operator={stage.operator} learns={stage.class} />
              </Table.Td>
              <Table.Td>
                <ColumnLinks columns={[...stage.inputs, ...stage.fitInputs]} />
              </Table.Td>
              <Table.Td>
                <ColumnLinks columns={stage.outputs.map((output) => output.column)} />
              </Table.Td>
              <Table.Td>
                {stage.alternatives.length === 0 ? (
                  <Text c="dimmed">–</Text>
                ) : (
                  stage.alternatives.map((name) => (
                    <div key={name}>
                      <Anchor component={Link} href={`/stages/${name}`} size="sm">
                        {name}
                      </Anchor>
                    </div>
                  ))
                )}
              </Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{stage.owner || "–"}</Table.Td>
              <Table.Td data-numeric>{stage.kind === "estimator" ? stage.fits : "–"}</Table.Td>
              <Table.Td data-numeric>{stage.runs}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
