"use client";

import { Skeleton } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { FeatureSummary } from "@/lib/contracts/features";
import classes from "./features.module.css";
import { ResultRow } from "./result-row";
import type { ActiveRow } from "./use-active-row";

const COLUMNS = ["Feature", "Type", "Serves", "Distribution", "Drift", "Used by", "Fresh"];

/** Pixels before measuring: three lines of text. */
const ROW = 76;

/** The rows that are in sight, and only those, as a table. */
export function ResultList({
  items,
  total,
  active,
  preview,
  onPreview,
  hasMore,
  isLoadingMore,
  loadMore,
  isStale,
}: {
  items: FeatureSummary[];
  total: number;
  active: ActiveRow;
  preview: string | null;
  onPreview(name: string | null): void;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore(): void;
  isStale: boolean;
}) {
  const list = useRef<HTMLDivElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    if (list.current) setScrollMargin(list.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW,
    overscan: 8,
    scrollMargin,
    // The server knows no window: a screenful of rows arrives with the page.
    initialRect: { width: 1000, height: 1200 },
    getItemKey: (index) => items[index]?.name ?? index,
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows[rows.length - 1]?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= items.length - 10) loadMore();
  }, [hasMore, isLoadingMore, last, items.length, loadMore]);
  useEffect(() => {
    if (active.moves === 0) return;
    virtualizer.scrollToIndex(active.index, { align: "auto" });
    const focus = () =>
      list.current?.querySelector<HTMLElement>(`[data-index="${active.index}"] a`)?.focus({ preventScroll: true });
    focus();
    // A row out of sight exists only after the scroll.
    const frame = requestAnimationFrame(focus);
    return () => cancelAnimationFrame(frame);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a move by keyboard moves the focus
  }, [active.moves]);

  return (
    <div
      role="table"
      aria-label="Features"
      aria-rowcount={total + 1}
      data-stale={isStale || undefined}
      className={classes.table}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.head}`}>
          {COLUMNS.map((column) => (
            <span key={column} role="columnheader" data-column={column}>
              {column}
            </span>
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        ref={list}
        style={{ height: virtualizer.getTotalSize(), position: "relative" }}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          if (event.key === "ArrowDown") active.next();
          else active.previous();
        }}
      >
        {rows.map((row) => {
          const item = items[row.index];
          return (
            item && (
              <div
                key={row.key}
                role="row"
                aria-rowindex={row.index + 2}
                data-index={row.index}
                ref={virtualizer.measureElement}
                className={classes.row}
                data-active={row.index === active.index || undefined}
                data-previewed={item.name === preview || undefined}
                style={{
                  position: "absolute",
                  top: 0,
                  left: 0,
                  right: 0,
                  transform: `translateY(${row.start - virtualizer.options.scrollMargin}px)`,
                }}
                onFocus={() => active.set(row.index)}
              >
                <ResultRow
                  item={item}
                  onPreview={() => onPreview(item.name === preview ? null : item.name)}
                  isPreviewed={item.name === preview}
                />
              </div>
            )
          );
        })}
      </div>
      {isLoadingMore && <Skeleton height={ROW} mt={1} />}
    </div>
  );
}
