"use client";

import { NativeSelect, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { modelQueries } from "@/lib/client/models";
import { DriftMapView } from "./drift-map-view";
import { driftParsers } from "./drift-views";

/** What a model reads, window by window, against the rows that it was trained on. */
export function ModelDriftTab({ workspace }: { workspace: string }) {
  const [state, setState] = useQueryStates(
    { model: driftParsers.model, feature: driftParsers.feature, month: driftParsers.month },
    { history: "push" },
  );
  const { data: models, error, refetch } = useQuery(modelQueries.list(workspace));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!models) return <Skeleton height={240} />;
  const names = models.items.map(({ name }) => name);
  const [first] = names;
  if (first === undefined)
    return (
      <EmptyState title="No models yet">
        A run of a pipeline that fits and evaluates registers a model; what it reads is then compared with what it was
        trained on.
      </EmptyState>
    );
  const model = state.model ?? first;
  return (
    <DriftMapView
      workspace={workspace}
      model={model}
      about={() => `${model} reads`}
      note={(map) =>
        map.model && (
          <Text size="sm" c="dimmed" mb="sm" maw="85ch">
            {map.model.isServing
              ? `Windows that predict runs of ${map.model.name} served, against the rows that version ${map.model.version} was trained on.`
              : `No predict run of ${map.model.name} has served a window yet: these are the windows of the data that it was trained and tested on, against the training rows of version ${map.model.version}.`}
          </Text>
        )
      }
      scope={() => (
        <NativeSelect
          label="Model"
          size="xs"
          w={170}
          value={model}
          data={names}
          onChange={(event) => void setState({ model: event.currentTarget.value, feature: null, month: null })}
        />
      )}
    />
  );
}
