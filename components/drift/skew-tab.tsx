"use client";

import { NativeSelect, Skeleton, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { skewMutations, skewQueries } from "@/lib/client/skew";
import type { ViewSkew } from "@/lib/contracts/skew";
import { ENVIRONMENTS, type Environment } from "@/lib/domain/environments";
import { driftParsers } from "./drift-views";
import { SkewLegend } from "./skew-bar";
import { SkewExamples } from "./skew-examples";
import { SkewView } from "./skew-view";

/** How long to wait for a check that was asked for, before saying that no worker took it. */
const PATIENCE_MS = 60_000;
/** While a check that was asked for is not there yet, how often to ask. */
const POLL_EVERY_MS = 1500;

/** Whether services are answered what models were trained on, by view and feature. The feature whose examples are open stands in the URL. */
export function SkewTab({ workspace, mayCheck }: { workspace: string; mayCheck: boolean }) {
  const [{ environment, example }, setState] = useQueryStates({
    environment: driftParsers.environment.withDefault("dev"),
    example: parseAsString,
  });
  /** View → the check before the one that was asked for. */
  const [asked, setAsked] = useState<Record<string, { before: string | null; until: number }>>({});
  const isAwaited = (view: ViewSkew) => {
    const wait = asked[view.view];
    return wait !== undefined && wait.before === (view.latest?.at ?? null) && Date.now() < wait.until;
  };
  const { data, error, refetch } = useQuery({
    ...skewQueries.list(workspace, environment),
    refetchInterval: ({ state }) => (state.data?.items.some(isAwaited) ? POLL_EVERY_MS : false),
  });
  const check = useMutation({
    ...skewMutations.check(useQueryClient(), workspace, environment),
    onError: (failure) => notifications.show({ message: failure.message, color: "red" }),
  });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton height={240} />;
  const [shownView, shownFeature] = example?.split("/") ?? [];
  const shown = data.items.find(({ view }) => view === shownView)?.latest;
  const feature = shown?.features.find((one) => one.feature === shownFeature);
  return (
    <>
      <NativeSelect
        label="Environment"
        size="xs"
        w={160}
        mb="sm"
        value={environment}
        data={[...ENVIRONMENTS]}
        onChange={(event) => void setState({ environment: event.currentTarget.value as Environment, example: null })}
      />
      <Text size="sm" c="dimmed" mb="md" maw="85ch">
        The same keys at the same time, read online as a service would and offline as the newest run wrote them. Doubles
        match within a relative 1e-9, everything else exactly. Checked after every copy to the online store, and daily.
      </Text>
      {data.items.length > 0 && <SkewLegend />}
      {data.items.length === 0 && (
        <EmptyState title="No view is served online">
          Set <code>online: true</code> in the spec of a feature view. Its values are then copied to the online store
          after every run, and compared with what the run wrote.
        </EmptyState>
      )}
      {data.items.map((view) => (
        <SkewView
          key={view.view}
          skew={view}
          environment={environment}
          isChecking={isAwaited(view)}
          onCheck={
            mayCheck
              ? () => {
                  setAsked((before) => ({
                    ...before,
                    [view.view]: { before: view.latest?.at ?? null, until: Date.now() + PATIENCE_MS },
                  }));
                  check.mutate(view.view);
                }
              : null
          }
          onShowExamples={(name) => void setState({ example: `${view.view}/${name}` })}
        />
      ))}
      {feature && shown && (
        <SkewExamples check={shown} feature={feature} onClose={() => void setState({ example: null })} />
      )}
    </>
  );
}
