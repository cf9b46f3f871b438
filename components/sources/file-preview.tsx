import { Table, Text } from "@mantine/core";
import type { Inspection } from "@/lib/contracts/inspection";
import { WideTable } from "@/components/ui/wide-table";
import classes from "./add-data.module.css";

/** The first rows of a file as its proposal reads them. */
export function FilePreview({ found: { columns, preview } }: { found: Inspection }) {
  if (preview.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        First rows
      </Text>
      <WideTable label="First rows" minWidth={Math.max(320, columns.length * 110)}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ name }) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {preview.map((row, at) => (
              <Table.Tr key={at}>
                {row.map((value, place) => (
                  <Table.Td key={columns[place]?.name} className={classes.cell} title={value ?? undefined}>
                    {value ?? "–"}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </div>
  );
}
