"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import type { OverviewFeature, ComparisonGroup } from "@/lib/contracts/overviews";
import type { Slice } from "@/lib/domain/profiles/slice";
import { CHART_HEIGHT, FeatureRow, type RowLook } from "./feature-row";
import classes from "./overview.module.css";

/** Beside the chart: its ends, the padding and the line between rows. */
const AROUND = 42;

/** The rows that are in sight, and only those. */
export function FeatureList({
  features,
  groups,
  look,
  slice,
  diveHref,
  onSlice,
}: {
  features: readonly OverviewFeature[];
  groups: readonly ComparisonGroup[];
  look: RowLook;
  slice: Slice | null;
  diveHref: ((slice: Slice) => string) | null;
  onSlice(slice: Slice | null): void;
}) {
  const list = useRef<HTMLUListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    if (list.current) setScrollMargin(list.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: features.length,
    estimateSize: () => (look.expand ? CHART_HEIGHT.tall : CHART_HEIGHT.low) + AROUND,
    overscan: 4,
    scrollMargin,
    // The server knows no window: a screenful of rows arrives with the page.
    initialRect: { width: 1000, height: 1200 },
    getItemKey: (index) => features[index]?.name ?? index,
  });
  return (
    <ul ref={list} className={classes.list} aria-label="Features" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, key, start }) => {
        const feature = features[index];
        if (!feature) return null;
        const own = slice?.column === feature.name ? slice : null;
        return (
          <li
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            className={classes.item}
            aria-setsize={features.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start - scrollMargin}px)` }}
          >
            <FeatureRow
              feature={feature}
              groups={groups}
              look={look}
              slice={own}
              diveHref={own && diveHref && feature.noRows === null ? diveHref(own) : null}
              onSlice={onSlice}
            />
          </li>
        );
      })}
    </ul>
  );
}
