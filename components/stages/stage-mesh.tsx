import { Table, Text } from "@mantine/core";
import { Section } from "@/components/ui/section";
import { WideTable } from "@/components/ui/wide-table";
import type { StageDetail } from "@/lib/contracts/stages";
import { ColumnLink } from "./column-links";
import { PartnerLinks } from "./partner-links";
import classes from "./stages.module.css";

/** What the stage reads, with who produces it. */
export function StageReads({ stage }: { stage: StageDetail }) {
  return (
    <Section id="reads" title="Reads">
      <WideTable label="Columns read" minWidth={480}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column</Table.Th>
              <Table.Th>Type</Table.Th>
              <Table.Th>Written by</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {stage.reads.map(({ column, role, type, producers }) => (
              <Table.Tr key={`${role}/${column}`} className={classes.row}>
                <Table.Td>
                  <ColumnLink column={column} />
                  {role === "fitInput" && (
                    <Text span size="xs" c="dimmed">
                      {" "}
                      only to fit
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{type ?? "–"}</Table.Td>
                <Table.Td>
                  <PartnerLinks partners={producers} none="no stage: this one cannot be planned" />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Section>
  );
}

/** What the stage writes, with who consumes it and who else writes it. */
export function StageWrites({ stage }: { stage: StageDetail }) {
  return (
    <Section id="writes" title="Writes">
      <WideTable label="Columns written" minWidth={560}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column</Table.Th>
              <Table.Th>Type</Table.Th>
              <Table.Th>Read by</Table.Th>
              <Table.Th>Also written by</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {stage.writes.map(({ column, type, consumers, alternatives }) => (
              <Table.Tr key={column} className={classes.row}>
                <Table.Td>
                  <ColumnLink column={column} />
                </Table.Td>
                <Table.Td>{type}</Table.Td>
                <Table.Td>
                  <PartnerLinks partners={consumers} none="nobody" />
                </Table.Td>
                <Table.Td>
                  <PartnerLinks partners={alternatives} none="–" />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Section>
  );
}
