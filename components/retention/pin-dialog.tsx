"use client";

import { Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { retentionMutations } from "@/lib/client/retention";
import type { KeptVersion } from "@/lib/contracts/retention";

/** Asks why a version is to be kept, and keeps it. */
export function PinDialog({
  workspace,
  version: { dataset, version },
  onClose,
}: {
  workspace: string;
  version: KeptVersion;
  onClose(): void;
}) {
  const [reason, setReason] = useState("");
  const pin = useMutation(retentionMutations.pin(useQueryClient()));
  return (
    <FormDialog
      title={`Pin ${dataset} v${version}`}
      submit="Pin"
      pending={pin.isPending}
      disabled={reason.trim() === ""}
      error={pin.error}
      errorTitle="Could not pin"
      onSubmit={() => pin.mutate({ workspace, dataset, version, reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Text size="sm">Its bytes are kept until somebody unpins it, whatever the retention is.</Text>
      <TextInput
        label="Reason"
        placeholder="Quoted in the audit of 2026"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
    </FormDialog>
  );
}
