import { prisma } from "@/lib/db/client";
import type { Environment } from "@/lib/domain/environments";
import { groupBy } from "@/lib/domain/group-by";
import { VERDICTS } from "@/lib/domain/leakage/codes";
import type { Picture } from "@/lib/domain/profiles/describe-picture";
import type { NewestDrift, SearchDocument } from "@/lib/domain/search/document";

/**
 * What discovery knows of features, read in a few statements over sets, however many features there are. `only` limits the
 * reading to some features by id.
 */
export async function loadDocuments(
  workspaceId: string,
  only: string[] | null = null,
): Promise<Map<string, SearchDocument>> {
  const all = only === null;
  const ids = only ?? [];
  const features = await prisma().$queryRaw<FeatureRow[]>`
    SELECT "id", "name", "entity", "type", "description", "owner", coalesce("tags", '{}') AS "tags", "meta", "sensitivity", "deprecated", "declared" AS "documented"
    FROM "Feature" WHERE "workspaceId" = ${workspaceId} AND "retiredAt" IS NULL AND (${all} OR "id" = ANY(${ids}))`;
  const versions = await prisma().$queryRaw<VersionRow[]>`
    SELECT v."id", v."featureId", v."version",
      coalesce(
        (SELECT max(coalesce(r."finishedAt", x."createdAt")) FROM "FeatureValues" x JOIN "Run" r ON r."id" = x."runId" WHERE x."featureVersionId" = v."id"),
        (SELECT max(d."createdAt") FROM "DatasetVersion" d WHERE d."workspaceId" = f."workspaceId" AND d."dataset" = v."source")
      ) AS "computedAt"
    FROM "FeatureVersion" v JOIN "Feature" f ON f."id" = v."featureId"
    WHERE f."workspaceId" = ${workspaceId} AND (${all} OR f."id" = ANY(${ids}))`;
  const pointers = await prisma().$queryRaw<PointerRow[]>`
    SELECT p."featureId", p."environment", p."versionId", v."version"
    FROM "Pointer" p JOIN "FeatureVersion" v ON v."id" = p."versionId" JOIN "Feature" f ON f."id" = p."featureId"
    WHERE f."workspaceId" = ${workspaceId} AND (${all} OR f."id" = ANY(${ids}))`;
  const verdicts = await prisma().$queryRaw<VerdictRow[]>`
    SELECT v."featureId", l."featureVersionId", l."verdict", n."model"
    FROM (
      SELECT DISTINCT ON (m."id") m."name" AS "model", mv."id"
      FROM "Model" m JOIN "ModelVersion" mv ON mv."modelId" = m."id"
      WHERE m."workspaceId" = ${workspaceId} ORDER BY m."id", mv."version" DESC
    ) n JOIN "LeakageVerdict" l ON l."modelVersionId" = n."id" JOIN "FeatureVersion" v ON v."id" = l."featureVersionId"
    WHERE ${all} OR v."featureId" = ANY(${ids})`;
  const services = await prisma().$queryRaw<{ name: string; feature: string }[]>`
    SELECT s."name", w."entity" || '.' || split_part(r.ref, ':', 2) AS "feature"
    FROM "FeatureService" s CROSS JOIN LATERAL unnest(s."features") AS r(ref)
    JOIN "FeatureView" w ON w."workspaceId" = s."workspaceId" AND w."name" = split_part(r.ref, ':', 1)
    WHERE s."workspaceId" = ${workspaceId} AND s."retiredAt" IS NULL AND w."retiredAt" IS NULL`;
  const profiles = await prisma().$queryRaw<ProfileRow[]>`
    SELECT DISTINCT ON (p."featureVersionId") p."featureVersionId",
      coalesce(f."equalWidth" -> 'counts', p."histogram" -> 'counts') AS "counts",
      d."dataset" || '@' || d."version" AS "dataset", p."rows", d."timeFrom" AS "from", d."timeTo" AS "to"
    FROM "Profile" p JOIN "ProfileFigures" f ON f."profileId" = p."id" JOIN "FeatureVersion" v ON v."id" = p."featureVersionId"
    JOIN "DatasetVersion" d ON d."id" = p."datasetVersionId"
    WHERE p."workspaceId" = ${workspaceId} AND p."part" = 'all' AND p."windowFrom" IS NULL AND (${all} OR v."featureId" = ANY(${ids}))
    ORDER BY p."featureVersionId", p."createdAt" DESC, p."id" DESC`;
  // The newest window that says something: one that has only begun says nothing yet.
  const drifts = await prisma().$queryRaw<DriftRow[]>`
    SELECT DISTINCT ON (d."featureVersionId") d."featureVersionId", d."state", d."metric", d."score", d."severity"
    FROM "DriftResult" d JOIN "Profile" c ON c."id" = d."currentId" JOIN "FeatureVersion" v ON v."id" = d."featureVersionId"
    WHERE c."workspaceId" = ${workspaceId} AND NOT d."isPartial" AND (${all} OR v."featureId" = ANY(${ids}))
    ORDER BY d."featureVersionId", d."state" = 'insufficient_data', c."windowFrom" DESC NULLS LAST, d."createdAt" DESC, d."id" DESC`;

  const versionsOf = groupBy(versions, (row) => row.featureId);
  const pointersOf = groupBy(pointers, (row) => row.featureId);
  const verdictsOf = groupBy(verdicts, (row) => row.featureId);
  const servicesOf = groupBy(services, (row) => row.feature);
  const profileOf = new Map(profiles.map((row) => [row.featureVersionId, row]));
  const driftOf = new Map(drifts.map((row) => [row.featureVersionId, row]));
  return new Map(
    features.map(({ id, ...declared }) => {
      const own = versionsOf.get(id) ?? [];
      const served = pointersOf.get(id) ?? [];
      const current = currentVersion(own, served);
      const profile = current && profileOf.get(current.id);
      const drift = current && driftOf.get(current.id);
      const judged = verdictsOf.get(id) ?? [];
      const isServed = (verdict: VerdictRow) =>
        served.length === 0 || served.some((pointer) => pointer.versionId === verdict.featureVersionId);
      const usedBy = [
        ...judged.map((verdict) => verdict.model),
        ...(servicesOf.get(declared.name) ?? []).map((service) => service.name),
      ];
      return [
        id,
        {
          ...declared,
          pointers: ORDER.flatMap((environment) =>
            served
              .filter((pointer) => pointer.environment === environment)
              .map(({ version }) => ({ environment, version })),
          ),
          lastComputed: newest(own.map((version) => version.computedAt)),
          sparkline: profile?.counts ?? [],
          picture: current && profile?.counts ? pictureOf(current, served, profile) : null,
          drift: drift ? factsOf(drift) : null,
          leak: worst(judged.filter(isServed).map((verdict) => verdict.verdict)),
          usedBy: [...new Set(usedBy)].sort(),
        },
      ];
    }),
  );
}

