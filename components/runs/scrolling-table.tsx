import { Table } from "@mantine/core";
import type { ReactNode } from "react";

/** A table that scrolls inside itself where it does not fit, also by keyboard. */
export function ScrollingTable({
  label,
  minWidth,
  children,
}: {
  label: string;
  minWidth: number;
  children: ReactNode;
}) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": label } }}
    >
      <Table verticalSpacing={6}>{children}</Table>
    </Table.ScrollContainer>
  );
}
