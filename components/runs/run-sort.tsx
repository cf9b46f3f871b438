"use client";

import { Select } from "@mantine/core";
import type { RunSummary } from "@/lib/contracts/runs";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { figureLabel } from "./figures";

/** By what the runs are sorted: the time, or a metric that runs of the page have on test rows, the best first. */
export function RunSort({
  sort,
  runs,
  onSort,
}: {
  sort: string | null;
  runs: readonly RunSummary[];
  onSort(sort: string | null): void;
}) {
  const had = new Set(runs.flatMap(({ metrics }) => Object.keys(metrics?.test ?? {})));
  const offered = Object.entries(MODEL_METRICS).flatMap(([name, { better }]) =>
    better && had.has(name) ? [`${better === "higher" ? "-" : ""}metrics.test.${name}`] : [],
  );
  const options = [...new Set([...offered, ...(sort === null ? [] : [sort])])];
  if (options.length === 0) return null;
  return (
    <Select
      aria-label="Sort"
      placeholder="Newest first"
      data={options.map((value) => ({ value, label: labelOf(value, offered.includes(value)) }))}
      value={sort}
      onChange={onSort}
      clearable
      clearButtonProps={{ "aria-label": "Newest first" }}
      w={{ base: "100%", xs: 200 }}
    />
  );
}

function labelOf(sort: string, isBest: boolean): string {
  const label = figureLabel(sort.replace(/^-/, ""));
  if (isBest) return `Best ${label}`;
  return `${label}, ${sort.startsWith("-") ? "falling" : "rising"}`;
}
