import { Table, VisuallyHidden } from "@mantine/core";

/** The head of a table's column that needs none to be seen: a reader hears what the column holds. */
export function HiddenHeading({ w, children }: { w?: number; children: string }) {
  return (
    <Table.Th w={w}>
      <VisuallyHidden>{children}</VisuallyHidden>
    </Table.Th>
  );
}

/** The same of a column of buttons. */
export function ActionsHeading() {
  return <HiddenHeading>Actions</HiddenHeading>;
}
