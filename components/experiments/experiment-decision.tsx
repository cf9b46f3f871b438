"use client";

import { Alert, Button, Group, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "@/components/ui/section";
import { api } from "@/lib/client/api";
import { experimentQueries } from "@/lib/client/experiments";
import { decideExperiment, type Experiment, reopenExperiment } from "@/lib/contracts/experiments";
import { EXPERIMENT_OUTCOMES, type ExperimentOutcome } from "@/lib/domain/experiments/experiment";

const MEANING: Record<ExperimentOutcome, string> = {
  validated: "The metric confirmed the hypothesis.",
  invalidated: "The metric contradicted the hypothesis. This is just as useful to know.",
  inconclusive: "There was too little data, or the difference was too small to tell.",
};

type Step = { outcome: ExperimentOutcome; insight: string } | { reason: string };

/** Decides an open experiment, or opens a decided one again with a reason. */
export function ExperimentDecision({ workspace, experiment }: { workspace: string; experiment: Experiment }) {
  const client = useQueryClient();
  const address = { params: { number: experiment.number }, query: { workspace } };
  const step = useMutation<Experiment, Error, Step>({
    mutationFn: (body) =>
      "reason" in body ? api(reopenExperiment, { ...address, body }) : api(decideExperiment, { ...address, body }),
    onSuccess: async (changed) => {
      client.setQueryData(experimentQueries.detail(workspace, experiment.number).queryKey, changed);
      await client.invalidateQueries({
        queryKey: ["experiments"],
        predicate: ({ queryKey }) => queryKey[1] !== "detail",
      });
    },
  });
  const error = step.error && (
    <Alert color="red" role="alert">
      {step.error.message}
    </Alert>
  );
  return experiment.state === "open" ? (
    <Decide insight={experiment.insight} busy={step.isPending} error={error} onDecide={step.mutate} />
  ) : (
    <Reopen busy={step.isPending} error={error} onReopen={step.mutate} />
  );
}

function Decide({
  insight: known,
  busy,
  error,
  onDecide,
}: {
  insight: string;
  busy: boolean;
  error: React.ReactNode;
  onDecide: (decision: { outcome: ExperimentOutcome; insight: string }) => void;
}) {
  const [outcome, setOutcome] = useState<ExperimentOutcome | null>(null);
  const [insight, setInsight] = useState(known);
  const [asked, setAsked] = useState(false);
  return (
    <Section id="decide" title="Decide">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (outcome && insight.trim().length >= 10) onDecide({ outcome, insight });
        }}
      >
        <Stack gap="sm">
          <Radio.Group
            label="Outcome"
            value={outcome}
            error={asked && !outcome ? "Choose an outcome." : undefined}
            onChange={(value) => setOutcome(value as ExperimentOutcome)}
          >
            <Stack gap={6} mt={4}>
              {EXPERIMENT_OUTCOMES.map((value) => (
                <Radio key={value} value={value} label={value} description={MEANING[value]} />
              ))}
            </Stack>
          </Radio.Group>
          <Textarea
            label="Insight"
            description="What should the next person with this idea know?"
            autosize
            minRows={3}
            maxLength={10_000}
            value={insight}
            error={asked && insight.trim().length < 10 ? "Describe in a sentence what was learned." : undefined}
            onChange={(event) => setInsight(event.currentTarget.value)}
          />
          {error}
          <Group>
            <Button type="submit" loading={busy}>
              Decide
            </Button>
            <Text size="sm" c="dimmed">
              Hypothesis and metric are then fixed.
            </Text>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function Reopen({
  busy,
  error,
  onReopen,
}: {
  busy: boolean;
  error: React.ReactNode;
  onReopen: (step: { reason: string }) => void;
}) {
  const [reason, setReason] = useState<string | null>(null);
  if (reason === null)
    return (
      <Button variant="default" onClick={() => setReason("")}>
        Reopen …
      </Button>
    );
  return (
    <Section id="reopen" title="Reopen">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onReopen({ reason });
        }}
      >
        <Stack gap="sm">
          <Textarea
            label="Why does the outcome no longer stand?"
            required
            autosize
            minRows={2}
            minLength={5}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {error}
          <Group>
            <Button type="submit" loading={busy}>
              Reopen
            </Button>
            <Button variant="default" onClick={() => setReason(null)}>
              Cancel
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
