"use client";

import { Alert, Button, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { IconCheck, IconMessage, IconPencil, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Change, CHANGE_DECISIONS } from "@/lib/contracts/changes";
import { useChangeStep } from "./use-change-step";

/** Approve, ask for changes, reject or comment. Who may not decide sees why, and can still comment. */
export function ChangeDecision({ workspace, change }: { workspace: string; change: Change }) {
  const [comment, setComment] = useState("");
  const [missing, setMissing] = useState(false);
  const step = useChangeStep(workspace, change.number);
  const { approve } = change.can;

  function decide(decision: (typeof CHANGE_DECISIONS)[number]) {
    if (decision !== "approve" && comment.trim() === "") return setMissing(true);
    step.mutate(
      { step: "review", decision, comment, digest: change.revisions[0]?.digest },
      { onSuccess: () => setComment("") },
    );
  }

  const shared = {
    disabled: !approve.allowed,
    loading: step.isPending,
    "aria-describedby": "decision-reason",
  } as const;
  return (
    <section aria-labelledby="decision">
      <Title order={2} id="decision" mb="sm">
        Your decision
      </Title>
      <Stack gap="sm">
        <Textarea
          label="Comment"
          description="Required unless you approve."
          autosize
          minRows={2}
          maxRows={10}
          maxLength={10_000}
          value={comment}
          error={missing ? "Say why." : undefined}
          onChange={(event) => {
            setComment(event.currentTarget.value);
            setMissing(false);
          }}
        />
        <Group gap="sm">
          <Button color="teal.9" leftSection={<IconCheck size={16} />} {...shared} onClick={() => decide("approve")}>
            Approve
          </Button>
          <Button
            variant="default"
            leftSection={<IconPencil size={16} />}
            {...shared}
            onClick={() => decide("request_changes")}
          >
            Ask for changes
          </Button>
          <Button variant="default" leftSection={<IconX size={16} />} {...shared} onClick={() => decide("reject")}>
            Reject
          </Button>
          <Button
            variant="subtle"
            leftSection={<IconMessage size={16} />}
            loading={step.isPending}
            onClick={() => decide("comment")}
          >
            Comment only
          </Button>
        </Group>
        <Text size="sm" c="dimmed" id="decision-reason">
          {approve.reason ?? `You took no part in revision ${change.revision} and may decide.`}
        </Text>
        {step.error && (
          <Alert color="red" role="alert" withCloseButton onClose={() => step.reset()}>
            {step.error.message}
          </Alert>
        )}
      </Stack>
    </section>
  );
}
