"use client";

import { Alert, Anchor, Button, Group, List, Modal, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Sentence } from "@/components/ui/sentence";
import { ApiError } from "@/lib/client/api";
import { deploymentMutations } from "@/lib/client/deployments";
import { pipelineMutations, pipelineQueries } from "@/lib/client/pipelines";
import type { PlanInstance } from "@/lib/contracts/plan-graph";
import type { PlanPreview } from "@/lib/contracts/plans";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { PlanState } from "./plan-body";
import { suggestName, toPipelineBody } from "./pipeline-body";
import { issueAbout } from "./pipeline-fields";
import type { ListedVariant } from "./read-plan";

const SCHEDULES = [
  { field: "fit", label: "Fit", about: "makes a new version of the model" },
  { field: "predictStaging", label: "Predict (staging)", about: "scores with the version under staging" },
  { field: "predictProduction", label: "Predict (production)", about: "scores with the version under production" },
] as const;

type Fields = Record<"name" | (typeof SCHEDULES)[number]["field"], string>;

/**
 * Puts the chosen variant into operation, after saying what will be created. A deployment is one of a pipeline: where none
 * plans the same, this one is saved first.
 */
export function DeployDialog({
  workspace,
  state,
  preview,
  chosen,
  instances,
  onClose,
}: {
  workspace: string;
  state: PlanState;
  preview: PlanPreview;
  chosen: ListedVariant;
  instances: PlanInstance[];
  onClose(): void;
}) {
  const client = useQueryClient();
  const router = useRouter();
  const consumer = preview.consumer ?? null;
  const base = useQuery({
    ...pipelineQueries.definition(workspace, consumer?.pipeline ?? ""),
    enabled: Boolean(consumer?.pipeline),
  });
  const outputs = chosen.output === null ? state.outputs : [chosen.output];
  const [fields, setFields] = useState<Fields>({
    name: suggestName(outputs, chosen.producers),
    fit: "",
    predictStaging: "",
    predictProduction: "",
  });
  const [saved, setSaved] = useState<string | null>(null);
  const existing = saved ?? (base.data && plansTheSame(base.data, outputs, state) ? base.data.name : null);
  const save = useMutation(pipelineMutations.create(client));
  const create = useMutation(deploymentMutations.create(client));
  const error = save.error ?? create.error;
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    const pipeline = existing ?? (await saveFirst());
    const made = await create.mutateAsync({
      workspace,
      name: fields.name,
      pipeline,
      pins: chosen.details.pins,
      schedules: Object.fromEntries(SCHEDULES.map(({ field }) => [field, fields[field].trim() || null])),
    });
    router.push(`/deployments/${made.name}`);
  };
  const saveFirst = async () => {
    const form = { name: fields.name, description: "", owner: base.data?.owner ?? "", model: fields.name, fit: "consumer" as const }; // prettier-ignore
    const made = await save.mutateAsync(
      toPipelineBody(workspace, form, state.outputs, chosen, base.data ?? null, state.split, state.refit),
    );
    setSaved(made.name);
    return made.name;
  };
  const estimators = instances.filter(({ kind }) => kind === "estimator");
  const { fitted } = chosen.details;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Deploy ${chosen.letter} ${chosen.text}`}
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {/* What failed is shown in place. */}
      <form onSubmit={(event) => void submit(event).catch(() => undefined)}>
        <Stack gap="md">
          <TextInput
            label="Name"
            required
            value={fields.name}
            error={issueAbout(create.error, "name")}
            onChange={(event) => setFields({ ...fields, name: event.currentTarget.value })}
          />
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
            {SCHEDULES.map(({ field, label, about }) => (
              <TextInput
                key={field}
                label={label}
                description={about}
                placeholder="0 6 * * *"
                value={fields[field]}
                error={issueAbout(create.error, field)}
                onChange={(event) => setFields({ ...fields, [field]: event.currentTarget.value })}
              />
            ))}
          </SimpleGrid>
          <Text size="xs" c="dimmed">
            Schedules are cron expressions of five fields in UTC. Left empty, a job runs on demand only.
          </Text>
          <Alert color="indigo" title="What will be created" role="note">
            <List size="sm" spacing={4}>
              {existing === null && (
                <List.Item>
                  the pipeline <b>{fields.name}</b>, because no pipeline plans exactly this yet
                </List.Item>
              )}
              {saved !== null && (
                <List.Item>
                  nothing but the deployment: the pipeline <b>{saved}</b> is saved already
                </List.Item>
              )}
              <List.Item>
                a fit job: {chosen.stages.length} stages, of which {estimators.length}{" "}
                {estimators.length === 1 ? "is" : "are"} fitted
                {fitted > 0 &&
                  `; ${fitted} ${fitted === 1 ? "fit is" : "fits are"} there already and would be used again`}
              </List.Item>
              <List.Item>a predict job that follows the alias staging: {chosen.predict.length} stages</List.Item>
              <List.Item>a predict job that follows the alias production: {chosen.predict.length} stages</List.Item>
            </List>
            <Text size="sm" mt={6}>
              All three appear together or not at all. Nothing runs until a schedule or a person says so.
            </Text>
          </Alert>
          {chosen.details.verdict?.verdict === "leak" && (
            <Alert color="orange" title="Its test score cannot be trusted" role="note">
              <Sentence text={chosen.details.verdict.sentence} />
            </Alert>
          )}
          {error && (
            <Alert color="red" title={save.error ? "The pipeline was not saved" : "Could not deploy"} role="alert">
              {error.message} <FirstDeployment error={error} />
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <Button
              type="submit"
              loading={save.isPending || create.isPending || base.isLoading}
              disabled={fields.name === ""}
            >
              Create the three jobs
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Whether a deployment of the pipeline, with the variant's pins, would be this plan. */
function plansTheSame(pipeline: PipelineDefinition, outputs: readonly string[], state: PlanState): boolean {
  return (
    state.refit.length === 0 &&
    (state.split === null || state.split === pipeline.evaluate?.split) &&
    [...pipeline.outputs].sort().join() === [...outputs].sort().join()
  );
}

/** A conflict names the deployment that was first. */
function FirstDeployment({ error }: { error: Error }) {
  const first = error instanceof ApiError && error.problem.code === "conflict" ? error.problem.deployment : null;
  if (typeof first !== "string") return null;
  return (
    <Anchor component={Link} href={`/deployments/${first}`} inherit underline="always">
      Open {first}
    </Anchor>
  );
}
