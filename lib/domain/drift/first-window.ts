import type { DriftSide } from "./drift-side";
import { totalOf } from "../statistics/histogram";

/** Windows with fewer rows say little, also as a reference. */
export const LEAST_ROWS = 30;

/** What the others are compared with where nobody says otherwise, of windows by time: the first that has enough rows. */
export function firstWindow<Window extends DriftSide>(windows: readonly Window[]): Window | undefined {
  return windows.find(({ histogram }) => totalOf(histogram) >= LEAST_ROWS) ?? windows[0];
}
