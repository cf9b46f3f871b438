import { Table, Text } from "@mantine/core";
import { WideTable } from "@/components/ui/wide-table";
import { Value } from "./dive-record";
import type { DiveColumn } from "./layout/dive-column";

const SHOWN = 200;

/** The first sampled rows as a table: what the picture shows, for those who do not see it. */
export function DiveTable({ columns, length }: { columns: readonly DiveColumn[]; length: number }) {
  const rows = Array.from({ length: Math.min(SHOWN, length) }, (_, row) => row);
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        The first {rows.length.toLocaleString("en")} of {length.toLocaleString("en")} sampled rows, in the order of the
        data. The CSV has all of them.
      </Text>
      <WideTable label="Sampled rows" minWidth={110 * columns.length}>
        <Table fz="sm" verticalSpacing={4} horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column.name} scope="col" data-numeric={column.kind === "number" || undefined}>
                  {column.name}
                  {column.unit && (
                    <Text span inherit fw={400} c="dimmed">
                      {" "}
                      ({column.unit})
                    </Text>
                  )}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row}>
                {columns.map((column) => (
                  <Table.Td key={column.name} data-numeric={column.kind === "number" || undefined}>
                    <Value column={column} row={row} withUnit={false} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}
