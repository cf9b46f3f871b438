-- AlterTable
ALTER TABLE "DriftResult" ADD COLUMN     "isPartial" BOOLEAN NOT NULL DEFAULT false;

-- Of the windows that a run profiled of a feature version, in order of time: only the first and the last can be partial, with fewer
-- than half of the rows of the median window, and where there are three at least.
UPDATE "DriftResult" d SET "isPartial" = true FROM (
  SELECT s."id" FROM (
    SELECT p."id", p."rows", count(*) OVER same AS "windows",
      row_number() OVER (same ORDER BY p."windowFrom") AS "place",
      m."rows"[m."windows" / 2 + 1] AS "median"
    FROM "Profile" p JOIN (
      SELECT "runId", "featureVersionId", array_agg("rows" ORDER BY "rows") AS "rows", count(*)::int AS "windows"
      FROM "Profile" WHERE "part" = 'all' AND "windowFrom" IS NOT NULL AND "runId" IS NOT NULL AND "featureVersionId" IS NOT NULL
      GROUP BY "runId", "featureVersionId"
    ) m ON m."runId" = p."runId" AND m."featureVersionId" = p."featureVersionId"
    WHERE p."part" = 'all' AND p."windowFrom" IS NOT NULL
    WINDOW same AS (PARTITION BY p."runId", p."featureVersionId")
  ) s WHERE s."windows" >= 3 AND s."place" IN (1, s."windows") AND s."rows" * 2 < s."median"
) partial WHERE d."currentId" = partial."id";
