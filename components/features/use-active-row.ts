"use client";

import { useState } from "react";

export interface ActiveRow {
  /** −1 before anybody moved. */
  index: number;
  first(): void;
  next(): void;
  previous(): void;
  set(index: number): void;
  /** Grows with every move by keyboard, so that the list brings the row into view and focuses it. */
  moves: number;
}

/** The row that the keyboard is at. */
export function useActiveRow(count: number): ActiveRow {
  const [{ index, moves }, set] = useState({ index: -1, moves: 0 });
  const to = (wanted: number) =>
    set((before) => ({ index: Math.max(0, Math.min(wanted, count - 1)), moves: before.moves + 1 }));
  return {
    index: Math.min(index, count - 1),
    moves,
    first: () => to(0),
    next: () => to(index + 1),
    previous: () => to(index - 1),
    set: (wanted) => set((before) => ({ ...before, index: wanted })),
  };
}
