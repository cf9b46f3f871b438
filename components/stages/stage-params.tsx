import { Table, Text } from "@mantine/core";
import { CodeBlock } from "@/components/ui/code-block";
import { Section } from "@/components/ui/section";
import type { StageDetail } from "@/lib/contracts/stages";
import classes from "./stages.module.css";

/** Parameters with the operator's defaults; an SQL statement as code. */
export function StageParams({ stage }: { stage: StageDetail }) {
  const { statement, ...params } = stage.params;
  const rows = [
    ...Object.entries(params).map(([name, value]) => ({ name, value, isDefault: false })),
    ...Object.entries(stage.defaults).map(([name, value]) => ({ name, value, isDefault: true })),
  ];
  if (statement === undefined && rows.length === 0) return null;
  return (
    <Section id="parameters" title={typeof statement === "string" ? "Statement" : "Parameters"}>
      {typeof statement === "string" && <CodeBlock code={statement.trimEnd()} label="statement" />}
      {rows.length > 0 && (
        <Table verticalSpacing={4} w="auto" miw={280}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Parameter</Table.Th>
              <Table.Th>Value</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, value, isDefault }) => (
              <Table.Tr key={name}>
                <Table.Td className={classes.column}>{name}</Table.Td>
                <Table.Td>
                  {typeof value === "string" ? value : JSON.stringify(value)}
                  {isDefault && (
                    <Text span size="xs" c="dimmed">
                      {" "}
                      default
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}
