"use client";

import { Button, Group, Progress, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { metricInWords, metricNames, partNames } from "@/components/runs/figures";
import { ErrorState } from "@/components/ui/error-state";
import { Sentence } from "@/components/ui/sentence";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { modelQueries } from "@/lib/client/models";
import type { ModelEvaluation, ModelVersion } from "@/lib/contracts/models";
import type { VersionEvaluation } from "@/lib/contracts/evaluations";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { EvaluateDialog } from "./evaluate-dialog";
import { EvaluationCharts } from "./evaluation-charts";
import { ModelSlices } from "./model-slices";

interface Evaluated {
  workspace: string;
  model: string;
  version: ModelVersion;
  labelUnit: string | null;
}

/** What a version was judged as beside its run's evaluation, and the way to have it judged again. */
export function VersionEvaluations({ mayStart, ...evaluated }: Evaluated & { mayStart: boolean }) {
  const { workspace, model, version } = evaluated;
  const [isAsking, setAsking] = useState(false);
  const { data, error, refetch } = useQuery(modelQueries.evaluations(workspace, model, version.version));
  return (
    <section aria-label={`Other evaluations of version ${version.version}`}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={500}>
          Judged again
        </Text>
        {mayStart && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            Judge again
          </Button>
        )}
      </Group>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          Only its run has judged it. It can be judged on newer data, on other rows or in slices, without a refit.
        </Text>
      )}
      <Stack gap="md" mt="xs">
        {data?.items.map((one) => (
          <OneEvaluation key={one.id} one={one} {...evaluated} />
        ))}
      </Stack>
      {isAsking && (
        <EvaluateDialog workspace={workspace} model={model} version={version} onClose={() => setAsking(false)} />
      )}
    </section>
  );
}

function OneEvaluation({ one, ...evaluated }: Evaluated & { one: VersionEvaluation }) {
  const [isOpen, setOpen] = useState(false);
  const isGoing = one.state === "queued" || one.state === "running";
  return (
    <article aria-label={one.about}>
      <Group gap="sm">
        <StateBadge state={one.verdict ?? one.state} />
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {one.about}
        </Text>
        <Text size="xs" c="dimmed">
          by {one.requestedBy} <TimeAgo at={one.requestedAt} />
        </Text>
      </Group>
      {isGoing && (
        <div role="status">
          <Progress value={one.progress * 100} mt={6} aria-label="Progress" />
          <Text size="xs" c="dimmed">
            {one.message}
          </Text>
        </div>
      )}
      {one.error !== null && (
        <Text size="sm" mt={4} component="div">
          <Sentence text={one.error} />
        </Text>
      )}
      {one.sentence !== null && one.isOnOtherRows && (
        <Text size="sm" mt={4} component="div">
          <Sentence text={one.sentence} /> Tested on {one.testedOn}.
        </Text>
      )}
      {one.metrics && (
        <BesideFirst first={evaluated.version.metrics} now={one.metrics} label={`Metrics: ${one.about}`} />
      )}
      {one.metrics && one.evaluation && (
        <>
          <Button variant="subtle" size="compact-xs" mt={4} onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
            {isOpen ? "Hide curves and slices" : "Curves and slices"}
          </Button>
          {isOpen && <Details {...evaluated} id={one.id} metrics={one.metrics} evaluation={one.evaluation} />}
        </>
      )}
    </article>
  );
}

function Details({
  model,
  version,
  labelUnit,
  id,
  metrics,
  evaluation,
}: Evaluated & { id: string; metrics: NonNullable<VersionEvaluation["metrics"]>; evaluation: ModelEvaluation }) {
  const file = `${model}-v${version.version}-${id.slice(-6)}`;
  const parts = partNames(evaluation.parts as Record<string, never>);
  return (
    <Stack gap="md" mt="xs">
      <EvaluationCharts
        task={evaluation.task}
        named={parts.map((part) => [part, evaluation.parts[part] as ModelEvaluation["parts"][string]] as const)}
        file={file}
        labelUnit={labelUnit}
      />
      {evaluation.slices && (
        <ModelSlices slices={evaluation.slices} metrics={metrics} file={file} labelUnit={labelUnit} />
      )}
    </Stack>
  );
}

/** The test part's metrics as its run found them, as they are now, and the change. */
function BesideFirst({
  first,
  now,
  label,
}: {
  first: ModelVersion["metrics"];
  now: ModelVersion["metrics"];
  label: string;
}) {
  const names = metricNames({ test: now.test ?? {} });
  return (
    <WideTable label={label} minWidth={340}>
      <Table verticalSpacing={4} w="auto" miw={340}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Test</Table.Th>
            <Table.Th data-numeric>Its run</Table.Th>
            <Table.Th data-numeric>Here</Table.Th>
            <Table.Th data-numeric>Change</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((name) => {
            const [before, after] = [first.test?.[name], now.test?.[name]];
            const write = (value: number | undefined) => (value === undefined ? "–" : metricInWords(name, value));
            const change = before === undefined || after === undefined ? undefined : after - before;
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  {MODEL_METRICS[name]?.label ?? name}
                </Table.Th>
                <Table.Td data-numeric>{write(before)}</Table.Td>
                <Table.Td data-numeric>{write(after)}</Table.Td>
                <Table.Td data-numeric>
                  {change === undefined
                    ? "–"
                    : change === 0
                      ? "0"
                      : `${change > 0 ? "+" : "−"}${write(Math.abs(change))}`}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
