"use client";

import { quarantineCause } from "@/lib/domain/rules/quarantine-cause";
import { Alert, Anchor, Button, Skeleton, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { useEffect, useMemo } from "react";
import type { ChartOptions } from "@/components/distributions/buckets";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { datasetQueries } from "@/lib/client/datasets";
import type { Overview as Answer } from "@/lib/contracts/overviews";
import { formatSlice, parseSlice, type Slice } from "@/lib/domain/profiles/slice";
import { arrangeFeatures, entityOf } from "./arrange-features";
import { saveFiguresCsv, saveFiguresJson } from "./export-figures";
import { FeatureList } from "./feature-list";
import { overviewParsers } from "./overview-state";
import { FilterLine, GroupBar } from "./overview-toolbar";
import { sharedNotes } from "./shared-notes";

/** Distributions of every column of a dataset or view, side by side. The URL has the whole state. */
export function Overview({
  workspace,
  subject,
  name,
}: {
  workspace: string;
  subject: "dataset" | "view";
  name: string;
}) {
  const [state, set] = useQueryStates(overviewParsers);
  const query = useInfiniteQuery(
    datasetQueries.overview({
      workspace,
      subject,
      name,
      ...(state.version && { version: state.version }),
      ...(state.parts?.length && { groups: state.parts.join(",") }),
    }),
  );
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  // Sorting and filtering need every feature: further pages are read behind the first, which is there at once.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);
  const features = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const shown = useMemo(
    () =>
      arrangeFeatures(features, {
        sort: state.sort,
        filter: state.filter,
        types: state.types,
        entity: state.entity,
      }),
    [features, state.sort, state.filter, state.types, state.entity],
  );
  const shared = useMemo(() => sharedNotes(shown), [shown]);
  const overview = data?.pages[0];
  if (error && !overview)
    return (
      <>
        <ErrorState error={error} retry={() => void refetch()} />
        <Button
          mt="md"
          size="xs"
          variant="default"
          onClick={() => void set({ parts: null, version: null }, { history: "push" })}
        >
          Show what is there
        </Button>
      </>
    );
  if (!overview) return <Skeleton height={480} />;
  const options: ChartOptions = {
    edges: state.chart === "quantiles" ? "quantile" : "even",
    cumulative: state.chart === "cumulative",
    log: state.log,
    percent: state.percent,
  };
  const saidBefore = new Set(shared.map(({ note }) => note));
  const slice = readSlice(state.slice);
  return (
    <>
      <Quarantine overview={overview} />
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      <GroupBar overview={overview} state={state} set={set} />
      <FilterLine
        state={state}
        set={set}
        entities={[...new Set(features.map(entityOf))].sort()}
        counts={{ shown: shown.length, loaded: features.length, total: overview.total }}
        onCsv={() => saveFiguresCsv(name, shown, overview.groups)}
        onJson={() => saveFiguresJson(name, shown, overview.groups)}
      />
      {slice === "none" && (
        <Alert color="yellow" mb="sm" role="status">
          The address names a slice that cannot be read: {state.slice}. Select a bar instead.
        </Alert>
      )}
      {overview.groups.length === 0 && (
        <Alert color="gray" mb="sm" title="No profile yet">
          Profiles are computed when a run reads or writes the data. {subject === "dataset" ? "Start one" : "Plan one"}{" "}
          <Anchor component={Link} href="/plan" inherit underline="always">
            in the plan builder
          </Anchor>
          .
        </Alert>
      )}
      {shared.map(({ note, about }) => (
        <Text key={note} size="sm" c="dimmed" mb="xs">
          {about}: {note}
        </Text>
      ))}
      {shown.length === 0 ? (
        <EmptyState
          title={features.length === 0 ? "There are no columns" : "No feature matches"}
          action={
            features.length > 0 && (
              <Button
                variant="default"
                onClick={() => void set({ filter: null, types: null, entity: null }, { history: "push" })}
              >
                Show all
              </Button>
            )
          }
        />
      ) : (
        <FeatureList
          features={shown}
          groups={overview.groups}
          look={{ chart: state.chart, options, expand: state.expand, table: state.table, saidBefore }}
          slice={slice === "none" ? null : slice}
          diveHref={subject === "dataset" ? (bar) => diveHref(overview, bar) : null}
          onSlice={(bar) => void set({ slice: bar && formatSlice(bar) }, { history: "push" })}
        />
      )}
    </>
  );
}

function readSlice(text: string | null): Slice | "none" | null {
  if (text === null) return null;
  try {
    return parseSlice(text);
  } catch {
    return "none";
  }
}

/** Rows have parts only; windows and versions are other rows. */
function diveHref({ name, version, groups }: Answer, slice: Slice): string {
  const parts = groups.filter((group) => group.kind === "part" && group.key !== "all").map((group) => group.key);
  const search = new URLSearchParams({ tab: "dive", slice: formatSlice(slice) });
  if (parts.length > 0) search.set("parts", parts.join(","));
  if (version !== null) search.set("version", String(version));
  return `/datasets/${encodeURIComponent(name)}?${search}`;
}

function Quarantine({ overview: { name, version, quarantinedAt, heldBy } }: { overview: Answer }) {
  if (!quarantinedAt) return null;
  return (
    <Alert color="orange" title={`Version ${version} is in quarantine`} mb="md">
      Since {quarantinedAt.slice(0, 10)}: {quarantineCause(heldBy)}, so no run reads it and nothing of it is promoted.
      What was found is under{" "}
      {heldBy[0] === undefined ? (
        <Anchor component={Link} href={`/datasets/${encodeURIComponent(name)}?tab=rules`} inherit underline="always">
          Rules
        </Anchor>
      ) : (
        <Anchor component={Link} href={`/monitors/${encodeURIComponent(heldBy[0])}`} inherit underline="always">
          {heldBy[0]}
        </Anchor>
      )}
      .
    </Alert>
  );
}
