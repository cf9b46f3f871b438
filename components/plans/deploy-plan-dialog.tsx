"use client";

import { Alert, List, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { DeployDialog, type DeploymentInput } from "@/components/deployments/deploy-dialog";
import { engineOptions } from "@/components/deployments/engine-options";
import { Sentence } from "@/components/ui/sentence";
import { deploymentMutations } from "@/lib/client/deployments";
import { pipelineMutations, pipelineQueries } from "@/lib/client/pipelines";
import type { PlanInstance } from "@/lib/contracts/plan-graph";
import type { PlanPreview } from "@/lib/contracts/plans";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { PlanState } from "./plan-body";
import { suggestNames, toPipelineBody } from "./pipeline-body";
import type { ListedVariant } from "./read-plan";

/**
 * Puts the chosen variant into operation, after saying what will be created. A deployment is one of a pipeline: where none
 * plans the same, this one is saved first.
 */
export function DeployPlanDialog({
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
  const [saved, setSaved] = useState<string | null>(null);
  const existing = saved ?? (base.data && plansTheSame(base.data, outputs, state) ? base.data.name : null);
  const save = useMutation(pipelineMutations.create(client));
  const create = useMutation(deploymentMutations.create(client));
  const error = save.error ?? create.error;
  const deploy = async (input: DeploymentInput) => {
    const pipeline = existing ?? (await saveFirst(input.name));
    const made = await create.mutateAsync({ workspace, pipeline, pins: chosen.details.pins, ...input });
    router.push(`/deployments/${made.name}`);
  };
  // The same computation with fits on other rows makes versions of the same model.
  const isForked = state.refit.length > 0 || state.split !== null;
  const saveFirst = async (name: string) => {
    const model = isForked ? (consumer?.model ?? name) : name;
    const form = { name, description: "", owner: base.data?.owner ?? "", model, fit: "consumer" as const };
    const made = await save.mutateAsync(
      toPipelineBody(workspace, form, state.outputs, chosen, base.data ?? null, state.split, state.refit),
    );
    setSaved(made.name);
    return made.name;
  };
  const estimators = instances.filter(({ kind }) => kind === "estimator");
  const { fitted } = chosen.details;
  return (
    <DeployDialog
      variant={`${chosen.letter} ${chosen.text}`}
      suggestedName={suggestNames(outputs, chosen.producers, state, consumer).name}
      modelHint="The pipeline's if empty."
      engines={engineOptions(preview.engines, chosen.stages)}
      pending={save.isPending || create.isPending || base.isLoading}
      error={error}
      errorTitle={save.error ? "The pipeline was not saved" : undefined}
      // What failed is shown in place.
      onDeploy={(input) => void deploy(input).catch(() => undefined)}
      onClose={onClose}
    >
      {(name) => (
        <>
          <Alert color="indigo" title="What will be created" role="note">
            <List size="sm" spacing={4}>
              {existing === null && (
                <List.Item>
                  the pipeline <b>{name}</b>, because no pipeline plans exactly this yet
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
                  `; ${fitted} ${fitted === 1 ? "fit is" : "fits are"} already computed and will be reused`}
              </List.Item>
              <List.Item>a predict job that follows the alias staging: {chosen.predict.length} stages</List.Item>
              <List.Item>a predict job that follows the alias production: {chosen.predict.length} stages</List.Item>
            </List>
            <Text size="sm" mt={6}>
              All three are created together. Nothing runs until a schedule or a person starts it.
            </Text>
          </Alert>
          {chosen.details.verdict?.verdict === "leak" && (
            <Alert color="orange" title="Its test score cannot be trusted" role="note">
              <Sentence text={chosen.details.verdict.sentence} />
            </Alert>
          )}
        </>
      )}
    </DeployDialog>
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
