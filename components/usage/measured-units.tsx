"use client";

import { CONSUMER, SEARCH } from "@/lib/domain/leakage/codes";
import { Button, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Sentence } from "@/components/ui/sentence";
import { TimeAgo } from "@/components/ui/time-ago";
import { leakageMutations, leakageQueries } from "@/lib/client/leakage";
import type { LeakageMeasurement } from "@/lib/contracts/leakage-measurements";
import type { LeakageProof } from "@/lib/contracts/leakage";
import { listInWords } from "@/lib/domain/leakage/list-in-words";

const isGoing = ({ state }: LeakageMeasurement) => state === "queued" || state === "running";

/** The units of a version's fits, counted on the rows themselves: what was found, what can still be, and the way to have it done. */
export function MeasuredUnits({ modelVersionId }: { modelVersionId: string }) {
  const client = useQueryClient();
  const { data: proof } = useQuery(leakageQueries.proof(modelVersionId));
  const { data: jobs } = useQuery(leakageQueries.measurements(modelVersionId));
  const measure = useMutation(leakageMutations.measure(client, modelVersionId));
  const [job] = jobs?.items ?? [];
  const wasGoing = useRef(false);
  useEffect(() => {
    const going = job !== undefined && isGoing(job);
    // The verdict may be another one now, wherever it stands.
    if (wasGoing.current && !going) void client.invalidateQueries();
    wasGoing.current = going;
  }, [client, job]);
  if (!proof || !jobs) return null;
  const { measurable, measurements } = proof;
  if (!job && measurements.length === 0 && measurable.fits.length === 0 && measurable.refused.length === 0) return null;
  return (
    <Stack gap={6} component="section" aria-label="Measurement">
      <Title order={3}>Measurement</Title>
      {measurements.length > 0 && (
        <Text size="sm" component="div">
          {measurements.map(({ estimator, text }) => (
            <div key={`${estimator} ${text}`}>
              <strong>{nameOf(estimator, proof.model)}</strong>: <Sentence text={text} />
            </div>
          ))}
        </Text>
      )}
      {measurable.refused.map(({ estimator, reason }) => (
        <Text key={estimator} size="sm" c="dimmed" component="div">
          {nameOf(estimator, proof.model)} cannot be measured. <Sentence text={reason} />
        </Text>
      ))}
      {job && <Outcome job={job} proof={proof} />}
      {measurable.fits.length > 0 && measurable.may && !(job && isGoing(job)) && (
        <Group gap="sm">
          <Button size="xs" variant="default" onClick={() => measure.mutate()} loading={measure.isPending}>
            Measure
          </Button>
          <Text size="sm" c="dimmed">
            Counts the units of {proof.unit.join(", ")} that {measurable.fits.length === 1 ? "the fit" : "the fits"} of{" "}
            {listInWords(measurable.fits.map((estimator) => nameOf(estimator, proof.model)))}{" "}
            {measurable.fits.length === 1 ? "shares" : "share"} with the test rows.
          </Text>
        </Group>
      )}
      {measurable.fits.length > 0 && !measurable.may && (
        <Text size="sm" c="dimmed">
          Who may start runs can have the shared units counted, which settles it.
        </Text>
      )}
      {measure.error && (
        <Text size="sm" role="alert">
          {measure.error.message}
        </Text>
      )}
    </Stack>
  );
}

function Outcome({ job, proof }: { job: LeakageMeasurement; proof: LeakageProof }) {
  if (isGoing(job))
    return (
      <div role="status">
        <Progress value={job.progress * 100} aria-label="Progress of the measurement" />
        <Text size="xs" c="dimmed">
          <Sentence text={job.message} />
        </Text>
      </div>
    );
  const failed = job.findings?.filter(({ isMeasured }) => !isMeasured) ?? [];
  return (
    <Text size="sm" component="div">
      {job.error !== null && (
        <div>
          The measurement failed. <Sentence text={job.error} />
        </div>
      )}
      {failed.map(({ estimator, text }) => (
        <div key={estimator}>
          {nameOf(estimator, proof.model)} could not be measured. <Sentence text={text} />
        </div>
      ))}
      <Text size="xs" c="dimmed">
        {job.before !== null && job.after !== null && job.before !== job.after
          ? `It changed the verdict from ${job.before} to ${job.after}. `
          : ""}
        Measured for {job.requestedBy} <TimeAgo at={job.finishedAt ?? job.requestedAt} />
      </Text>
    </Text>
  );
}

function nameOf(estimator: string, model: string): string {
  if (estimator === CONSUMER) return `${model} itself`;
  return estimator === SEARCH ? `${model}'s parameters` : estimator;
}
