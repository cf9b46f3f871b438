"use client";

import { Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { DeployDialog } from "@/components/deployments/deploy-dialog";
import { engineOptions } from "@/components/deployments/engine-options";
import { deploymentMutations } from "@/lib/client/deployments";
import { planQueries } from "@/lib/client/plans";
import type { PipelineDetail } from "@/lib/contracts/pipelines";
import type { PipelineVariant } from "./pipeline-variants";

/** Puts a variant of a pipeline into operation. */
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
  const asked = { workspace, outputs: pipeline.outputs, consumer: pipeline.name, merge: false };
  const preview = useQuery(planQueries.preview({ ...asked, options: { pins: variant.pins, limit: 1 } }));
  return (
    <DeployDialog
      variant={variant.words}
      suggestedName={suggestName(pipeline.name, variant)}
      modelHint={
        pipeline.model === null
          ? "Named after the deployment if empty."
          : `${pipeline.model} if empty, or a new one when another deployment has it.`
      }
      engines={engineOptions(preview.data?.engines, variant.stages)}
      pending={create.isPending || create.isSuccess}
      error={create.error}
      onDeploy={(input) =>
        create.mutate(
          { workspace, pipeline: pipeline.name, pins: variant.pins, ...input },
          { onSuccess: (made) => router.push(`/deployments/${made.name}`) },
        )
      }
      onClose={onClose}
    >
      <Text size="sm">All three jobs are created together. Nothing runs until a schedule or a person starts it.</Text>
    </DeployDialog>
  );
}

/** The pipeline's name, with what tells the variant apart when there is more than one. */
function suggestName(pipeline: string, { pins }: PipelineVariant): string {
  const last = Object.values(pins).at(-1);
  return last === undefined ? pipeline : `${pipeline}_${last}`.slice(0, 60);
}
