"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { api } from "@/lib/client/api";
import { createExperiment } from "@/lib/contracts/experiments";
import { type ExperimentDraft, ExperimentForm } from "./experiment-form";

export function NewExperiment({
  workspace,
  asked,
}: {
  workspace: string;
  asked: { feature: string[]; stage: string[] };
}) {
  const router = useRouter();
  const save = useMutation({
    mutationFn: (draft: ExperimentDraft) => api(createExperiment, { body: { workspace, ...draft } }),
    onSuccess: ({ number }) => router.push(`/experiments/${number}`),
  });
  return (
    <ExperimentForm
      workspace={workspace}
      start={{
        title: "",
        hypothesis: "",
        metric: "",
        owner: "",
        tags: [],
        variants: [],
        features: asked.feature,
        stages: asked.stage,
        trainingDatasets: [],
      }}
      save={save}
      submit="Save hypothesis"
      onCancel={() => router.push("/experiments")}
    />
  );
}
