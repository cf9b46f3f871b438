"use client";

import { Alert, Anchor, Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { issueOf } from "@/components/deployments/issue-of";
import { scheduleInWords, upcomingOf } from "@/components/deployments/schedule-words";
import { ApiError } from "@/lib/client/api";
import { deploymentMutations } from "@/lib/client/deployments";
import type { PipelineDetail } from "@/lib/contracts/pipelines";
import type { PipelineVariant } from "./pipeline-variants";

const JOBS = [
  { field: "fit", label: "Fit", about: "makes versions of the model" },
  { field: "predictStaging", label: "Predict (staging)", about: "scores with the version under staging" },
  { field: "predictProduction", label: "Predict (production)", about: "scores with the version under production" },
] as const;

/** Puts a variant into operation: its name, and when its three jobs run by themselves. */
export function DeployVariantDialog({
  workspace,
  pipeline,
  variant,
  onClose,
}: {
  workspace: string;
  pipeline: PipelineDetail;
  variant: PipelineVariant;
  onClose(): void;
}) {
  const router = useRouter();
  const create = useMutation(deploymentMutations.create(useQueryClient()));
  const [now] = useState(() => new Date());
  const [name, setName] = useState(() => suggestName(pipeline.name, variant));
  const [model, setModel] = useState("");
  const [description, setDescription] = useState("");
  const [schedules, setSchedules] = useState({ fit: "", predictStaging: "", predictProduction: "" });
  const problemOf = (text: string) => (text.trim() === "" ? null : upcomingOf(text, now).problem);
  const isWrong = Object.values(schedules).some((text) => problemOf(text) !== null);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    create.mutate(
      {
        workspace,
        pipeline: pipeline.name,
        pins: variant.pins,
        name: name.trim(),
        description: description.trim(),
        ...(model.trim() !== "" && { model: model.trim() }),
        schedules: Object.fromEntries(JOBS.map(({ field }) => [field, schedules[field].trim() || null])),
      },
      { onSuccess: (made) => router.push(`/deployments/${made.name}`) },
    );
  };
  const first =
    create.error instanceof ApiError && typeof create.error.problem.deployment === "string"
      ? create.error.problem.deployment
      : null;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Deploy ${variant.words}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">
            Makes three jobs at once, or none. Nothing runs before a schedule or a person asks for it.
          </Text>
          <TextInput
            label="Name"
            required
            value={name}
            error={issueOf(create.error, "name")}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label="Model"
            description={
              pipeline.model === null
                ? "What its fits are versions of; named after the deployment when empty."
                : `What its fits are versions of; ${pipeline.model}, or a new one when another deployment has it, when empty.`
            }
            value={model}
            error={issueOf(create.error, "model")}
            onChange={(event) => setModel(event.currentTarget.value)}
          />
          <Textarea
            label="What it is for"
            autosize
            minRows={1}
            maxLength={2000}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {JOBS.map(({ field, label, about }) => {
            const text = schedules[field];
            const problem = problemOf(text);
            return (
              <TextInput
                key={field}
                label={`${label}: when it runs by itself`}
                description={`It ${about}. ${
                  text.trim() === "" || problem !== null
                    ? "Five fields of cron in UTC; empty runs on demand only."
                    : `Runs ${scheduleInWords(text.trim())}.`
                }`}
                placeholder="0 6 * * *"
                value={text}
                error={problem ?? issueOf(create.error, field)}
                onChange={(event) => setSchedules({ ...schedules, [field]: event.currentTarget.value })}
              />
            );
          })}
          {create.error && (
            <Alert color="red" role="alert" title="Could not deploy">
              {create.error.message}{" "}
              {first !== null && (
                <Anchor component={Link} href={`/deployments/${first}`} inherit c="inherit" underline="always">
                  Open {first}
                </Anchor>
              )}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <Button
              type="submit"
              loading={create.isPending || create.isSuccess}
              disabled={name.trim() === "" || isWrong}
            >
              Deploy
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The pipeline's name, with what tells the variant apart when there is more than one. */
function suggestName(pipeline: string, { pins }: PipelineVariant): string {
  const last = Object.values(pins).at(-1);
  return last === undefined ? pipeline : `${pipeline}_${last}`.slice(0, 60);
}
