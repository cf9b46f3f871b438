"use client";

import { Group, Select, TagsInput, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { modelMutations } from "@/lib/client/models";
import type { ModelVersion } from "@/lib/contracts/models";

/** Asks for a version to be judged again: by which slices, on which data and rows. */
export function EvaluateDialog({
  workspace,
  model,
  version,
  onClose,
}: {
  workspace: string;
  model: string;
  version: ModelVersion;
  onClose: () => void;
}) {
  const [slices, setSlices] = useState<string[]>([]);
  const [data, setData] = useState("recorded");
  const [rows, setRows] = useState("test");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const start = useMutation({
    ...modelMutations.evaluate(useQueryClient(), workspace, model, version.version),
    onSuccess: onClose,
  });
  const hasWindow = from !== "" && to !== "";
  const submit = () =>
    start.mutate({
      slices,
      ...(data === "newest" && { versions: "newest" as const }),
      ...(rows === "all" && { split: "all" as const }),
      ...(hasWindow && { window: { from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` } }),
    });
  return (
    <FormDialog
      title={`Judge version ${version.version} again`}
      submit="Judge"
      pending={start.isPending}
      disabled={(from !== "") !== (to !== "")}
      error={start.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        Scores rows with the version as it was fitted. Nothing is fitted again; on other rows than those of its run,
        they are in the usage ledger as tested.
      </Text>
      <TagsInput
        label="Slices"
        description="Features of the judged rows, such as those that it reads."
        placeholder={slices.length === 0 ? "entity.feature" : undefined}
        data={version.features.map(({ feature }) => feature)}
        value={slices}
        onChange={setSlices}
      />
      <Select
        label="Data"
        data={[
          { value: "recorded", label: "The versions that its run read" },
          { value: "newest", label: "The newest versions on record" },
        ]}
        value={data}
        allowDeselect={false}
        onChange={(chosen) => setData(chosen ?? data)}
      />
      <Select
        label="Rows"
        data={[
          { value: "test", label: "The parts of its pipeline" },
          { value: "all", label: "All rows" },
        ]}
        value={rows}
        allowDeselect={false}
        onChange={(chosen) => setRows(chosen ?? rows)}
      />
      <Group grow align="start">
        <TextInput type="date" label="From" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <TextInput type="date" label="Until before" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </Group>
    </FormDialog>
  );
}
