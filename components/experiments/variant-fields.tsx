"use client";

import { ActionIcon, Autocomplete, Button, Fieldset, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { pipelineQueries } from "@/lib/client/pipelines";
import type { ExperimentVariant } from "@/lib/contracts/experiments";
import classes from "./experiments.module.css";

/** What an experiment compares: a name, words, and the pipeline where it is one. */
export function VariantFields({
  workspace,
  variants,
  issueOf,
  onChange,
}: {
  workspace: string;
  variants: ExperimentVariant[];
  issueOf: (path: string) => string | undefined;
  onChange: (variants: ExperimentVariant[]) => void;
}) {
  const { data: pipelines } = useQuery({ ...pipelineQueries.list(workspace), enabled: variants.length > 0 });
  const set = (index: number, change: Partial<ExperimentVariant>) =>
    onChange(variants.map((variant, at) => (at === index ? { ...variant, ...change } : variant)));
  return (
    <Fieldset legend="Variants that are compared" variant="unstyled" classNames={{ legend: classes.legendTitle }}>
      <Stack gap="sm">
        {variants.map((variant, index) => (
          <div key={index} className={classes.variant}>
            <TextInput
              label={`Variant ${index + 1}`}
              placeholder="k-means segments"
              required
              value={variant.name}
              error={issueOf(`variants.${index}.name`)}
              onChange={(event) => set(index, { name: event.currentTarget.value })}
            />
            <TextInput
              label="How it differs"
              value={variant.description}
              error={issueOf(`variants.${index}.description`)}
              onChange={(event) => set(index, { description: event.currentTarget.value })}
            />
            <Autocomplete
              label="Pipeline, if any"
              data={pipelines?.items.map(({ name }) => name) ?? []}
              value={variant.pipeline ?? ""}
              error={issueOf(`variants.${index}.pipeline`) ?? issueOf(`variants.${index}.variant`)}
              // The signature belongs to the pipeline that it was taken from.
              onChange={(pipeline) => set(index, { pipeline: pipeline || null, variant: null })}
            />
            <ActionIcon
              variant="default"
              size={36}
              aria-label={`Remove variant ${index + 1}`}
              onClick={() => onChange(variants.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        ))}
        <Button
          variant="default"
          size="xs"
          style={{ alignSelf: "flex-start" }}
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...variants, { name: "", description: "", pipeline: null, variant: null }])}
        >
          Add a variant
        </Button>
      </Stack>
    </Fieldset>
  );
}
