"use client";

import { Popover, Text } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import type { DriftMap } from "@/lib/contracts/drift";
import type { DriftCell, DriftRow } from "./drift-views";
import classes from "./drift.module.css";
import { MiniHistogram } from "./mini-histogram";

const SIGNS = { fine: "·", warn: "▪", critical: "■", insufficient_data: "–" } as const;
const WORDS = { fine: "fine", warn: "warning", critical: "critical", insufficient_data: "too few rows" } as const;
const MONTH = new Intl.DateTimeFormat("en", { month: "short", timeZone: "UTC" });
const count = new Intl.NumberFormat("en");

const STEPS: Record<string, [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/**
 * A grid that the arrow keys walk: one cell at a time is in the tab order, and Enter opens its comparison. A table for
 * those who hear it, with the state of every cell in words.
 */
export function HeatMap({
  map,
  rows,
  onOpen,
}: {
  map: DriftMap;
  rows: DriftRow[];
  onOpen: (feature: string, month: string) => void;
}) {
  const [[atRow, atColumn], setAt] = useState<[number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value));
  const here = [clamp(atRow, rows.length - 1), clamp(atColumn, map.months.length - 1)] as const;

  function walk(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const next: [number, number] = [
      clamp(here[0] + step[0], rows.length - 1),
      clamp(here[1] + step[1], map.months.length - 1),
    ];
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next.join(":")}"]`)?.focus();
  }

  return (
    <div className={classes.scroll}>
      <table className={classes.heat} role="grid" aria-label="Drift by feature and month" ref={table} onKeyDown={walk}>
        <thead>
          <tr>
            <th scope="col">Feature</th>
            {map.months.map((month) => (
              <th key={month} scope="col" className={classes.month}>
                {MONTH.format(new Date(`${month}-01T00:00:00Z`))}
                <span>{month.slice(0, 4)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowIndex) => {
            const cells = new Map(row.cells.map((cell) => [cell.month, cell]));
            return (
              <tr key={row.feature}>
                <th scope="row">
                  <a href={`/features/${encodeURIComponent(row.feature)}`}>{row.feature}</a>
                  <span>v{row.version}</span>
                </th>
                {map.months.map((month, columnIndex) => (
                  <td key={month}>
                    <Cell
                      map={map}
                      row={row}
                      month={month}
                      cell={cells.get(month)}
                      position={`${rowIndex}:${columnIndex}`}
                      isTabStop={here[0] === rowIndex && here[1] === columnIndex}
                      onFocus={() => setAt([rowIndex, columnIndex])}
                      onOpen={() => onOpen(row.feature, month)}
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
  map,
  row,
  month,
  cell,
  position,
  isTabStop,
  onFocus,
  onOpen,
}: {
  map: DriftMap;
  row: DriftRow;
  month: string;
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
        aria-label={`${row.feature}, ${month}: not profiled`}
      />
    );
  const isReference = month === map.reference;
  const score = cell.score === null ? "" : `, PSI ${cell.score.toFixed(2)}`;
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
          aria-label={`${row.feature}, ${month}: ${isReference ? "the reference" : WORDS[cell.state]}${score}`}
          onClick={() => {
            setShown(false);
            onOpen();
          }}
        >
          <span aria-hidden="true">{isReference ? "ref" : SIGNS[cell.state]}</span>
          {cell.score !== null && <span className={classes.score}>{cell.score.toFixed(2)}</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" fw={600}>
          {row.feature}, {month}
        </Text>
        <Text size="xs" c="dimmed" mb={6}>
          {cell.score === null
            ? isReference
              ? "the reference month"
              : "not computed"
            : `PSI ${cell.score.toFixed(3)}`}{" "}
          · warn {map.warn}, critical {map.critical} · n {count.format(row.referenceRows)} / {count.format(cell.rows)}
        </Text>
        <div className={classes.minis}>
          <MiniHistogram shares={row.referenceShares} label={map.reference ?? "reference"} kind="reference" />
          <MiniHistogram shares={cell.shares} label={month} kind="current" />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
