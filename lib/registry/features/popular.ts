import type { HomeFeature } from "@/lib/contracts/home";
import { prisma } from "@/lib/db/client";
import type { Histogram } from "@/lib/domain/statistics/histogram";
import { histogramOf } from "../stored-json";

const MOST_POPULAR = 8;

interface PopularRow {
  id: string;
  name: string;
  type: string;
  description: string;
  consumers: bigint | number;
  uses: bigint | number;
  computedAt: Date | null;
}

/** The documented features that most consumers used, with their distribution over all rows. */
export async function listPopular(workspaceId: string): Promise<HomeFeature[]> {
  const rows = await prisma().$queryRaw<PopularRow[]>`
    SELECT f."id", f."name", f."type", f."description",
      count(DISTINCT u."consumer") AS "consumers", count(*) AS "uses",
      (SELECT max(w."createdAt") FROM "FeatureValues" w JOIN "FeatureVersion" x ON x."id" = w."featureVersionId"
        WHERE x."featureId" = f."id") AS "computedAt"
    FROM "Usage" u
    JOIN "FeatureVersion" v ON v."id" = u."featureVersionId"
    JOIN "Feature" f ON f."id" = v."featureId"
    WHERE u."workspaceId" = ${workspaceId} AND f."declared" AND f."retiredAt" IS NULL
    GROUP BY f."id"
    ORDER BY "consumers" DESC, "uses" DESC, f."name"
    LIMIT ${MOST_POPULAR}`;
  const histograms = await newestHistograms(
    workspaceId,
    rows.map((row) => row.name),
  );
  return rows.map(({ name, type, description, consumers, uses, computedAt }) => ({
    name,
    type,
    description,
    consumers: Number(consumers),
    uses: Number(uses),
    computedAt: computedAt?.toISOString() ?? null,
    histogram: histograms.get(name)?.counts ?? [],
  }));
}

/** Per column, the newest profile over all rows and times; on equal widths where there are, because that is what the eye expects. */
async function newestHistograms(workspaceId: string, columns: string[]): Promise<Map<string, Histogram>> {
  const profiles = await prisma().profile.findMany({
    where: { workspaceId, column: { in: columns }, part: "all", windowFrom: null },
    orderBy: { createdAt: "asc" },
    select: { column: true, histogram: true, equalWidth: true },
  });
  return new Map(profiles.map(({ column, histogram, equalWidth }) => [column, histogramOf(equalWidth ?? histogram)]));
}
