"use client";

import { Button, Checkbox, Select, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { runMutations } from "@/lib/client/runs";
import { Sentence } from "@/components/ui/sentence";

/** A button that asks for a pipeline and leads to its new run. */
export function StartRun({
  workspace,
  pipelines,
}: {
  workspace: string;
  pipelines: { name: string; description: string; outputs: string[]; search: string | null }[];
}) {
  const router = useRouter();
  const [opened, { open, close }] = useDisclosure(false);
  const [name, setName] = useState<string | null>(pipelines[0]?.name ?? null);
  const [searching, setSearching] = useState(true);
  const [asOf, setAsOf] = useState("");
  const start = useMutation(runMutations.start(useQueryClient()));
  const chosen = pipelines.find((pipeline) => pipeline.name === name);
  return (
    <>
      <Button leftSection={<IconPlayerPlay size={16} />} onClick={open} disabled={pipelines.length === 0}>
        Start a run
      </Button>
      <FormDialog
        opened={opened}
        title="Start a run"
        submit="Start"
        pending={start.isPending}
        disabled={!name}
        error={start.error}
        errorTitle="Could not start"
        onSubmit={() => {
          if (!name) return;
          const asDeclared = chosen?.search && !searching ? { search: null } : {};
          const timestampAsOf = asOf === "" ? undefined : new Date(asOf).toISOString();
          start.mutate(
            { workspace, pipeline: name, ...asDeclared, ...(timestampAsOf !== undefined && { timestampAsOf }) },
            { onSuccess: (run) => router.push(`/runs/${run.id}`) },
          );
        }}
        onClose={close}
      >
        <Select
          label="Pipeline"
          data={pipelines.map((pipeline) => pipeline.name)}
          value={name}
          onChange={setName}
          allowDeselect={false}
          data-autofocus
        />
        <TextInput
          type="datetime-local"
          label="Data as of"
          description="Sources in the newest version that had been recorded by then, in your time; as they are now when left out."
          value={asOf}
          onChange={(event) => setAsOf(event.currentTarget.value)}
        />
        {chosen && (
          <Text size="sm" c="dimmed" component="div">
            Computes {chosen.outputs.join(", ")}. <Sentence text={chosen.description} />
          </Text>
        )}
        {chosen?.search && (
          <Checkbox
            label="Search for parameters"
            description={chosen.search}
            checked={searching}
            onChange={(event) => setSearching(event.currentTarget.checked)}
          />
        )}
      </FormDialog>
    </>
  );
}
