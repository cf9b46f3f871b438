"use client";

import { Select, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
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
  const submit = () => {
    const until = new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    handle.mutate(
      { number: alert.number, action, comment, ...(action === "snooze" && { until }) },
      { onSuccess: onClose },
    );
  };
  return (
    <FormDialog
      title={`${TITLES[action]} alert ${alert.number}`}
      submit={TITLES[action]}
      pending={handle.isPending}
      disabled={needsComment && comment.trim() === ""}
      error={handle.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Text size="sm">
        {alert.feature}: {alert.explanation}
      </Text>
      {action === "snooze" && (
        <Select
          label="Snooze for"
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
    </FormDialog>
  );
}
