import type { LineageFilter, LineageNode } from "@/lib/contracts/lineage";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { kindOf, LINEAGE_KINDS, type LineageKind, nameOf } from "@/lib/domain/lineage/graph";
import { MODEL_OWNER } from "../catalogue/model-owner";
import { ORDER } from "../features/documents";

export type NodeFacts = Pick<
  LineageNode,
  "entity" | "detail" | "owner" | "environments" | "drift" | "leak" | "retired"
>;

/** What an edge names and the registry has no row of: nothing is known of it but that it was there. */
export const UNKNOWN_NODE: NodeFacts = {
  entity: null, detail: "", owner: "", environments: [], drift: null, leak: null, retired: true,
}; // prettier-ignore

/** What a node shows of itself, by id, in one statement for all kinds. A node that never was is absent. */
export async function loadNodeFacts(workspaceId: string, ids: readonly string[]): Promise<Map<string, NodeFacts>> {
  const named = new Map<LineageKind, string[]>();
  for (const id of ids) {
    const kind = kindOf(id);
    const names = named.get(kind);
    if (names) names.push(nameOf(id));
    else named.set(kind, [nameOf(id)]);
  }
  const parts = LINEAGE_KINDS.flatMap((kind) => {
    const names = named.get(kind);
    return names ? [factsOf(kind, workspaceId, names)] : [];
  });
  if (parts.length === 0) return new Map();
  const [row] = await prisma().$queryRaw<{ facts: FactTuple[] }[]>`
    SELECT coalesce(json_agg(json_build_array(f."id", f."entity", f."detail", f."owner", f."environments", f."drift", f."leak", f."retired")), '[]') AS "facts"
    FROM (${Prisma.join(parts, " UNION ALL ")}) AS f("id", "entity", "detail", "owner", "environments", "drift", "leak", "retired")`;
  return new Map(
    (row?.facts ?? []).map(([id, entity, detail, owner, environments, drift, leak, retired]) => [
      id,
      {
        entity,
        detail,
        owner,
        environments: ORDER.filter((environment) => environments?.includes(environment)),
        drift,
        leak,
        retired,
      },
    ]),
  );
}

type FactTuple = [
  id: string,
  entity: string | null,
  detail: string,
  owner: string,
  environments: string[] | null,
  drift: string | null,
  leak: string | null,
  retired: boolean,
];

const NO_STATE = Prisma.sql`NULL::text[], NULL::text, NULL::text`;

function factsOf(kind: LineageKind, workspaceId: string, names: string[]): Prisma.Sql {
  const mine = (table: string) =>
    Prisma.sql`${Prisma.raw(table)}."workspaceId" = ${workspaceId} AND ${Prisma.raw(table)}."name" = ANY(${names})`;
  switch (kind) {
    case "source":
      return Prisma.sql`SELECT 'source:' || s."name", s."entity", s."format", s."owner", ${NO_STATE}, s."retiredAt" IS NOT NULL
        FROM "Source" s WHERE ${mine("s")}`;
    case "stage":
      return Prisma.sql`SELECT 'stage:' || s."name", s."entity", v."operator", s."owner", ${NO_STATE}, s."retiredAt" IS NOT NULL
        FROM "Stage" s JOIN "StageVersion" v ON v."stageId" = s."id" AND v."version" = s."version" WHERE ${mine("s")}`;
    case "view":
      return Prisma.sql`SELECT 'view:' || w."name", w."entity", CASE WHEN w."online" THEN 'online' ELSE 'offline' END, w."owner", ${NO_STATE}, w."retiredAt" IS NOT NULL
        FROM "FeatureView" w WHERE ${mine("w")}`;
    case "service":
      return Prisma.sql`SELECT 'service:' || s."name", NULL, '', s."owner", ${NO_STATE}, s."retiredAt" IS NOT NULL
        FROM "FeatureService" s WHERE ${mine("s")}`;
    case "model":
      return Prisma.sql`SELECT 'model:' || m."name", NULL, 'v' || n."version", ${MODEL_OWNER}, NULL::text[], NULL::text, l."leak", false
        FROM "Model" m
        JOIN LATERAL (SELECT mv."id", mv."version", mv."variantId" FROM "ModelVersion" mv WHERE mv."modelId" = m."id" ORDER BY mv."version" DESC LIMIT 1) n ON true
        LEFT JOIN "Variant" x ON x."id" = n."variantId" LEFT JOIN "Pipeline" p ON p."id" = x."pipelineId"
        LEFT JOIN LATERAL (${worstOf(Prisma.sql`"LeakageVerdict" l`, Prisma.sql`l."modelVersionId" = n."id"`)}) l ON true
        WHERE ${mine("m")}`;
    case "feature":
      return featureFacts(mine("f"));
  }
}

