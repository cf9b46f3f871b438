import type { z } from "zod";
import type { getLineageOverview as contract, LineageOverview } from "@/lib/contracts/lineage-overview";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { LineageRole } from "@/lib/domain/lineage/graph";
import type { Principal } from "@/lib/domain/principal";
import { MODEL_OWNER } from "../catalogue/model-owner";
import { edgesAt } from "./edges";
import { openScopeFor } from "../scope";

type Query = z.output<(typeof contract)["query"]>;

/** The whole lineage of a workspace by groups: every node is in one group, every edge in one count, and what the limit keeps back is counted too. */
export async function getOverview(principal: Principal, query: Query): Promise<LineageOverview> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const kinds = query.kind ? Prisma.sql`AND split_part(n."id", ':', 1) = ANY(${query.kind}::text[])` : Prisma.empty;
  const [row] = await prisma().$queryRaw<{ groups: GroupTuple[]; edges: EdgeTuple[] }[]>`
    WITH edge AS MATERIALIZED (
      SELECT e."from", e."to", e."role" FROM "LineageEdge" e WHERE ${edgesAt(workspace.id, query.asOf)}),
    node AS MATERIALIZED (
      SELECT n."id" FROM (SELECT "from" AS "id" FROM edge UNION SELECT "to" FROM edge) n WHERE true ${kinds}),
    grouped AS MATERIALIZED (${groupsBy(query.by, workspace.id)}),
    between AS MATERIALIZED (
      SELECT f."group" AS "from", t."group" AS "to", count(*)::int AS "edges", array_agg(DISTINCT e."role") AS "roles"
      FROM edge e JOIN grouped f ON f."id" = e."from" JOIN grouped t ON t."id" = e."to" GROUP BY 1, 2)
    SELECT
      (SELECT coalesce(json_agg(json_build_array(g."group", g."kind", g."nodes")), '[]') FROM (
        SELECT "group", split_part("id", ':', 1) AS "kind", count(*)::int AS "nodes" FROM grouped GROUP BY 1, 2) g) AS "groups",
      (SELECT coalesce(json_agg(json_build_array(b."from", b."to", b."edges", b."roles")), '[]') FROM between b) AS "edges"`;
  return toOverview(row?.groups ?? [], row?.edges ?? [], query.limit);
}

type GroupTuple = [group: string, kind: string, nodes: number];
type EdgeTuple = [from: string, to: string, edges: number, roles: LineageRole[]];

/** So many pairs of groups per listed group. */
const EDGES_PER_GROUP = 10;

function toOverview(tuples: GroupTuple[], edges: EdgeTuple[], limit: number): LineageOverview {
  const groups = new Map<string, LineageOverview["groups"][number]>();
  for (const [id, kind, nodes] of tuples) {
    const group = groups.get(id) ?? { id, label: id.slice(id.indexOf(":") + 1), kinds: {}, nodes: 0, edges: 0 };
    group.kinds[kind] = nodes;
    group.nodes += nodes;
    groups.set(id, group);
  }
  for (const [from, to, count] of edges) {
    const group = from === to && groups.get(from);
    if (group) group.edges = count;
  }
  const sorted = [...groups.values()].sort((one, other) => other.nodes - one.nodes || (one.id < other.id ? -1 : 1));
  const listed = sorted.slice(0, limit);
  const isListed = new Set(listed.map(({ id }) => id));
  const shown = edges
    .filter(([from, to]) => from !== to && isListed.has(from) && isListed.has(to))
    .sort((one, other) => other[2] - one[2] || (one[0] + one[1] < other[0] + other[1] ? -1 : 1))
    .slice(0, limit * EDGES_PER_GROUP);
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const total = { groups: sorted.length, nodes: sum(sorted.map(({ nodes }) => nodes)), edges: sum(edges.map((edge) => edge[2])) }; // prettier-ignore
  return {
    groups: listed,
    edges: shown.map(([from, to, count, roles]) => ({ from, to, edges: count, roles })),
    total,
    hidden: {
      nodes: total.nodes - sum(listed.map(({ nodes }) => nodes)),
      edges: total.edges - sum(listed.map((group) => group.edges)) - sum(shown.map((edge) => edge[2])),
    },
  };
}

