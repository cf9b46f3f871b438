import { Button, Group } from "@mantine/core";
import { IconDownload, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./filter-bar.module.css";

/** Filters of a list that can be cleared at once, beside a download of what they leave. */
export function FilterBar({
  label,
  clear,
  download,
  children,
}: {
  label: string;
  /** Null while no filter is set. */
  clear: (() => void) | null;
  /** None for a list that is no file. */
  download?: { format: string; href: string };
  children: ReactNode;
}) {
  return (
    <div className={classes.filters} role="search" aria-label={label}>
      {children}
      <Group gap="sm">
        {clear && (
          <Button size="xs" variant="subtle" leftSection={<IconX size={14} />} onClick={clear}>
            Clear
          </Button>
        )}
        {download && (
          <Button
            component="a"
            size="xs"
            variant="default"
            href={download.href}
            download
            leftSection={<IconDownload size={14} />}
          >
            {download.format}
          </Button>
        )}
      </Group>
    </div>
  );
}
