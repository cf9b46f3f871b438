"use client";

import { Anchor, Button, Text } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterBar } from "@/components/ui/filter-bar";
import { FilterText } from "@/components/ui/filter-fields";
import itemList from "@/components/ui/item-list.module.css";
import { PagedItems } from "@/components/ui/paged-items";
import { TimeAgo } from "@/components/ui/time-ago";
import { VerdictMark } from "@/components/usage/verdict-mark";
import { TRAINING_PAGE, trainingQueries } from "@/lib/client/training-datasets";
import type { TrainingDatasetSummary } from "@/lib/contracts/training-datasets";
import { trainingParsers } from "./training-views";

/** The training datasets of a workspace, newest first. */
export function TrainingList({ workspace, canWrite }: { workspace: string; canWrite: boolean }) {
  const [filters, setFilters] = useQueryStates(trainingParsers, { throttleMs: 300 });
  const q = filters.q ?? "";
  const pages = useInfiniteQuery({
    ...trainingQueries.pages({ workspace, q, limit: TRAINING_PAGE }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <FilterBar label="Find training datasets" clear={q === "" ? null : () => void setFilters({ q: null })}>
        <FilterText
          label="Words"
          placeholder="Name, spine, label, feature …"
          leftSection={<IconSearch size={14} />}
          value={filters.q}
          onChange={(value) => void setFilters({ q: value })}
        />
      </FilterBar>
      <PagedItems query={pages} rowHeight={64} empty={<Nothing isFiltered={q !== ""} canWrite={canWrite} />}>
        {(items) => (
          <ul className={itemList.items}>
            {items.map((item) => (
              <Item key={item.name} item={item} />
            ))}
          </ul>
        )}
      </PagedItems>
    </>
  );
}

const count = new Intl.NumberFormat("en");

function Item({ item }: { item: TrainingDatasetSummary }) {
  const { name, description, spine, label, split, features, rows, verdict, cached, createdAt, createdBy } = item;
  return (
    <li className={itemList.item}>
      <div className={itemList.itemHead}>
        <Anchor component={Link} href={`/training-datasets/${name}`} className={itemList.itemTitle}>
          {name}
        </Anchor>
        {verdict && <VerdictMark verdict={verdict} />}
      </div>
      {description && <div>{description}</div>}
      <Text size="xs" c="dimmed" component="div">
        {count.format(rows)} rows of {spine} · {features} features{label && ` · label ${label}`}
        {split && ` · split ${split}`} · {cached ? "rows kept" : "rows not kept"} · frozen <TimeAgo at={createdAt} /> by{" "}
        {createdBy}
      </Text>
    </li>
  );
}

function Nothing({ isFiltered, canWrite }: { isFiltered: boolean; canWrite: boolean }) {
  if (isFiltered)
    return <EmptyState title="No training dataset matches">Remove a word to widen the search.</EmptyState>;
  return (
    <EmptyState
      title="No training datasets yet"
      action={
        canWrite && (
          <Button component={Link} href="/training-datasets/new">
            New training dataset
          </Button>
        )
      }
    >
      A training dataset freezes which features, on which rows, as of when: it can be downloaded, quoted, compared and
      made again to the same digest.
    </EmptyState>
  );
}
