import type { Prisma } from "@/lib/db/generated/client";

/** For statements of Prisma: a profile with the figures that lie apart from it, as `withFigures` takes it. */
export const FIGURES = { figures: { select: { stats: true, equalWidth: true } } } as const;

export interface StoredFigures {
  /** ColumnStats. */
  stats: Prisma.JsonValue;
  /** Histogram; null for categories. */
  equalWidth: Prisma.JsonValue;
}

/** A profile with its figures as one row. */
export function withFigures<Row extends { figures: StoredFigures | null }>({
  figures,
  ...row
}: Row): Omit<Row, "figures"> & StoredFigures {
  if (!figures) throw new Error("A profile has no figures: both are written together.");
  return { ...row, ...figures };
}
