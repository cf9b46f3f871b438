"use client";

import { ActionIcon, Button, Drawer, Menu, Select, Text, TextInput } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconDownload, IconFilter, IconSearch, IconX } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { exportUrl, featureQueries } from "@/lib/client/features";
import type { SortKey } from "@/lib/domain/search/search-features";
import { PageHeader } from "@/components/ui/page-header";
import { ErrorState } from "@/components/ui/error-state";
import { useKeys } from "@/components/shell/use-keys";
import { Corrections } from "./corrections";
import { FacetList } from "./facet-list";
import classes from "./features.module.css";
import { NoFeatures } from "./no-features";
import { PreviewPane } from "./preview-pane";
import { QueryChips } from "./query-chips";
import { ResultList } from "./result-list";
import { useActiveRow } from "./use-active-row";
import { useDiscovery } from "./use-discovery";

const SORTS: { value: SortKey; label: string }[] = [
  { value: "relevance", label: "Best match" },
  { value: "name", label: "Name" },
  { value: "fresh", label: "Freshest" },
  { value: "drift", label: "Most drift" },
  { value: "used", label: "Most used" },
];

/** Discovery: one search state, seen as text, chips and facets; rows that never end; a preview beside them. */
export function FeaturesPage({ workspace, total }: { workspace: string; total: number }) {
  const discovery = useDiscovery();
  const { q, searched, sort, preview, setPreview } = discovery;
  const search = useInfiniteQuery(featureQueries.search(workspace, searched, sort));
  const first = search.data?.pages[0];
  const items = search.data?.pages.flatMap((page) => page.items) ?? [];
  const box = useRef<HTMLInputElement>(null);
  const router = useRouter();
  const [filters, { open, close }] = useDisclosure(false);
  const isWide = useMediaQuery("(min-width: 75em)", false);
  const active = useActiveRow(items.length);
  const chosen = items[active.index];

  useKeys({
    j: active.next,
    k: active.previous,
    p: () => {
      // Whoever has just searched means the best match.
      const shown = chosen ?? items[0];
      if (shown) setPreview(preview === shown.name ? null : shown.name);
    },
    "/": () => box.current?.focus(),
    Escape: () => setPreview(null),
  });

  const facets = first && <FacetList facets={first.facets} total={first.total} discovery={discovery} />;
  const filterCount = discovery.parts.filter((part) => part.kind === "filter").length;
  return (
    <>
      <PageHeader
        title="Discover features"
        facts={
          <span role="status" aria-live="polite">
            {first ? (
              <>
                {first.total.toLocaleString("en")} of {total.toLocaleString("en")}
                {first.tookMs > 0 && <> · {first.tookMs < 1 ? "under 1" : Math.round(first.tookMs)} ms</>}
              </>
            ) : (
              "searching"
            )}
          </span>
        }
        actions={
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" size="xs" leftSection={<IconDownload size={14} />}>
                Export
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>All {first?.total.toLocaleString("en")} found</Menu.Label>
              <Menu.Item component="a" href={exportUrl(workspace, q, sort, "csv")} download>
                CSV for spreadsheets
              </Menu.Item>
              <Menu.Item component="a" href={exportUrl(workspace, q, sort, "json")} download>
                JSON for programs
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        }
      />
      <div className={classes.bar}>
        <TextInput
          ref={box}
          className={classes.box}
          aria-label="Search features"
          placeholder="delay mean   owner:network-planning   -deprecated"
          leftSection={<IconSearch size={16} />}
          rightSection={
            q && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label="Clear the search"
                onClick={() => discovery.type("")}
              >
                <IconX size={14} />
              </ActionIcon>
            )
          }
          value={q}
          onChange={(event) => discovery.type(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") {
              event.preventDefault();
              active.first();
            }
            // Leaves the box, so that the keys of the page work on what was found.
            if (event.key === "Escape" && q !== "") {
              event.preventDefault();
              event.currentTarget.blur();
            }
            if (event.key === "Enter" && items[0]) router.push(`/features/${items[0].name}`);
          }}
          autoComplete="off"
          spellCheck={false}
        />
        <Select
          className={classes.sort}
          aria-label="Order"
          data={SORTS}
          value={sort}
          allowDeselect={false}
          comboboxProps={{ width: 140, position: "bottom-end" }}
          onChange={(value) => discovery.setSort((value ?? "relevance") as SortKey)}
        />
        <Button
          className={classes.filterButton}
          variant="default"
          leftSection={<IconFilter size={14} />}
          onClick={open}
        >
          Filters{filterCount > 0 && ` ${filterCount}`}
        </Button>
      </div>
      <QueryChips discovery={discovery} />
      {first && <Corrections corrections={first.corrections} discovery={discovery} />}
      <div className={classes.columns} data-preview={isWide && preview ? true : undefined}>
        <aside className={classes.facets} aria-label="Filters">
          {facets}
        </aside>
        <section aria-label="Features found" className={classes.found}>
          {search.isError && <ErrorState error={search.error} retry={() => void search.refetch()} />}
          {first?.total === 0 ? (
            <NoFeatures discovery={discovery} />
          ) : (
            <ResultList
              items={items}
              total={first?.total ?? 0}
              active={active}
              preview={preview}
              onPreview={setPreview}
              hasMore={search.hasNextPage}
              isLoadingMore={search.isFetchingNextPage}
              loadMore={() => void search.fetchNextPage()}
              isStale={search.isPlaceholderData}
            />
          )}
          {items.length > 0 && (
            <Text size="xs" c="dimmed" mt="sm" className={classes.hint}>
              <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> opens · <kbd>p</kbd> previews · <kbd>/</kbd> searches
            </Text>
          )}
        </section>
        {preview && isWide && (
          <aside className={classes.preview} aria-label={`Preview of ${preview}`}>
            <PreviewPane workspace={workspace} name={preview} close={() => setPreview(null)} />
          </aside>
        )}
      </div>
      <Drawer
        opened={filters}
        onClose={close}
        title="Filters"
        size="xs"
        closeButtonProps={{ "aria-label": "Close filters" }}
      >
        {facets}
      </Drawer>
      <Drawer
        opened={preview !== null && !isWide}
        onClose={() => setPreview(null)}
        position="right"
        size="md"
        title="Preview"
        closeButtonProps={{ "aria-label": "Close preview" }}
      >
        {preview && <PreviewPane workspace={workspace} name={preview} />}
      </Drawer>
    </>
  );
}
