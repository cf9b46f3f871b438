import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./sort-heading.module.css";

/** Head of a column that a table can be sorted by: a button, and the direction for those who see it and those who hear it. */
export function SortHeading({
  children,
  direction,
  numeric,
  pl,
  onSort,
}: {
  children: ReactNode;
  /** Null where the table is sorted by another column. */
  direction: "ascending" | "descending" | null;
  numeric?: boolean | undefined;
  pl?: "lg" | undefined;
  onSort(): void;
}) {
  return (
    <Table.Th data-numeric={numeric || undefined} pl={pl} aria-sort={direction ?? undefined}>
      <UnstyledButton className={classes.sort} onClick={onSort}>
        {children}
        {direction && (direction === "descending" ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />)}
      </UnstyledButton>
    </Table.Th>
  );
}
