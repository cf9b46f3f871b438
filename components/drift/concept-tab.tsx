"use client";

import { Button, NativeSelect, Skeleton, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { conceptMutations, conceptQueries } from "@/lib/client/concept-drift";
import { ConceptSeriesView } from "./concept-series";
import { logSnippet, monitorSnippet } from "./concept-words";

/** Whether predictions still come true as they did when their models were evaluated. Which model and window stands in the URL. */
export function ConceptTab({ workspace, mayEdit }: { workspace: string; mayEdit: boolean }) {
  const [{ model, concept, window }, setState] = useQueryStates({
    model: parseAsString,
    concept: parseAsString,
    window: parseAsString,
  });
  const { data, error, refetch } = useQuery(conceptQueries.all(workspace));
  const check = useMutation({
    ...conceptMutations.evaluate(useQueryClient(), workspace),
    onSuccess: ({ monitor }) => notifications.show({ message: `${monitor} is checked as soon as a worker is free.` }),
    onError: (failure) => notifications.show({ message: failure.message, color: "red" }),
  });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton height={320} />;
  const watched = [...new Set(data.series.map((one) => one.model))];
  const shown = data.series.filter(
    (one) => (model === null || one.model === model) && (concept === null || one.monitor === concept),
  );
  const example = model ?? data.models[0] ?? "late_model";
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm" maw="85ch">
        Predictions joined with their outcomes by key and event time. Each window&apos;s metric is compared with the
        evaluation period; a window alarms when it is significantly worse.
      </Text>
      {watched.length > 0 && (
        <NativeSelect
          label="Model"
          size="xs"
          w={220}
          mb="md"
          value={model ?? ""}
          data={[{ value: "", label: "all models" }, ...watched]}
          onChange={(event) => void setState({ model: event.currentTarget.value || null, concept: null, window: null })}
        />
      )}
      {shown.map((series) => (
        <ConceptSeriesView
          key={series.monitor}
          series={series}
          chosen={window}
          onCheck={mayEdit ? () => check.mutate(series.monitor) : null}
        />
      ))}
      {concept !== null && data.series.length > shown.length && (
        <Button size="xs" variant="default" onClick={() => void setState({ concept: null, window: null })}>
          Show all monitors
        </Button>
      )}
      {shown.length === 0 && (
        <>
          <EmptyState title={model ? `No monitor of the outcomes of ${model}` : "No concept monitors yet"}>
            Declare a monitor of concept drift. Predictions of predict runs are joined with the label automatically;
            services log predictions and outcomes as below.
          </EmptyState>
          <CodeBlock code={monitorSnippet(example)} label="monitor" />
          <CodeBlock code={logSnippet(workspace, example)} label="log predictions and outcomes" />
        </>
      )}
    </>
  );
}
