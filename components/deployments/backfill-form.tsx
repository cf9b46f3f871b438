"use client";

import { Group, NumberInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { issueOf } from "@/components/ui/issues";
import { deploymentMutations } from "@/lib/client/deployments";
import { countChunks } from "@/lib/domain/chunk-range";

/** Asks for a range of days to compute, chunk by chunk. */
export function BackfillForm({
  workspace,
  deployment,
  onClose,
}: {
  workspace: string;
  deployment: string;
  onClose(): void;
}) {
  const create = useMutation(deploymentMutations.backfill(useQueryClient(), workspace, deployment));
  const [kind, setKind] = useState<"predict_staging" | "predict_production">("predict_staging");
  const [range, setRange] = useState({ from: "", to: "" });
  const [chunkDays, setChunkDays] = useState<number | string>(7);
  const chunks = countChunks([Date.parse(range.from), Date.parse(range.to)], Number(chunkDays));
  const isBackwards = range.from !== "" && range.to !== "" && Date.parse(range.from) >= Date.parse(range.to);
  const submit = () => {
    create.mutate({ kind, ...range, chunkDays: Number(chunkDays) }, { onSuccess: onClose });
  };
  const day = (name: "from" | "to", label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      placeholder="2001-06-01"
      required
      value={range[name]}
      error={
        issueOf(create.error, name) ?? (name === "to" && isBackwards ? "It must be after the first day." : undefined)
      }
      onChange={(event) => setRange({ ...range, [name]: event.currentTarget.value.trim() })}
    />
  );
  return (
    <FormDialog
      title="Start a back-fill"
      submit="Start the back-fill"
      pending={create.isPending}
      disabled={range.from === "" || range.to === "" || isBackwards}
      error={create.error}
      errorTitle="Could not start"
      onSubmit={submit}
      onClose={onClose}
    >
      <Stack gap={4}>
        <Text size="sm" fw={500} id="backfill-job">
          Job
        </Text>
        <SegmentedControl
          aria-labelledby="backfill-job"
          value={kind}
          onChange={(value) => setKind(value as typeof kind)}
          data={[
            { value: "predict_staging", label: "Predict (staging)" },
            { value: "predict_production", label: "Predict (production)" },
          ]}
        />
      </Stack>
      <Group grow align="flex-start">
        {day("from", "From", "First day, in UTC")}
        {day("to", "To", "First day after it")}
      </Group>
      <NumberInput
        label="Days in a chunk"
        description="One run computes one chunk. Completed chunks are kept even if others fail."
        min={1}
        max={3660}
        allowDecimal={false}
        value={chunkDays}
        error={issueOf(create.error, "chunkDays")}
        onChange={setChunkDays}
      />
      {Number.isFinite(chunks) && chunks > 0 && (
        <Text size="sm" role="status">
          {chunks === 1 ? "One chunk, so one run." : `${chunks} chunks, one run after the other.`}
        </Text>
      )}
    </FormDialog>
  );
}
