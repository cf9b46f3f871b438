"use client";

import { Group, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { issueOf } from "@/components/ui/issues";
import { deploymentMutations } from "@/lib/client/deployments";
import type { DeploymentJob } from "@/lib/contracts/deployments";
import { JOB_TITLES } from "./job-words";

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
  const submit = () => {
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
    <FormDialog
      title={`Run ${JOB_TITLES[job.kind]} now`}
      submit="Run"
      pending={start.isPending}
      disabled={half}
      error={start.error}
      errorTitle="Could not start"
      onSubmit={submit}
      onClose={onClose}
    >
      {job.kind === "fit" ? (
        <Text size="sm">
          All estimators are fitted on the rows that the pipeline declares. Earlier fits on the same rows are reused.
        </Text>
      ) : (
        <>
          <Text size="sm">
            {job.follows
              ? `Scores with version ${job.follows.version}, which has the alias ${job.alias} now.`
              : "Computes all rows of the sources."}{" "}
            Leave the days empty to compute all rows.
          </Text>
          <Group grow align="flex-start">
            {field("from", "From", "First day, in UTC")}
            {field("to", "To", "First day after it")}
          </Group>
        </>
      )}
    </FormDialog>
  );
}