/** Every node with its group. What a stage writes decides where it belongs; of several, the first by name. */
function groupsBy(by: Query["by"], workspaceId: string): Prisma.Sql {
  const kind = Prisma.sql`split_part(n."id", ':', 1)`;
  const entityOf = (id: Prisma.Sql) => Prisma.sql`'entity:' || split_part(split_part(${id}, ':', 2), '.', 1)`;
  switch (by) {
    case "kind":
      return Prisma.sql`SELECT n."id", 'kind:' || ${kind} AS "group" FROM node n`;
    case "owner":
      return Prisma.sql`SELECT n."id", 'owner:' || coalesce(o."owner", '') AS "group" FROM node n LEFT JOIN (
          SELECT 'source:' || "name" AS "id", "owner" FROM "Source" WHERE "workspaceId" = ${workspaceId}
          UNION ALL SELECT 'stage:' || "name", "owner" FROM "Stage" WHERE "workspaceId" = ${workspaceId}
          UNION ALL SELECT 'feature:' || "name", "owner" FROM "Feature" WHERE "workspaceId" = ${workspaceId}
          UNION ALL SELECT 'view:' || "name", "owner" FROM "FeatureView" WHERE "workspaceId" = ${workspaceId}
          UNION ALL SELECT 'service:' || "name", "owner" FROM "FeatureService" WHERE "workspaceId" = ${workspaceId}
          UNION ALL SELECT DISTINCT ON (m."id") 'model:' || m."name", ${MODEL_OWNER} FROM "Model" m
            JOIN "ModelVersion" v ON v."modelId" = m."id" LEFT JOIN "Variant" x ON x."id" = v."variantId" LEFT JOIN "Pipeline" p ON p."id" = x."pipelineId"
            WHERE m."workspaceId" = ${workspaceId} ORDER BY "id"
        ) o ON o."id" = n."id"`;
    case "entity":
      return grouped(Prisma.sql`SELECT n."id", ${entityOf(Prisma.sql`n."id"`)} AS "group" FROM node n WHERE ${kind} = 'feature'`, entityOf); // prettier-ignore
    case "source":
      return grouped(
        Prisma.sql`SELECT n."id", coalesce(min(e."from"), ${entityOf(Prisma.sql`n."id"`)}) AS "group" FROM node n
          LEFT JOIN edge e ON e."to" = n."id" AND e."role" = 'contains' WHERE ${kind} = 'feature' GROUP BY n."id"`,
        entityOf,
      );
    case "view":
      return grouped(
        Prisma.sql`SELECT n."id", coalesce(min(e."to"), ${entityOf(Prisma.sql`n."id"`)}) AS "group" FROM node n
          LEFT JOIN edge e ON e."from" = n."id" AND e."role" = 'contains' WHERE ${kind} = 'feature' GROUP BY n."id"`,
        entityOf,
      );
  }
}

/** Features by their own rule, stages with what they write, and everything else alone. */
function grouped(features: Prisma.Sql, entityOf: (id: Prisma.Sql) => Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH feature AS MATERIALIZED (${features}),
    stage AS MATERIALIZED (
      SELECT n."id", coalesce(min(f."group"), min(${entityOf(Prisma.sql`e."to"`)}), n."id") AS "group" FROM node n
      LEFT JOIN edge e ON e."from" = n."id" AND e."role" = 'writes' LEFT JOIN feature f ON f."id" = e."to"
      WHERE n."id" LIKE 'stage:%' GROUP BY n."id")
    SELECT "id", "group" FROM feature UNION ALL SELECT "id", "group" FROM stage
    UNION ALL SELECT n."id", n."id" FROM node n WHERE n."id" NOT LIKE 'stage:%' AND n."id" NOT LIKE 'feature:%'`;
}
