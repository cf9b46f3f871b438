"use client";

import { Anchor, Button, Checkbox, Group, Modal, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { api } from "@/lib/client/api";
import { FormError } from "@/components/ui/form-error";
import { abTestQueries } from "@/lib/client/ab-tests";
import { type AbTest, closeAbTest } from "@/lib/contracts/ab-tests";
import { EXPERIMENT_OUTCOMES, type ExperimentOutcome } from "@/lib/domain/experiments/experiment";
import classes from "./ab-tests.module.css";

const NOBODY = "none of them";

/** Asks who won and what became of the hypothesis, says what closing will do, and does it. */
export function CloseTest({
  workspace,
  test,
  opened,
  onClose,
}: {
  workspace: string;
  test: AbTest;
  opened: boolean;
  onClose: () => void;
}) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Close ${test.name}`}
      size="lg"
      closeButtonProps={{ "aria-label": "Do not close the test" }}
    >
      <Form workspace={workspace} test={test} onDone={onClose} />
    </Modal>
  );
}

function Form({ workspace, test, onDone }: { workspace: string; test: AbTest; onDone: () => void }) {
  const { proposal, experiment } = test;
  const client = useQueryClient();
  const [winner, setWinner] = useState(proposal.winner ?? NOBODY);
  const [promote, setPromote] = useState(true);
  const [decides, setDecides] = useState(experiment?.state === "open");
  const [outcome, setOutcome] = useState<ExperimentOutcome>(proposal.outcome);
  const [insight, setInsight] = useState(proposal.insight);
  const promotion = winner === NOBODY ? undefined : test.promotions[winner];
  const close = useMutation({
    mutationFn: () =>
      api(closeAbTest, {
        params: { name: test.name },
        query: { workspace },
        body: {
          winner: winner === NOBODY ? null : winner,
          experiment: decides ? { outcome, insight } : null,
          promote: promote && promotion?.allowed === true,
        },
      }),
    onSuccess: async (closed) => {
      client.setQueryData(abTestQueries.detail(workspace, test.name).queryKey, closed);
      await client.invalidateQueries({ queryKey: ["ab-tests", "pages"] });
      await client.invalidateQueries({ queryKey: ["experiments"] });
      await client.invalidateQueries({ queryKey: ["changes"] });
      onDone();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        close.mutate();
      }}
    >
      <Stack gap="md">
        <Radio.Group label="Winner" value={winner} onChange={setWinner}>
          <Stack gap={6} mt={4}>
            {[...test.arms.map((arm) => arm.name), NOBODY].map((name) => (
              <Radio
                key={name}
                value={name}
                label={name}
                description={name === (proposal.winner ?? NOBODY) ? "according to the verdict" : undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
        {experiment?.state === "open" && (
          <Checkbox
            label={`Decide experiment ${experiment.number}: ${experiment.title}`}
            checked={decides}
            onChange={(event) => setDecides(event.currentTarget.checked)}
          />
        )}
        {decides && (
          <Stack gap="sm" pl="md">
            <Radio.Group label="Outcome" value={outcome} onChange={(value) => setOutcome(value as ExperimentOutcome)}>
              <Group gap="md" mt={4}>
                {EXPERIMENT_OUTCOMES.map((value) => (
                  <Radio key={value} value={value} label={value} />
                ))}
              </Group>
            </Radio.Group>
            <Textarea
              label="Insight"
              required
              minLength={10}
              autosize
              minRows={3}
              maxLength={10_000}
              value={insight}
              onChange={(event) => setInsight(event.currentTarget.value)}
            />
          </Stack>
        )}
        {promotion?.allowed && (
          <Checkbox
            label={`Open the change request for ${promotion.feature} v${promotion.version} to ${promotion.environment}`}
            description={promotion.reason ?? undefined}
            checked={promote}
            onChange={(event) => setPromote(event.currentTarget.checked)}
          />
        )}
        <div>
          <Text size="sm" fw={600}>
            This will
          </Text>
          <ul className={classes.list}>
            <li>end the test: its verdict is final, and predictions are no longer compared;</li>
            <li>{winner === NOBODY ? "record that no arm won;" : `record ${winner} as the winner;`}</li>
            <li>
              {decides
                ? `decide experiment ${experiment?.number} as ${outcome}${winner === NOBODY && !promotion ? "." : ";"}`
                : experiment
                  ? "leave its experiment as it is;"
                  : "decide no experiment, because none is linked;"}
            </li>
            <li>
              {promotion?.allowed && promote
                ? `open a change request, which somebody else must approve before ${promotion.environment} serves the winner.`
                : promotion && !promotion.allowed
                  ? `open no change request: ${promotion.reason}`
                  : "open no change request."}{" "}
              {promotion && !promotion.allowed && promotion.version !== null && (
                <Anchor component={Link} href={promotion.href} inherit underline="always">
                  The filled-in form
                </Anchor>
              )}
            </li>
          </ul>
        </div>
        <FormError error={close.error} title="Could not close the test" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={close.isPending}>
            Close the test
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
