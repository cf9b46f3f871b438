"use client";

import { Popover, Text } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { BreakableName } from "@/components/ui/breakable-name";
import scrollEdges from "@/components/ui/scroll-edges.module.css";
import type { DriftCell, DriftRow } from "@/lib/contracts/drift";
import { describeMissing, describeScore } from "@/lib/domain/drift/drift-words";
import { describeLevels, shortScore, shortSeverity, STATE_SIGNS, STATE_WORDS } from "./drift-words";
import classes from "./drift.module.css";
import { MiniHistogram } from "./mini-histogram";

const MONTH = new Intl.DateTimeFormat("en", { month: "short", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
const count = new Intl.NumberFormat("en");

const STEPS: Record<string, [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** "Jun" of a month, "4 Jun" of a day or week. */
function nameOf(window: string): string {
  return window.length > 7 ? DAY.format(new Date(window)) : MONTH.format(new Date(`${window}-01T00:00:00Z`));
}

/**
 * A grid that the arrow keys walk: one cell at a time is in the tab order, and Enter opens its comparison. A table for
 * those who hear it, with the state of every cell in words.
 */
export function HeatMap({
  name,
  windows,
  rows,
  onOpen,
}: {
  /** What the features are of. */
  name: string;
  windows: readonly string[];
  rows: DriftRow[];
  onOpen: (feature: string, window: string) => void;
}) {
  const [[atRow, atColumn], setAt] = useState<[number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value));
  const here = [clamp(atRow, rows.length - 1), clamp(atColumn, windows.length - 1)] as const;

  function walk(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const next: [number, number] = [
      clamp(here[0] + step[0], rows.length - 1),
      clamp(here[1] + step[1], windows.length - 1),
    ];
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next.join(":")}"]`)?.focus();
  }

  return (
    <div className={`${classes.scroll} ${scrollEdges.edges}`}>
      <table
        className={classes.heat}
        role="grid"
        aria-label={`Drift of ${name} by feature and window`}
        ref={table}
        onKeyDown={walk}
      >
        <thead>
          <tr>
            <th scope="col">Feature</th>
            {windows.map((window) => (
              <th key={window} scope="col" className={classes.month}>
                {nameOf(window)}
                <span>{window.slice(0, 4)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowIndex) => {
            const cells = new Map(row.cells.map((cell) => [cell.window, cell]));
            return (
              <tr key={row.feature}>
                <th scope="row">
                  <a href={`/features/${encodeURIComponent(row.feature)}`}>
                    <BreakableName name={row.feature} />
                  </a>
                  <span>
                    v{row.version}
                    {!row.isRead && ", no readers"}
                  </span>
                </th>
                {windows.map((window, columnIndex) => (
                  <td key={window}>
                    <Cell
                      row={row}
                      window={window}
                      cell={cells.get(window)}
                      position={`${rowIndex}:${columnIndex}`}
                      isTabStop={here[0] === rowIndex && here[1] === columnIndex}
                      onFocus={() => setAt([rowIndex, columnIndex])}
                      onOpen={() => onOpen(row.feature, window)}
                    />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Cell({
  row,
  window,
  cell,
  position,
  isTabStop,
  onFocus,
  onOpen,
}: {
  row: DriftRow;
  window: string;
  cell: DriftCell | undefined;
  position: string;
  isTabStop: boolean;
  onFocus: () => void;
  onOpen: () => void;
}) {
  const [isShown, setShown] = useState(false);
  const shared = {
    "data-cell": position,
    tabIndex: isTabStop ? 0 : -1,
    className: classes.cell,
    onFocus: () => {
      setShown(true);
      onFocus();
    },
    onBlur: () => setShown(false),
    onMouseEnter: () => setShown(true),
    onMouseLeave: () => setShown(false),
  } as const;
  if (!cell)
    return (
      <button
        type="button"
        {...shared}
        data-state="none"
        aria-disabled="true"
        aria-label={`${row.feature}, ${window}: not profiled`}
      />
    );
  const { isReference } = cell;
  const score = cell.score === null ? "" : `, ${describeScore(cell.metric, cell.score)}`;
  const missing = describeMissing(cell.missing);
  const state = isReference ? "the reference" : STATE_WORDS[cell.state];
  const cause = cell.because === "missing" ? `, ${missing}` : "";
  const partial = cell.isPartial ? ", only a part of the window has data" : "";
  return (
    <Popover
      opened={isShown}
      width={300}
      position="top"
      withArrow
      shadow="md"
      withRoles={false}
      trapFocus={false}
      returnFocus={false}
    >
      <Popover.Target>
        <button
          type="button"
          {...shared}
          data-state={isReference ? "reference" : cell.state}
          data-partial={cell.isPartial || undefined}
          aria-label={`${row.feature}, ${window}: ${state}${score}${cause}${partial}`}
          onClick={() => {
            setShown(false);
            onOpen();
          }}
        >
          <span aria-hidden="true">{isReference ? "ref" : STATE_SIGNS[cell.state]}</span>
          {cell.because === "missing" ? (
            <span className={classes.score}>∅ {Math.round((cell.missing?.[1] ?? 0) * 100)} %</span>
          ) : (
            cell.score !== null && <span className={classes.score}>{shortScore(cell.metric, cell.score)}</span>
          )}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" fw={600}>
          {row.feature}, {window}
        </Text>
        <Text size="xs" c="dimmed" mb={6}>
          {isReference
            ? "the reference"
            : [
                cell.score === null ? cell.explanation : describeScore(cell.metric, cell.score),
                describeLevels(cell.metric, cell.warn, cell.critical),
                cell.severity !== null && `severity ${shortSeverity(cell.severity)}`,
                missing,
                cell.isPartial && "only a part of the window has data",
                `n ${count.format(row.referenceRows)} / ${count.format(cell.rows)}`,
              ]
                .filter(Boolean)
                .join(" · ")}
        </Text>
        <div className={classes.minis}>
          <MiniHistogram shares={row.referenceShares} label={row.reference ?? "reference"} kind="reference" />
          <MiniHistogram shares={cell.shares} label={window} kind="current" />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
