"use client";

import { ActionIcon } from "@mantine/core";
import { IconTableDown } from "@tabler/icons-react";

/** A small button beside a title that saves what is shown as a file. @param of what is saved, for readers: `ROC curve` */
export function SaveCsvIcon({ of, onSave }: { of: string; onSave: () => void }) {
  return (
    <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`Save ${of} as CSV`} onClick={onSave}>
      <IconTableDown size={14} />
    </ActionIcon>
  );
}
