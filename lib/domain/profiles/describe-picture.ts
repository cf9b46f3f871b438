import type { Environment } from "../environments";

/** Which values stand for a feature wherever it is drawn small: those of the version that stands for it, over all rows. */
export interface Picture {
  /** The highest environment that serves the version; null when none does, and the newest version stands for it. */
  environment: Environment | null;
  version: number;
  /** `name@version` of the dataset that the values are in. */
  dataset: string;
  rows: number;
  /** ISO instants of the first and last row; null where rows have no time. */
  from: string | null;
  to: string | null;
}

/** The same in words, said beside the picture: `production · version 2 · 1,048 rows of flights@1, 2001-06-01 to 2001-06-30`. */
export function describePicture({ environment, version, dataset, rows, from, to }: Picture): string {
  const days = from && to ? `, ${from.slice(0, 10)} to ${to.slice(0, 10)}` : "";
  return `${environment ?? "no environment"} · version ${version} · ${rows.toLocaleString("en")} rows of ${dataset}${days}`;
}
