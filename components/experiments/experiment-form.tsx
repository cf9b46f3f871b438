"use client";

import { Alert, Button, Group, Stack, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { useId, useState } from "react";
import mainAndAside from "@/components/ui/main-and-aside.module.css";
import { issuesOf } from "@/components/ui/issues";
import type { Experiment } from "@/lib/contracts/experiments";
import { NameTags } from "./name-tags";
import { SimilarExperiments } from "./similar-experiments";
import { VariantFields } from "./variant-fields";

export type ExperimentDraft = Pick<
  Experiment,
  "title" | "hypothesis" | "metric" | "owner" | "tags" | "variants" | "features" | "stages" | "trainingDatasets"
>;

/** Writes or changes an experiment. What was tried before stands beside it; what the server refuses stands at its field. */
export function ExperimentForm({
  workspace,
  start,
  frozen = false,
  except,
  save,
  submit,
  onCancel,
}: {
  workspace: string;
  start: ExperimentDraft;
  /** True for a decided experiment: what it was decided upon is shown but not changed. */
  frozen?: boolean;
  except?: number;
  save: Pick<UseMutationResult<Experiment, Error, ExperimentDraft>, "mutate" | "error" | "isPending" | "isSuccess">;
  submit: string;
  onCancel: () => void;
}) {
  const id = useId();
  const [draft, setDraft] = useState(start);
  const set = (change: Partial<ExperimentDraft>) => setDraft((before) => ({ ...before, ...change }));
  const issues = issuesOf(save.error);
  const issueOf = (path: string) =>
    issues
      .filter((issue) => issue.path.join(".") === path || issue.path.join(".").startsWith(`${path}.`))
      .map((issue) => issue.message)
      .join(" ") || undefined;
  return (
    <>
      <div className={mainAndAside.columns}>
        <form
          id={id}
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(draft);
          }}
        >
          <Stack gap="md">
            <TextInput
              label="Title"
              description="The hypothesis in a few words."
              required
              maxLength={200}
              disabled={frozen}
              value={draft.title}
              error={issueOf("title")}
              onChange={(event) => set({ title: event.currentTarget.value })}
            />
            <Textarea
              label="Hypothesis"
              description="In business terms: for whom does what improve, and why do you believe it?"
              required
              autosize
              minRows={3}
              maxLength={5000}
              disabled={frozen}
              value={draft.hypothesis}
              error={issueOf("hypothesis")}
              onChange={(event) => set({ hypothesis: event.currentTarget.value })}
            />
            <TextInput
              label="Metric"
              description="What would show it, such as the log loss on June, and which difference would matter."
              required
              maxLength={500}
              disabled={frozen}
              value={draft.metric}
              error={issueOf("metric")}
              onChange={(event) => set({ metric: event.currentTarget.value })}
            />
            <NameTags
              workspace={workspace}
              kind="feature"
              label="Features"
              description="Shown on the pages of these features."
              placeholder="airport.segment"
              value={draft.features}
              error={issueOf("features")}
              onChange={(features) => set({ features })}
            />
            <NameTags
              workspace={workspace}
              kind="stage"
              label="Stages"
              description="Shown on the pages of these stages."
              placeholder="airport_segments"
              value={draft.stages}
              error={issueOf("stages")}
              onChange={(stages) => set({ stages })}
            />
            <TagsInput
              label="Training datasets"
              description="What it rests on. None of them is deleted while it is named here."
              placeholder={draft.trainingDatasets.length === 0 ? "late_rows_2024" : undefined}
              value={draft.trainingDatasets}
              error={issueOf("trainingDatasets")}
              onChange={(trainingDatasets) => set({ trainingDatasets })}
              acceptValueOnBlur
            />
            {!frozen && (
              <VariantFields
                workspace={workspace}
                variants={draft.variants}
                issueOf={issueOf}
                onChange={(variants) => set({ variants })}
              />
            )}
            <Group gap="md" grow align="flex-start">
              <TextInput
                label="Owner"
                placeholder="You"
                maxLength={100}
                value={draft.owner}
                error={issueOf("owner")}
                onChange={(event) => set({ owner: event.currentTarget.value })}
              />
              <TagsInput
                label="Tags"
                value={draft.tags}
                error={issueOf("tags")}
                onChange={(tags) => set({ tags })}
                acceptValueOnBlur
              />
            </Group>
          </Stack>
        </form>
        <SimilarExperiments
          workspace={workspace}
          text={`${draft.title} ${draft.hypothesis}`}
          features={draft.features}
          stages={draft.stages}
          except={except}
        />
      </div>
      {/* After both columns, so that on a phone one reads what was tried before one saves. */}
      <Stack gap="md" mt="md">
        {save.error && (
          <Alert color="red" role="alert" title="Could not save">
            {save.error.message}
          </Alert>
        )}
        <Group>
          <Button type="submit" form={id} loading={save.isPending || save.isSuccess}>
            {submit}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </>
  );
}
