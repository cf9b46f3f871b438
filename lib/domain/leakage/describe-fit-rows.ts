import type { FitRows } from "../definitions/stage";
import { listInWords } from "./list-in-words";

/** Rows to fit on, in words; null when the owner leaves it to the pipeline. */
export function describeFitRows(fit: FitRows | undefined): string | null {
  if (!fit) return null;
  return "rows" in fit ? "all rows" : `${listInWords(fit.parts)} of ${fit.split}`;
}
