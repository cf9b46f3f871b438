"use client";

import { Button, Group, Text } from "@mantine/core";
import { IconArchive, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { deploymentMutations } from "@/lib/client/deployments";
import type { DeploymentDetail } from "@/lib/contracts/deployments";

type Verb = "pause" | "resume" | "retire";

const QUESTIONS: Record<Verb, { title: string; text: string; button: string; refused: string }> = {
  pause: {
    title: "Pause this deployment?",
    text: "Its schedules and back-fills stop. Runs in progress finish, and any job can still be started by hand.",
    button: "Pause",
    refused: "Could not pause the deployment",
  },
  resume: {
    title: "Resume this deployment?",
    text: "Its schedules resume at their next time; missed runs are not caught up.",
    button: "Resume",
    refused: "Could not resume the deployment",
  },
  retire: {
    title: "Retire this deployment?",
    text: "Its jobs never run again and its back-fills end. Its name, history, values and model versions are kept. The variant can be deployed again under another name.",
    button: "Retire permanently",
    refused: "Could not retire the deployment",
  },
};

/** Pauses, resumes or retires a deployment, each after a question. */
export function DeploymentActions({ workspace, deployment }: { workspace: string; deployment: DeploymentDetail }) {
  const [asked, setAsked] = useState<Verb | null>(null);
  const change = useMutation(deploymentMutations.change(useQueryClient(), workspace, deployment.name));
  const { state, actions } = deployment;
  if (state === "retired") return null;
  const toggle: Verb = state === "paused" ? "resume" : "pause";
  const mayEdit = actions.includes("edit");
  const ask = (verb: Verb) => {
    change.reset();
    setAsked(verb);
  };
  const question = asked && QUESTIONS[asked];
  return (
    <div>
      <Group gap="sm">
        <Button
          variant="default"
          disabled={!actions.includes(toggle)}
          leftSection={toggle === "pause" ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={() => ask(toggle)}
        >
          {QUESTIONS[toggle].button} …
        </Button>
        <Button
          variant="default"
          disabled={!actions.includes("retire")}
          leftSection={<IconArchive size={16} />}
          onClick={() => ask("retire")}
        >
          Retire …
        </Button>
      </Group>
      {!mayEdit && (
        <Text size="xs" c="dimmed" mt={4}>
          Changing it needs one of the roles author, steward, admin.
        </Text>
      )}
      {question && asked && (
        <FormDialog
          title={question.title}
          submit={question.button}
          color={asked === "retire" ? "red.8" : undefined}
          pending={change.isPending}
          error={change.error}
          errorTitle={question.refused}
          onSubmit={() => change.mutate(asked, { onSuccess: () => setAsked(null) })}
          onClose={() => setAsked(null)}
        >
          <Text size="sm">{question.text}</Text>
        </FormDialog>
      )}
    </div>
  );
}
