"use client";

import { Anchor, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { RunVariantButton } from "@/components/runs/run-variant-button";
import { FormDialog } from "@/components/ui/form-dialog";
import { pipelineMutations, pipelineQueries } from "@/lib/client/pipelines";
import type { PlanPreview } from "@/lib/contracts/plans";
import type { PlanState } from "./plan-body";
import { type PipelineForm, suggestNames, toPipelineBody } from "./pipeline-body";
import { PipelineFields } from "./pipeline-fields";
import classes from "./plan.module.css";
import type { ListedVariant } from "./read-plan";

/** Keeps the chosen variant under a name: its pins, the rows to fit on, and the consumer's evaluation with a model of its own. */
export function SaveDialog({
  workspace,
  state,
  preview,
  chosen,
  onClose,
}: {
  workspace: string;
  state: PlanState;
  preview: PlanPreview;
  chosen: ListedVariant;
  onClose(): void;
}) {
  const consumer = preview.consumer ?? null;
  const base = useQuery({
    ...pipelineQueries.definition(workspace, consumer?.pipeline ?? ""),
    enabled: Boolean(consumer?.pipeline),
  });
  const { name, model } = suggestNames(state.outputs, chosen.producers, state, consumer);
  const [changed, setChanged] = useState<Partial<PipelineForm>>({});
  const form = {
    name,
    description: "",
    owner: base.data?.owner ?? "",
    model,
    fit: "consumer" as const,
    ...changed,
  };
  const save = useMutation(pipelineMutations.create(useQueryClient()));
  const submit = () => {
    save.mutate(toPipelineBody(workspace, form, state.outputs, chosen, base.data ?? null, state.split, state.refit));
  };
  const title = `Save ${chosen.letter} as pipeline`;
  if (save.data)
    return (
      <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": "Close" }}>
        <Stack gap="md" role="status">
          <Text size="sm">
            Saved as{" "}
            <Anchor component={Link} href={`/pipelines/${save.data.name}`} inherit underline="always">
              {save.data.name}
            </Anchor>
            . Run it now, or deploy it from here.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" size="compact-sm" onClick={onClose}>
              Done
            </Button>
            <RunVariantButton workspace={workspace} pipeline={save.data.name} variant={0} words={save.data.name} />
          </Group>
        </Stack>
      </Modal>
    );
  return (
    <FormDialog
      title={title}
      submit="Save"
      pending={save.isPending || base.isLoading}
      disabled={form.name === ""}
      error={save.error}
      errorTitle="Could not save"
      onSubmit={submit}
      onClose={onClose}
    >
      <Text size="sm">
        {chosen.letter} {chosen.text}, which computes{" "}
        <span className={classes.column}>{(chosen.output === null ? state.outputs : [chosen.output]).join(", ")}</span>
        {Object.keys(chosen.details.pins).length > 0 && (
          <>
            , pinned to{" "}
            <span className={classes.column}>
              {Object.entries(chosen.details.pins)
                .map(([column, stage]) => `${column}@${stage}`)
                .join(", ")}
            </span>
          </>
        )}
        .
      </Text>
      <PipelineFields
        form={form}
        consumer={consumer}
        error={save.error}
        onChange={(change) => setChanged({ ...changed, ...change })}
      />
    </FormDialog>
  );
}
