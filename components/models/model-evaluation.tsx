"use client";

import { Button, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { modelQueries } from "@/lib/client/models";
import type { ModelEvaluation as Evaluation, ModelVersion } from "@/lib/contracts/models";
import { count, metricInWords, partNames } from "@/components/runs/figures";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { ErrorState } from "@/components/ui/error-state";
import { WideTable } from "@/components/ui/wide-table";
import { EvaluationCharts } from "./evaluation-charts";
import classes from "./evaluation.module.css";
import { InputImportance } from "./input-importance";
import { ModelSlices } from "./model-slices";
import { ModelTermsTable } from "./model-terms";
import { VersionEvaluations } from "./version-evaluations";

type Part = Evaluation["parts"][string];

interface Evaluated {
  workspace: string;
  model: string;
  version: ModelVersion;
  mayEvaluate: boolean;
}

/** Curves, tables and intervals behind the metrics of a version, fetched when somebody asks. */
export function ModelEvaluation(evaluated: Evaluated) {
  const [open, setOpen] = useState(false);
  if (!open)
    return (
      <Button
        variant="default"
        size="xs"
        mt="sm"
        onClick={() => setOpen(true)}
        aria-label={`Show the evaluation of version ${evaluated.version.version}`}
      >
        Curves and intervals
      </Button>
    );
  return <Opened {...evaluated} />;
}

function Opened({ workspace, model, version: evaluated, mayEvaluate }: Evaluated) {
  const { version, metrics, runId } = evaluated;
  const { data, error, refetch } = useQuery(modelQueries.evaluation(workspace, model, version));
  if (!data) return error ? <ErrorState error={error} retry={() => void refetch()} /> : <Skeleton h={260} mt="sm" />;
  const { evaluation, terms, labelUnit } = data;
  const weights = terms && <ModelTermsTable terms={terms} file={`${model}-v${version}-${terms.measure}`} />;
  const again = runId !== null && (
    <VersionEvaluations
      workspace={workspace}
      model={model}
      version={evaluated}
      labelUnit={labelUnit}
      mayStart={mayEvaluate}
    />
  );
  if (!evaluation || Object.keys(evaluation.parts).length === 0)
    return (
      <Stack gap="md" mt="sm">
        <Text size="sm" c="dimmed">
          No curves were kept for this version: it was made before they were, or had no rows to evaluate. Run its
          pipeline again to have them.
        </Text>
        {weights}
        {again}
      </Stack>
    );
  const parts = partNames(evaluation.parts as Record<string, never>);
  return (
    <Stack gap="md" mt="sm">
      <Intervals evaluation={evaluation} parts={parts} label={`95 % intervals of version ${version}`} />
      <EvaluationCharts
        task={evaluation.task}
        named={parts.map((part) => [part, evaluation.parts[part] as Part])}
        file={`${model}-v${version}`}
        labelUnit={labelUnit}
      />
      {parts.map((part) => {
        const { confusion } = evaluation.parts[part] as Part;
        return confusion ? (
          <Confusion
            key={part}
            part={part}
            confusion={confusion}
            note={evaluation.threshold === null ? "" : ` (yes from ${evaluation.threshold} on)`}
          />
        ) : null;
      })}
      {weights}
      {evaluation.importance && (
        <InputImportance importance={evaluation.importance} file={`${model}-v${version}-permutation`} />
      )}
      {evaluation.slices && (
        <ModelSlices slices={evaluation.slices} metrics={metrics} file={`${model}-v${version}`} labelUnit={labelUnit} />
      )}
      {again}
    </Stack>
  );
}

function Intervals({ evaluation, parts, label }: { evaluation: Evaluation; parts: string[]; label: string }) {
  const names = [...new Set(parts.flatMap((part) => Object.keys((evaluation.parts[part] as Part).intervals)))];
  if (names.length === 0) return null;
  return (
    <WideTable label={label} minWidth={300}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>95 % interval</Table.Th>
            {parts.map((part) => (
              <Table.Th key={part} data-numeric>
                {part}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((name) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {MODEL_METRICS[name]?.label ?? name}
              </Table.Th>
              {parts.map((part) => {
                const interval = (evaluation.parts[part] as Part).intervals[name];
                return (
                  <Table.Td key={part} data-numeric>
                    {interval ? interval.map((end) => metricInWords(name, end)).join(" to ") : "–"}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function Confusion({
  part,
  confusion: { classes: names, counts },
  note,
}: {
  part: string;
  confusion: NonNullable<Part["confusion"]>;
  note: string;
}) {
  return (
    <WideTable label={`Confusion matrix of ${part}`} minWidth={Math.min(900, 160 + names.length * 90)}>
      <Table verticalSpacing={6} w="auto">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              {part}: true class, by predicted class{note}
            </Table.Th>
            {names.map((name) => (
              <Table.Th key={name} data-numeric>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((truth, row) => {
            const all = counts[row]?.reduce((sum, n) => sum + n, 0) ?? 0;
            return (
              <Table.Tr key={truth}>
                <Table.Th scope="row" fw={400}>
                  {truth}
                </Table.Th>
                {names.map((said, column) => {
                  const n = counts[row]?.[column] ?? 0;
                  return (
                    <Table.Td
                      key={said}
                      className={classes.cell}
                      style={{ "--share": all === 0 ? 0 : n / all } as React.CSSProperties}
                    >
                      {count(n)}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
