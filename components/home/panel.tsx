import { Badge, Group, Paper, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./home.module.css";

/** One of the boxes at the top of the home page, with how many things are in it. */
export function Panel({ title, count, children }: { title: string; count?: number; children: ReactNode }) {
  const id = useId();
  return (
    <Paper component="section" withBorder aria-labelledby={id} className={classes.panel}>
      <Group gap={8} className={classes.panelHead}>
        <Title order={2} id={id}>
          {title}
        </Title>
        {count !== undefined && count > 0 && (
          <Badge variant="light" size="sm">
            {count}
          </Badge>
        )}
      </Group>
      {children}
    </Paper>
  );
}

/** What a panel says when there is nothing in it. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className={classes.nothing}>{children}</p>;
}
