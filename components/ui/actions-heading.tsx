import { Table, VisuallyHidden } from "@mantine/core";

/** The head of a table's column of buttons: nothing is seen, and a reader hears what the column holds. */
export function ActionsHeading() {
  return (
    <Table.Th>
      <VisuallyHidden>Actions</VisuallyHidden>
    </Table.Th>
  );
}
