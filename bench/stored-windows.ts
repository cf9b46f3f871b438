import { prisma } from "@/lib/db/client";

/**
 * So many features that staging serves, each profiled on so many days from 2001-01-01 on, with every figure that a profile of a
 * number has. Closed forms, never random: every tenth feature drifts, every seventh has missing values. They lie feature by
 * feature, as a run writes them. A few statements write them: three hundred thousand objects of the client would be litter that
 * the bench then measures.
 */
export async function fillWindows(
  workspaceId: string,
  { features, windows }: { features: number; windows: number },
): Promise<void> {
  const { id: datasetVersionId } = await prisma().datasetVersion.findFirstOrThrow();
  await prisma().$executeRaw`
    INSERT INTO "Feature" ("id", "workspaceId", "name", "entity", "type", "definition", "digest", "createdBy", "updatedBy", "updatedAt")
    SELECT name, ${workspaceId}, name, 'airport', 'double', '{}', 'bench', 'bench', 'bench', now()
    FROM (SELECT 'airport.f' || at AS name FROM generate_series(0, ${features}::int - 1) AS at) f`;
  await prisma().$executeRaw`
    INSERT INTO "FeatureVersion" ("id", "featureId", "version", "signature", "choice", "createdBy")
    SELECT "id", "id", 1, 'bench', '{}', 'bench' FROM "Feature" WHERE "digest" = 'bench'`;
  await prisma().$executeRaw`
    INSERT INTO "Pointer" ("id", "featureId", "environment", "versionId", "updatedBy", "updatedAt")
    SELECT "id", "id", 'staging', "id", 'bench', now() FROM "Feature" WHERE "digest" = 'bench'`;
  await prisma().$executeRaw`
    WITH profile AS MATERIALIZED (
      SELECT gen_random_uuid() AS id, 'airport.f' || feature AS name, timestamp '2001-01-01' + at * interval '1 day' AS day,
        format('{"kind":"numeric","edges":[0,10,20,30,40,50,60,70,80,90,100],"counts":[%s],"underflow":%s,"overflow":%s,"missing":%s,"nan":0}',
          counts, at % 3, at % 5, CASE WHEN feature % 7 = 0 THEN at * 20 ELSE 0 END) AS histogram,
        format('{"rows":10000,"missing":0,"distinct":10000,"distinctIsExact":true,"zeros":0,"negative":0,"nan":0,"positiveInfinity":0,'
          || '"negativeInfinity":0,"finite":10000,"min":0,"max":100,"mean":%1$s,"sum":%1$s0000,"sampleStd":%1$s,"populationStd":%1$s,'
          || '"skew":%1$s,"quantiles":{"0.01":%1$s,"0.05":%1$s,"0.1":%1$s,"0.2":%1$s,"0.3":%1$s,"0.4":%1$s,"0.5":%1$s,"0.6":%1$s,'
          || '"0.7":%1$s,"0.8":%1$s,"0.9":%1$s,"0.95":%1$s,"0.99":%1$s}}', 49 + (feature + at) / 977.0) AS stats
      FROM generate_series(0, ${features}::int - 1) AS feature, generate_series(0, ${windows}::int - 1) AS at,
        LATERAL (SELECT string_agg((1000 + (feature * 31 + bucket * 17 + at * 13) % 97
            + CASE WHEN feature % 10 = 0 AND bucket = 9 THEN at * 120 ELSE 0 END)::text, ',' ORDER BY bucket) AS counts
          FROM generate_series(0, 9) AS bucket) b
      ORDER BY feature, at
    ), written AS (
      INSERT INTO "Profile" ("id", "workspaceId", "column", "featureVersionId", "datasetVersionId", "part", "windowFrom", "windowTo",
        "rows", "histogram", "createdAt")
      SELECT id, ${workspaceId}, name, name, ${datasetVersionId}, 'all', day, day + interval '1 day', 10000, histogram::json, day
      FROM profile
    )
    INSERT INTO "ProfileFigures" ("profileId", "stats", "equalWidth") SELECT id, stats::json, histogram::json FROM profile`;
}
