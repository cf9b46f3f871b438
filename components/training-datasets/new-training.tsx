"use client";

import { Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormError } from "@/components/ui/form-error";
import { issueOf } from "@/components/ui/issues";
import { Section } from "@/components/ui/section";
import { trainingMutations } from "@/lib/client/training-datasets";
import { type Draft, firstDraft, toBody, type TrainingChoices } from "./training-draft";
import { TrainingFields } from "./training-fields";
import { TrainingPreviewed } from "./training-previewed";

const FIELDS = ["features", "feature_service", "source", "version", "keep", "time", "keys", "label", "split", "policy", "asOf", "name", "description"]; // prettier-ignore

/** Asks what to freeze, shows what that gives, and freezes what was shown. */
export function NewTraining({
  workspace,
  choices,
  asked,
  canFreeze,
}: {
  workspace: string;
  choices: TrainingChoices;
  asked: { service: string | null; feature: string[]; spine: string | null };
  canFreeze: boolean;
}) {
  const [draft, setDraft] = useState<Draft>(() => firstDraft(choices, asked));
  const preview = useMutation(trainingMutations.preview());
  // What was shown is what is frozen: any change asks for another look.
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    preview.reset();
  };
  const isComplete = draft.source !== null && (draft.service !== null || draft.features.length > 0);
  return (
    <Stack gap="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          preview.mutate({ ...toBody(workspace, draft, choices), rows: 20 });
        }}
      >
        <Stack gap="md" maw={880}>
          <TrainingFields draft={draft} choices={choices} error={preview.error} onChange={change} />
          <FormError error={preview.error} title="This cannot be joined" fields={FIELDS} />
          <Group>
            <Button
              type="submit"
              variant={preview.data ? "default" : "filled"}
              loading={preview.isPending}
              disabled={!isComplete}
            >
              Preview
            </Button>
            <Text size="sm" c="dimmed">
              {isComplete
                ? "Shows the first 20 rows and what leaks. Nothing is written."
                : "Choose features and a spine first."}
            </Text>
          </Group>
        </Stack>
      </form>
      {preview.data && (
        <>
          <TrainingPreviewed preview={preview.data} />
          {canFreeze ? (
            // The as-of time of what was shown: data that came since are not in it.
            <Freeze body={{ ...toBody(workspace, draft, choices), asOf: preview.data.recipe.asOf }} />
          ) : (
            <Text size="sm" c="dimmed">
              Authors, stewards and admins freeze training datasets. Ask one of them, or an admin for the role.
            </Text>
          )}
        </>
      )}
    </Stack>
  );
}

function Freeze({ body }: { body: ReturnType<typeof toBody> & { asOf: string } }) {
  const router = useRouter();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const freeze = useMutation(trainingMutations.freeze(useQueryClient()));
  return (
    <Section id="freeze" title="Freeze">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          freeze.mutate(
            { ...body, name, description },
            { onSuccess: (made) => router.push(`/training-datasets/${made.name}`) },
          );
        }}
      >
        <Stack gap="md" maw={560}>
          <TextInput
            label="Name"
            description="Lower-case letters, digits and _. It always means these rows: it cannot be used again."
            placeholder="late_rows_2024"
            required
            pattern="[a-z][a-z0-9_]*"
            value={name}
            error={issueOf(freeze.error, "name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label="Description"
            placeholder="What it is for"
            autosize
            minRows={2}
            value={description}
            error={issueOf(freeze.error, "description")}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <FormError error={freeze.error} title="It was not frozen" fields={["name", "description"]} />
          <Group>
            <Button type="submit" loading={freeze.isPending || freeze.isSuccess}>
              Freeze
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
