import { Badge, Button, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconPinnedOff } from "@tabler/icons-react";
import type { SampleField } from "@/lib/contracts/dive";
import classes from "./dive.module.css";
import type { DiveColumn } from "./layout/dive-column";

/** One sampled row, all of it, beside the picture. */
export function DiveRecord({
  row,
  isPinned,
  columns,
  fields,
  spoken,
  onUnpin,
}: {
  row: number | null;
  isPinned: boolean;
  columns: readonly DiveColumn[];
  fields: readonly SampleField[];
  /** Whether a reader is told: a row that the keyboard went to. */
  spoken: boolean;
  onUnpin(): void;
}) {
  const withheld = fields.filter((field) => field.withheld);
  return (
    <section className={classes.record} aria-label="Record">
      <Group justify="space-between" mb={4} mih={28}>
        <Text size="sm" fw={600} component="div">
          Record{" "}
          {isPinned && (
            <Badge size="xs" variant="light">
              pinned
            </Badge>
          )}
        </Text>
        {isPinned && (
          <Button size="compact-xs" variant="subtle" leftSection={<IconPinnedOff size={12} />} onClick={onUnpin}>
            Unpin
          </Button>
        )}
      </Group>
      {row === null ? (
        <Text size="sm" c="dimmed">
          Hover a dot to see its record; click to pin it. With the keyboard: focus the plot and press Shift with an
          arrow key, then Enter.
        </Text>
      ) : (
        <Table withRowBorders verticalSpacing={3} horizontalSpacing={0} fz="sm" layout="fixed">
          <caption>
            <VisuallyHidden>Values of the row</VisuallyHidden>
          </caption>
          <Table.Tbody>
            {columns.map((column) => (
              <Table.Tr key={column.name}>
                <Table.Th scope="row" fw={400} c="dimmed" className={classes.field}>
                  {column.name}
                </Table.Th>
                <Table.Td className={classes.value}>
                  <Value column={column} row={row} />
                </Table.Td>
              </Table.Tr>
            ))}
            {withheld.map((field) => (
              <Table.Tr key={field.name}>
                <Table.Th scope="row" fw={400} c="dimmed" className={classes.field}>
                  {field.name}
                </Table.Th>
                <Table.Td c="dimmed">withheld: personal data</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <VisuallyHidden role="status">
        {spoken &&
          row !== null &&
          columns.map((column) => `${column.name} ${column.textAt(row) ?? "missing"}`).join(", ")}
      </VisuallyHidden>
    </section>
  );
}

/** One cell in words; what is missing or empty says so. */
export function Value({ column, row, withUnit = true }: { column: DiveColumn; row: number; withUnit?: boolean }) {
  const text = column.textAt(row);
  if (text === null)
    return (
      <Text span inherit c="dimmed" fs="italic">
        missing
      </Text>
    );
  if (text === "")
    return (
      <Text span inherit c="dimmed" fs="italic">
        empty
      </Text>
    );
  const number = column.kind === "number" && Math.abs(Number(text)) < 2 ** 53 ? Number(text) : null;
  const shown =
    number !== null && Number.isFinite(number) && !Number.isInteger(number) ? Number(number.toPrecision(8)) : text;
  return (
    <>
      {shown}
      {withUnit && column.unit && (
        <Text span inherit c="dimmed">
          {" "}
          {column.unit}
        </Text>
      )}
    </>
  );
}
