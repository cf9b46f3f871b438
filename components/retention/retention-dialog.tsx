"use client";

import { NumberInput, Radio, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { retentionMutations } from "@/lib/client/retention";
import { MOST_DAYS } from "@/lib/domain/datasets/retention";

const USUAL_DAYS = 90;
type Choice = "days" | "forever" | "none";

/** Sets for how long bytes are kept. */
export function RetentionDialog({
  workspace,
  days,
  onClose,
}: {
  workspace: string;
  days: number | null;
  onClose(): void;
}) {
  const [choice, setChoice] = useState<Choice>(days === null ? "forever" : days === 0 ? "none" : "days");
  const [number, setNumber] = useState<number | string>(days || USUAL_DAYS);
  const set = useMutation(retentionMutations.set(useQueryClient(), workspace));
  const asked = { days: typeof number === "number" ? number : null, forever: null, none: 0 }[choice];
  return (
    <FormDialog
      title="Set retention"
      submit="Set"
      pending={set.isPending}
      disabled={choice === "days" && typeof number !== "number"}
      error={set.error}
      errorTitle="Could not set the retention"
      onSubmit={() => set.mutate(asked, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Radio.Group label="Bytes of a version" value={choice} onChange={(value) => setChoice(value as Choice)}>
        <Stack gap="xs" mt="xs">
          <Radio value="days" label="are kept for some days after a newer version" />
          <Radio value="forever" label="are kept for ever" />
          <Radio value="none" label="are not kept from now on" />
        </Stack>
      </Radio.Group>
      {choice === "days" && (
        <NumberInput label="Days" min={1} max={MOST_DAYS} allowDecimal={false} value={number} onChange={setNumber} />
      )}
      <Text size="sm" c="dimmed">
        Shorter: what has been replaced for longer is removed within an hour, and runs that read it can no longer be
        reproduced. Pinned versions stay.
      </Text>
    </FormDialog>
  );
}
