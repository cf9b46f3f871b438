"use client";

import { Table } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./scroll-edges.module.css";

/**
 * Holds a table that may be wider than the screen: it scrolls inside a group that the keyboard reaches and a reader hears named.
 * Not a region: a table is no landmark of a page, and often has the name of the section that it is in.
 */
export function WideTable({ label, minWidth, children }: { label: string; minWidth: number; children: ReactNode }) {
  return (
    // What is placed absolutely in it (hidden labels) belongs to it, and must not make the page wider.
    <Table.ScrollContainer
      minWidth={minWidth}
      type="native"
      className={classes.edges}
      role="group"
      aria-label={label}
      tabIndex={0}
      pos="relative"
    >
      {children}
    </Table.ScrollContainer>
  );
}
