import type { SourceDetail } from "@/lib/contracts/sources";
import { prisma } from "@/lib/db/client";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { isWithheld, withholdValues } from "../access/personal-values";
import type { Scope } from "../scope";
import { statsOf } from "../stored-json";
import { FIGURES, withFigures } from "../stored-figures";

/** The newest distribution of each of the source's columns over all rows and all time, as far as the caller may see its values. */
export async function sourceProfiles(scope: Scope, source: SourceDefinition): Promise<SourceDetail["profiles"]> {
  const workspaceId = scope.workspace.id;
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
    include: { datasetVersion: { select: { version: true } }, ...FIGURES },
  });
  const features = await prisma().feature.findMany({
    where: { workspaceId, name: { in: columns } },
    select: { name: true, sensitivity: true },
  });
  const withheld = new Set(features.flatMap(({ name, sensitivity }) => (isWithheld(scope, sensitivity) ? [name] : [])));
  const newest = new Map(
    rows.map(withFigures).map((row) => [row.column, withheld.has(row.column) ? withholdValues(row) : row]),
  );
  return columns.flatMap((column) => {
    const row = newest.get(column);
    if (!row) return [];
    const stats = statsOf(row.stats);
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
