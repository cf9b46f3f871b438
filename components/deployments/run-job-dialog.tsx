"use client";

import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deploymentMutations } from "@/lib/client/deployments";
import type { DeploymentJob } from "@/lib/contracts/deployments";
import { JOB_TITLES } from "./job-words";
import { issueOf } from "./issue-of";

/** Runs a job now; a prediction may be of a range of days only. */
export function RunJobDialog({
  workspace,
  deployment,
  job,
  onClose,
}: {
  workspace: string;
  deployment: string;
  job: DeploymentJob;
  onClose(): void;
}) {
  const start = useMutation(deploymentMutations.start(useQueryClient(), workspace, deployment));
  const [range, setRange] = useState({ from: "", to: "" });
  const half = (range.from === "") !== (range.to === "");
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const window = range.from === "" ? {} : range;
    start.mutate({ kind: job.kind, ...window }, { onSuccess: onClose });
  };
  const field = (name: "from" | "to", label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      placeholder="2001-06-01"
      value={range[name]}
      error={issueOf(start.error, name) ?? (half && range[name] === "" ? "Give both, or neither." : undefined)}
      onChange={(event) => setRange({ ...range, [name]: event.currentTarget.value.trim() })}
    />
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Run ${JOB_TITLES[job.kind]} now`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {job.kind === "fit" ? (
            <Text size="sm">
              Everything is fitted on the rows that the pipeline declares. A fit on equal rows is used again.
            </Text>
          ) : (
            <>
              <Text size="sm">
                {job.follows
                  ? `Scores with version ${job.follows.version}, which has the alias ${job.alias} now.`
                  : "Computes all rows of the sources."}{" "}
                Without days, all rows are computed.
              </Text>
              <Group grow align="flex-start">
                {field("from", "From", "First day, in UTC")}
                {field("to", "To", "First day after it")}
              </Group>
            </>
          )}
          {start.error && (
            <Alert color="red" role="alert" title="Could not start">
              {start.error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <Button type="submit" loading={start.isPending} disabled={half} data-autofocus>
              Run
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