/**
 * A feature stands for the version of its highest environment, else for its newest: drift is that version's newest whole window
 * that says something, leak the worst verdict of newest model versions on a version that some environment serves.
 */
function featureFacts(mine: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT 'feature:' || f."name", f."entity", f."type", f."owner", p."environments", d."state", l."leak", f."retiredAt" IS NOT NULL
    FROM "Feature" f
    LEFT JOIN LATERAL (
      SELECT array_agg(p."environment") AS "environments", array_agg(p."versionId") AS "versions", coalesce(
        max(p."versionId") FILTER (WHERE p."environment" = 'production'),
        max(p."versionId") FILTER (WHERE p."environment" = 'staging'), max(p."versionId")) AS "current"
      FROM "Pointer" p WHERE p."featureId" = f."id") p ON true
    LEFT JOIN LATERAL (
      SELECT d."state" FROM "DriftResult" d JOIN "Profile" c ON c."id" = d."currentId"
      WHERE NOT d."isPartial" AND d."featureVersionId" = coalesce(p."current", (
        SELECT v."id" FROM "FeatureVersion" v WHERE v."featureId" = f."id" ORDER BY v."version" DESC LIMIT 1))
      ORDER BY d."state" = 'insufficient_data', c."windowFrom" DESC NULLS LAST, d."createdAt" DESC, d."id" DESC LIMIT 1) d ON true
    LEFT JOIN LATERAL (${worstOf(
      Prisma.sql`"FeatureVersion" v JOIN "LeakageVerdict" l ON l."featureVersionId" = v."id" JOIN "ModelVersion" mv ON mv."id" = l."modelVersionId"`,
      Prisma.sql`v."featureId" = f."id" AND (p."versions" IS NULL OR v."id" = ANY(p."versions"))
        AND NOT EXISTS (SELECT 1 FROM "ModelVersion" o WHERE o."modelId" = mv."modelId" AND o."version" > mv."version")`,
    )}) l ON true
    WHERE ${mine}`;
}

/** The worst verdict, in the order of lib/domain/leakage/codes. */
const worstOf = (from: Prisma.Sql, where: Prisma.Sql) => Prisma.sql`
  SELECT (ARRAY['safe', 'unknown', 'leak'])[max(CASE l."verdict" WHEN 'leak' THEN 3 WHEN 'unknown' THEN 2 ELSE 1 END)] AS "leak"
  FROM ${from} WHERE ${where}`;

/** Whether a node meets a filter: alternatives inside a parameter, all parameters together. */
export function meets(filter: LineageFilter, node: Pick<LineageNode, "kind"> & NodeFacts): boolean {
  const has = (wanted: readonly string[] | undefined, ...found: readonly (string | null)[]) =>
    wanted === undefined || found.some((value) => value !== null && wanted.includes(value));
  const environments = node.environments.length > 0 ? node.environments : node.kind === "feature" ? ["none"] : [];
  return (
    has(filter.kind, node.kind) &&
    has(filter.owner, node.owner) &&
    has(filter.entity, node.entity) &&
    has(filter.environment, ...environments) &&
    has(filter.drift, node.drift) &&
    has(filter.leak, node.leak)
  );
}

export const isFiltering = (filter: LineageFilter): boolean =>
  [filter.kind, filter.owner, filter.entity, filter.environment, filter.drift, filter.leak].some(
    (wanted) => wanted !== undefined,
  );
