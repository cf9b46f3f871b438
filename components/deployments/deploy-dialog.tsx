"use client";

import { Anchor, Select, Text, Textarea, TextInput } from "@mantine/core";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { issueOf } from "@/components/ui/issues";
import { ApiError } from "@/lib/client/api";
import { type EngineName, OWN_ENGINE } from "@/lib/domain/definitions/engine-name";
import type { EngineOption } from "./engine-options";
import { scheduleInWords, upcomingOf } from "./schedule-words";

const JOBS = [
  { field: "fit", label: "Fit", about: "makes versions of the model" },
  { field: "predictStaging", label: "Predict (staging)", about: "scores with the version under staging" },
  { field: "predictProduction", label: "Predict (production)", about: "scores with the version under production" },
] as const;

type JobField = (typeof JOBS)[number]["field"];

/** What is asked of a deployment. Without a model, one is named by the pipeline or after the deployment. */
export interface DeploymentInput {
  name: string;
  description: string;
  model?: string;
  engine: EngineName;
  schedules: Record<JobField, string | null>;
}

/**
 * Puts a variant into operation: its name, its model, and when its three jobs run by themselves. `children` say what will be
 * created; `modelHint` what happens without the name of a model.
 */
export function DeployDialog({
  variant,
  suggestedName,
  modelHint,
  engines,
  pending,
  error,
  errorTitle = "Could not deploy",
  onDeploy,
  onClose,
  children,
}: {
  variant: string;
  suggestedName: string;
  modelHint: string;
  engines: EngineOption[];
  pending: boolean;
  error: Error | null;
  errorTitle?: string;
  onDeploy(input: DeploymentInput): void;
  onClose(): void;
  children?: ReactNode | ((name: string) => ReactNode);
}) {
  const [now] = useState(() => new Date());
  const [name, setName] = useState(suggestedName);
  const [model, setModel] = useState("");
  const [engine, setEngine] = useState<EngineName>(OWN_ENGINE);
  const [description, setDescription] = useState("");
  const [schedules, setSchedules] = useState<Record<JobField, string>>({ fit: "", predictStaging: "", predictProduction: "" }); // prettier-ignore
  const problemOf = (text: string) => (text.trim() === "" ? null : upcomingOf(text, now).problem);
  const isWrong = Object.values(schedules).some((text) => problemOf(text) !== null);
  const asked = (field: JobField) => schedules[field].trim() || null;
  const submit = () =>
    onDeploy({
      name: name.trim(),
      description: description.trim(),
      ...(model.trim() !== "" && { model: model.trim() }),
      engine,
      schedules: { fit: asked("fit"), predictStaging: asked("predictStaging"), predictProduction: asked("predictProduction") }, // prettier-ignore
    });
  return (
    <FormDialog
      title={`Deploy ${variant}`}
      size="lg"
      submit="Deploy"
      pending={pending}
      disabled={name.trim() === "" || isWrong}
      error={error}
      errorTitle={errorTitle}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        value={name}
        error={issueOf(error, "name")}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Model"
        description={`The model that its fits are versions of. ${modelHint}`}
        value={model}
        error={issueOf(error, "model")}
        onChange={(event) => setModel(event.currentTarget.value)}
      />
      <EngineSelect engines={engines} value={engine} onChange={setEngine} />
      <Textarea
        label="Description"
        autosize
        minRows={1}
        maxLength={2000}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {JOBS.map(({ field, label, about }) => {
        const text = schedules[field];
        const problem = problemOf(text);
        return (
          <TextInput
            key={field}
            label={`${label}: schedule`}
            description={`It ${about}. ${
              text.trim() === "" || problem !== null
                ? "Five fields of cron in UTC; leave empty to run on demand only."
                : `Runs ${scheduleInWords(text.trim())}.`
            }`}
            placeholder="0 6 * * *"
            value={text}
            error={problem ?? issueOf(error, field)}
            onChange={(event) => setSchedules({ ...schedules, [field]: event.currentTarget.value })}
          />
        );
      })}
      {typeof children === "function" ? children(name) : children}
      <FirstDeployment error={error} />
    </FormDialog>
  );
}

/** The engine that its jobs run on, with the reason why another cannot be chosen. */
function EngineSelect({
  engines,
  value,
  onChange,
}: {
  engines: EngineOption[];
  value: EngineName;
  onChange(engine: EngineName): void;
}) {
  const refused = engines.filter(({ whyNot }) => whyNot !== null);
  return (
    <div>
      <Select
        label="Engine"
        description="All three jobs run on it. A model that Spark fitted is scored online as any other."
        data={engines.map(({ name, whyNot }) => ({ value: name, label: name, disabled: whyNot !== null }))}
        value={value}
        allowDeselect={false}
        onChange={(name) => onChange(engines.find((one) => one.name === name)?.name ?? OWN_ENGINE)}
      />
      {refused.map(({ name, whyNot }) => (
        <Text key={name} size="xs" c="dimmed" mt={4}>
          Not {name}: {whyNot}
        </Text>
      ))}
    </div>
  );
}

/** A conflict names the deployment that has the variant already. */
function FirstDeployment({ error }: { error: Error | null }) {
  const first = error instanceof ApiError && error.problem.code === "conflict" ? error.problem.deployment : null;
  if (typeof first !== "string") return null;
  return (
    <Anchor component={Link} size="sm" href={`/deployments/${first}`} underline="always">
      Open {first}
    </Anchor>
  );
}
