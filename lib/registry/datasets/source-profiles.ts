import type { SourceDetail } from "@/lib/contracts/sources";
import { prisma } from "@/lib/db/client";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { ColumnStats } from "@/lib/domain/profiles/column-stats";

/** The newest distribution of each of the source's columns over all rows and all time. */
export async function sourceProfiles(workspaceId: string, source: SourceDefinition): Promise<SourceDetail["profiles"]> {
  const columns = source.columns.map((column) => `${source.entity}.${column.name}`);
  const rows = await prisma().profile.findMany({
    where: {
      workspaceId,
      column: { in: columns },
      part: "all",
      windowFrom: null,
      featureVersion: { source: source.name },
    },
    orderBy: { createdAt: "asc" },
    include: { datasetVersion: { select: { version: true } } },
  });
  const newest = new Map(rows.map((row) => [row.column, row]));
  return columns.flatMap((column) => {
    const row = newest.get(column);
    if (!row) return [];
    const stats = row.stats as unknown as ColumnStats;
    const { counts } = (row.equalWidth ?? row.histogram) as { counts?: number[] };
    return [
      {
        column,
        version: row.datasetVersion.version,
        rows: Number(row.rows),
        missing: stats.missing ?? 0,
        distinct: stats.distinct ?? null,
        min: stats.min ?? null,
        median: stats.quantiles?.["0.5"] ?? null,
        max: stats.max ?? null,
        mean: stats.mean ?? null,
        std: stats.sampleStd ?? null,
        top: stats.top ?? [],
        counts: counts ?? [],
      },
    ];
  });
}
