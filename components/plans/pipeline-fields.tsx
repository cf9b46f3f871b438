"use client";

import { Radio, Stack, Textarea, TextInput } from "@mantine/core";
import type { PlanConsumer } from "@/lib/contracts/plan-graph";
import { issueOf } from "@/components/ui/issues";
import type { PipelineForm } from "./pipeline-body";

/** The fields of a pipeline that is to be saved, each with what the server found wrong with it. */
export function PipelineFields({
  form,
  consumer,
  error,
  onChange,
}: {
  form: PipelineForm;
  consumer: PlanConsumer | null;
  error: Error | null;
  onChange(change: Partial<PipelineForm>): void;
}) {
  const about = (field: string) => issueOf(error, field);
  return (
    <Stack gap="sm">
      <TextInput
        label="Name"
        required
        value={form.name}
        error={about("name")}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        value={form.description}
        error={about("description")}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <TextInput
        label="Owner"
        value={form.owner}
        error={about("owner")}
        onChange={(event) => onChange({ owner: event.currentTarget.value })}
      />
      {consumer && (
        <>
          <TextInput
            label="Model"
            description={`Evaluated as ${consumer.model}: ${consumer.label}, tested on ${consumer.test}`}
            required
            value={form.model}
            error={about("model")}
            onChange={(event) => onChange({ model: event.currentTarget.value })}
          />
          <Radio.Group
            label="Rows to fit on"
            description="Stages whose owners declared rows keep those."
            value={form.fit}
            onChange={(fit) => onChange({ fit: fit as PipelineForm["fit"] })}
          >
            <Stack gap={4} mt={6}>
              <Radio value="consumer" label={`as ${consumer.model}: ${consumer.train}`} />
              <Radio value="all" label="all rows" />
            </Stack>
          </Radio.Group>
        </>
      )}
    </Stack>
  );
}
