import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./section.module.css";

/** A part of a page, named by its heading, which may have a note; `id` is the heading's, unique on the page. */
export function Section({
  id,
  title,
  note,
  children,
}: {
  id: string;
  title: string;
  note?: string;
  children: ReactNode;
}) {
  return (
    <section className={classes.section} aria-labelledby={id}>
      <Title order={2} id={id}>
        {title}
        {note && (
          <>
            {" "}
            <Text span size="sm" c="dimmed">
              {note}
            </Text>
          </>
        )}
      </Title>
      {children}
    </section>
  );
}
