"use client";

import { Select, Switch, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { deploymentMutations } from "@/lib/client/deployments";
import type { DeploymentJob, Schedules } from "@/lib/contracts/deployments";
import { JOB_TITLES } from "./job-words";
import { PRESETS, scheduleInWords, upcomingOf } from "./schedule-words";

const FIELDS = { fit: "fit", predict_staging: "predictStaging", predict_production: "predictProduction" } as const;
const ON_DEMAND = "on demand";
const OWN = "own";

/** Sets when a job runs by itself: by words, or by an expression, with the times that follow from it, and on new data. */
export function ScheduleEditor({
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
  const edit = useMutation(deploymentMutations.edit(useQueryClient(), workspace, deployment));
  const [cron, setCron] = useState(job.schedule ?? "");
  const [now] = useState(() => new Date());
  const isPreset = PRESETS.some(({ schedule }) => schedule === job.schedule);
  const [choice, setChoice] = useState<string>(job.schedule === null ? ON_DEMAND : isPreset ? job.schedule : OWN);
  const schedule = choice === ON_DEMAND ? null : cron.trim();
  const upcoming = schedule === null ? null : upcomingOf(schedule, now);
  const [onNewData, setOnNewData] = useState(job.onNewData !== null);
  const save = () => {
    const schedules: Schedules = { [FIELDS[job.kind]]: schedule };
    edit.mutate({ schedules, onNewData: { [FIELDS[job.kind]]: onNewData } }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={`Schedule of ${JOB_TITLES[job.kind]}`}
      submit="Save"
      pending={edit.isPending}
      disabled={upcoming !== null && upcoming.problem !== null}
      error={edit.error}
      errorTitle="Could not save the schedule"
      onSubmit={save}
      onClose={onClose}
    >
      <Select
        label="When it runs"
        data={[
          { value: ON_DEMAND, label: "On demand only" },
          ...PRESETS.map(({ schedule: value, label }) => ({ value, label })),
          { value: OWN, label: "By an expression" },
        ]}
        value={choice}
        allowDeselect={false}
        data-autofocus
        onChange={(value) => {
          setChoice(value ?? ON_DEMAND);
          if (value && value !== ON_DEMAND && value !== OWN) setCron(value);
        }}
      />
      {choice !== ON_DEMAND && (
        <TextInput
          label="Cron expression"
          description="Five fields in UTC: minute, hour, day of the month, month, day of the week."
          placeholder="0 6 * * *"
          value={cron}
          error={upcoming?.problem ?? undefined}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setCron(value);
            setChoice(PRESETS.some(({ schedule: preset }) => preset === value.trim()) ? value.trim() : OWN);
          }}
        />
      )}
      {upcoming?.times && (
        <div role="status">
          <Text size="sm">Runs {scheduleInWords(schedule)}. Next:</Text>
          <Text size="sm" c="dimmed" className="tr-number">
            {upcoming.times.map((time) => time.slice(0, 16).replace("T", " ")).join(" · ")} UTC
          </Text>
        </div>
      )}
      <Switch
        label="Also when its sources have new data"
        description="Files are looked at every minute, and read once they stay as they are."
        checked={onNewData}
        onChange={(event) => setOnNewData(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
