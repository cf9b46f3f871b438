import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./panel.module.css";

/** A framed part of a page that stands beside others, under its heading. */
export function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.panel}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {children}
    </div>
  );
}