/** The highest environment first: what people most rely on is what they are shown. */
export const ORDER = ["production", "staging", "dev"] as const satisfies Environment[];

/** The version that stands for a feature: of the highest environment that serves one, else the newest. */
export function currentVersion<Row extends { id: string; version: number }>(
  versions: readonly Row[],
  pointers: readonly { environment: string; versionId: string }[],
): Row | undefined {
  for (const environment of ORDER) {
    const pointer = pointers.find((candidate) => candidate.environment === environment);
    const version = pointer && versions.find((candidate) => candidate.id === pointer.versionId);
    if (version) return version;
  }
  return [...versions].sort((one, other) => other.version - one.version)[0];
}

function pictureOf(
  current: { id: string; version: number },
  served: readonly PointerRow[],
  { dataset, rows, from, to }: ProfileRow,
): Picture {
  const serves = (environment: string) =>
    served.some((pointer) => pointer.environment === environment && pointer.versionId === current.id);
  return {
    environment: ORDER.find(serves) ?? null,
    version: current.version,
    dataset,
    rows: Number(rows),
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
  };
}

function worst(verdicts: readonly string[]): string | null {
  return [...VERDICTS].reverse().find((verdict) => verdicts.includes(verdict)) ?? null;
}

function newest(moments: readonly (Date | null)[]): string | null {
  const times = moments.flatMap((moment) => (moment ? [moment.getTime()] : []));
  return times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
}

type FeatureRow = { id: string } & Pick<
  SearchDocument,
  "name" | "entity" | "type" | "description" | "owner" | "tags" | "meta" | "sensitivity" | "deprecated" | "documented"
>;
interface VersionRow {
  id: string;
  featureId: string;
  version: number;
  computedAt: Date | null;
}
interface PointerRow {
  featureId: string;
  environment: string;
  versionId: string;
  version: number;
}
interface VerdictRow {
  featureId: string;
  featureVersionId: string;
  verdict: string;
  model: string;
}
interface ProfileRow {
  featureVersionId: string;
  counts: number[] | null;
  dataset: string;
  rows: bigint;
  from: Date | null;
  to: Date | null;
}
interface DriftRow extends NewestDrift {
  featureVersionId: string;
}

function factsOf({ state, metric, score, severity }: DriftRow): NewestDrift {
  return { state, metric, score, severity };
}
