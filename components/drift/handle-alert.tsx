"use client";

import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { monitorMutations } from "@/lib/client/monitors";
import type { AlertEntry } from "@/lib/contracts/monitors";

const TITLES = { acknowledge: "Acknowledge", snooze: "Snooze", resolve: "Resolve" } as const;
const DAYS = [
  { value: "1", label: "a day" },
  { value: "7", label: "a week" },
  { value: "30", label: "a month" },
];
const DAY_MS = 86_400_000;

/** Asks for what an action needs: why, or for how long. */
export function HandleAlert({
  workspace,
  alert,
  action,
  onClose,
}: {
  workspace: string;
  alert: AlertEntry;
  action: AlertEntry["actions"][number];
  onClose: () => void;
}) {
  const [comment, setComment] = useState("");
  const [days, setDays] = useState("7");
  const handle = useMutation(monitorMutations.handle(useQueryClient(), workspace));
  const needsComment = action !== "snooze";
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${TITLES[action]} alert ${alert.number}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const until = new Date(Date.now() + Number(days) * DAY_MS).toISOString();
          handle.mutate(
            { number: alert.number, action, comment, ...(action === "snooze" && { until }) },
            { onSuccess: onClose },
          );
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            {alert.feature}: {alert.explanation}
          </Text>
          {action === "snooze" && (
            <Select
              label="Quiet for"
              data={DAYS}
              value={days}
              onChange={(value) => setDays(value ?? "7")}
              allowDeselect={false}
            />
          )}
          <Textarea
            label={needsComment ? "Why" : "Why (optional)"}
            description="Shown to the next reader."
            autosize
            minRows={2}
            required={needsComment}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
            data-autofocus
          />
          {handle.error && (
            <Alert color="red" role="alert">
              {handle.error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <Button type="submit" loading={handle.isPending} disabled={needsComment && comment.trim() === ""}>
              {TITLES[action]}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
