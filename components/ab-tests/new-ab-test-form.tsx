"use client";

import { Alert, Button, Group, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "@/lib/client/api";
import { issuesOf } from "@/components/ui/issues";
import { createAbTest } from "@/lib/contracts/ab-tests";
import { METRIC_FACTS, OUTCOME_METRICS, type OutcomeMetricName } from "@/lib/domain/definitions/outcome-metrics";
import { type ArmDraft, ArmFields } from "./arm-fields";
import { checkDraft } from "./check-draft";

export interface Choices {
  deployments: { name: string; outputs: string[]; label: string | null }[];
  policies: { name: string; description: string; parts: Record<string, [number, number][]> }[];
  experiments: { number: number; title: string }[];
}

/** Asks what to compare on which rows by which metric; what cannot be compared says so at its field. */
export function NewAbTestForm({
  workspace,
  choices,
  asked,
}: {
  workspace: string;
  choices: Choices;
  asked: { deployment: string[]; experiment: number | null };
}) {
  const router = useRouter();
  const { deployments, policies, experiments } = choices;
  // A policy that is named for arms suggests itself.
  const [policyName, setPolicyName] = useState<string | null>(
    (policies.find(({ parts }) => "control" in parts && "treatment" in parts) ?? policies[0])?.name ?? null,
  );
  const policy = policies.find(({ name }) => name === policyName);
  const [name, setName] = useState("");
  const [arms, setArms] = useState<ArmDraft[]>(() =>
    ["control", "treatment"].map((arm, index) => ({
      name: arm,
      deployment: asked.deployment[index] ?? null,
      parts: policy && arm in policy.parts ? [arm] : [],
    })),
  );
  const [label, setLabel] = useState("");
  const [metric, setMetric] = useState<OutcomeMetricName>("logLoss");
  const [alpha, setAlpha] = useState("0.05");
  const [minimumEffect, setMinimumEffect] = useState<number | string>(0);
  const [experiment, setExperiment] = useState(asked.experiment === null ? null : String(asked.experiment));
  const create = useMutation({
    mutationFn: () =>
      api(createAbTest, {
        body: {
          workspace,
          name,
          splitPolicy: policyName ?? "",
          metric,
          alpha: Number(alpha),
          minimumEffect: Number(minimumEffect) || 0,
          arms: arms.map((arm) => ({ ...arm, deployment: arm.deployment ?? "" })),
          experiment: experiment === null ? null : Number(experiment),
          ...(label && { label }),
        },
      }),
    onSuccess: (test) => router.push(`/deployments/ab-tests/${test.name}`),
  });
  const issues = issuesOf(create.error);
  const local = checkDraft(arms, { deployments, parts: policy?.parts ?? {} });
  const issueOf = (path: string) => local.get(path) ?? issues.find((issue) => issue.path.join(".") === path)?.message;
  const own = deployments.find((deployment) => deployment.name === arms[0]?.deployment)?.label;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (local.size === 0) create.mutate();
      }}
    >
      <Stack maw={880} gap="md">
        <TextInput
          label="Name"
          description="Lower-case letters, digits and _."
          placeholder="segments_test"
          required
          pattern="[a-z][a-z0-9_]*"
          maw={360}
          value={name}
          error={issueOf("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Assigned by"
          description={policy?.description || "A hash split policy: equal keys are always in the same arm."}
          required
          maw={560}
          allowDeselect={false}
          value={policyName}
          data={policies.map((one) => one.name)}
          error={issueOf("splitPolicy")}
          onChange={(value) => {
            setPolicyName(value);
            const next = policies.find((one) => one.name === value);
            setArms((all) => all.map((arm) => ({ ...arm, parts: next && arm.name in next.parts ? [arm.name] : [] })));
          }}
        />
        <ArmFields
          arms={arms}
          deployments={deployments}
          parts={Object.keys(policy?.parts ?? {})}
          issueOf={issueOf}
          onChange={setArms}
        />
        <Group align="flex-start" gap="md">
          <Select
            label="Decision metric"
            allowDeselect={false}
            value={metric}
            data={OUTCOME_METRICS.map((value) => ({ value, label: METRIC_FACTS[value].label }))}
            error={issueOf("metric")}
            onChange={(value) => setMetric(value as OutcomeMetricName)}
          />
          <NumberInput
            label="Minimum difference"
            description={`In the unit of the ${METRIC_FACTS[metric].label}.`}
            inputWrapperOrder={["label", "input", "description", "error"]}
            min={0}
            step={0.001}
            decimalScale={8}
            value={minimumEffect}
            error={issueOf("minimumEffect")}
            onChange={setMinimumEffect}
          />
          <Select
            label="Confidence"
            allowDeselect={false}
            w={120}
            value={alpha}
            data={[
              { value: "0.1", label: "90 %" },
              { value: "0.05", label: "95 %" },
              { value: "0.01", label: "99 %" },
            ]}
            error={issueOf("alpha")}
            onChange={(value) => setAlpha(value ?? "0.05")}
          />
        </Group>
        <TextInput
          label="Truth"
          description="Column with the actual outcome."
          placeholder={own ?? "flight.is_late"}
          maw={360}
          value={label}
          error={issueOf("label")}
          onChange={(event) => setLabel(event.currentTarget.value.trim())}
        />
        <Select
          label="Experiment"
          placeholder="None"
          clearable
          clearButtonProps={{ "aria-label": "No experiment" }}
          searchable
          maw={560}
          value={experiment}
          data={experiments.map(({ number, title }) => ({ value: String(number), label: `#${number} ${title}` }))}
          error={issueOf("experiment")}
          onChange={setExperiment}
        />
        {create.error && (
          <Alert color="red" role="alert" title="Could not create the test">
            {create.error.message}
          </Alert>
        )}
        <Group>
          <Button type="submit" disabled={local.size > 0} loading={create.isPending || create.isSuccess}>
            Set it up
          </Button>
          <Text size="sm" c="dimmed">
            Existing predictions of the arms are compared at once.
          </Text>
        </Group>
      </Stack>
    </form>
  );
}
