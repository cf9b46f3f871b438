"use client";

import { Button, Text } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterBar } from "@/components/ui/filter-bar";
import { PagedItems } from "@/components/ui/paged-items";
import { urlOf } from "@/lib/client/api";
import { experimentQueries } from "@/lib/client/experiments";
import { exportExperiments } from "@/lib/contracts/experiments";
import { EXPERIMENT_PAGE, experimentParsers, experimentQueryOf, OUTCOME_FILTERS } from "./experiment-views";
import { ExperimentItem } from "./experiment-item";
import itemList from "@/components/ui/item-list.module.css";
import { FilterSelect, FilterText } from "@/components/ui/filter-fields";

const NONE = { q: null, outcome: null, feature: null, stage: null, owner: null, tag: null };

/** The experiments of a workspace with words and filters that stand in the URL. */
export function ExperimentList({ workspace, canWrite }: { workspace: string; canWrite: boolean }) {
  const [filters, setFilters] = useQueryStates(experimentParsers, { throttleMs: 300 });
  const query = experimentQueryOf(workspace, filters);
  const pages = useInfiniteQuery({
    ...experimentQueries.pages({ ...query, limit: EXPERIMENT_PAGE }),
    placeholderData: keepPreviousData,
  });
  const [first] = pages.data?.pages ?? [];
  const isFiltered = Object.values(filters).some((value) => value !== null && value !== "");
  return (
    <>
      <FilterBar
        label="Find experiments"
        clear={isFiltered ? () => void setFilters(NONE) : null}
        download={{ format: "CSV", href: urlOf(exportExperiments, { query: { ...query, format: "csv" } }) }}
      >
        <FilterText
          label="Words"
          placeholder="segments, weather …"
          leftSection={<IconSearch size={14} />}
          value={filters.q}
          onChange={(q) => void setFilters({ q })}
        />
        <FilterSelect
          label="Outcome"
          any="Any outcome"
          value={filters.outcome}
          data={OUTCOME_FILTERS}
          onChange={(outcome) => void setFilters({ outcome })}
        />
        <FilterText
          label="Feature"
          placeholder="airport.segment"
          value={filters.feature}
          onChange={(feature) => void setFilters({ feature })}
        />
        <FilterText
          label="Stage"
          placeholder="airport_segments"
          value={filters.stage}
          onChange={(stage) => void setFilters({ stage })}
        />
        <FilterSelect
          label="Owner"
          placeholder="Anyone"
          any="Any owner"
          searchable
          value={filters.owner}
          data={first?.facets.owners ?? []}
          onChange={(owner) => void setFilters({ owner })}
        />
        <FilterSelect
          label="Tag"
          any="Any tag"
          searchable
          value={filters.tag}
          data={first?.facets.tags ?? []}
          onChange={(tag) => void setFilters({ tag })}
        />
      </FilterBar>
      {first && first.corrections.length > 0 && (
        <Text size="sm" c="dimmed" mb="sm" role="status">
          {first.corrections.map(({ word, read }) => `“${word}” was read as ${read.join(" or ")}`).join("; ")}.
        </Text>
      )}
      <PagedItems query={pages} rowHeight={72} empty={<Nothing isFiltered={isFiltered} canWrite={canWrite} />}>
        {(experiments) => (
          <ul className={itemList.items}>
            {experiments.map((experiment) => (
              <ExperimentItem key={experiment.number} experiment={experiment} />
            ))}
          </ul>
        )}
      </PagedItems>
    </>
  );
}

function Nothing({ isFiltered, canWrite }: { isFiltered: boolean; canWrite: boolean }) {
  if (isFiltered)
    return <EmptyState title="No experiment matches">Remove a word or a filter to widen the search.</EmptyState>;
  return (
    <EmptyState
      title="No experiments yet"
      action={
        canWrite && (
          <Button component={Link} href="/experiments/new">
            Write a hypothesis
          </Button>
        )
      }
    >
      An experiment states a hypothesis in business terms, the metric that tests it and, at the end, what was learned,
      including negative results.
    </EmptyState>
  );
}
