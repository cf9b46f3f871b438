import { closeDatabase, database, openDatabase } from "@/lib/db/client";
import { LineageQuery } from "@/lib/contracts/lineage";
import { LineageImpactQuery } from "@/lib/contracts/lineage-paths";
import { Page } from "@/lib/contracts/operation";
import { SYSTEM } from "@/lib/domain/principal";
import { getLineage } from "@/lib/registry/lineage/lineage";
import { listImpact } from "@/lib/registry/lineage/impact";
import { findPath } from "@/lib/registry/lineage/paths";
import type { BenchRow } from "./bench-row";
import { fillMesh, type Mesh } from "./lineage-mesh";

const TIMES_PLAIN = 1.3;
/** The peer knows nothing but ids; ours has the shortest distance of each node, and what a page shows. */
const TIMES_IDS = 2.5;
const ASKED = 25;
/** Runs over all asked nodes; the median counts. What reaches most of a mesh takes seconds and is asked less often. */
const ROUNDS = { near: 7, far: 5 };

/**
 * Neighbourhoods of depth 3 on meshes of three sizes, the largest with 100,000 features and 1,000,000 flows, against the same recursion in
 * plain SQL: one hand-written statement with WITH RECURSIVE that answers the same nodes with the same distances and numbers of
 * neighbours, the same flows between them, and the same facts of each node (owner, type, environments, drift, leak). Both return every row; answers are compared before
 * anything is measured. Paths and impact against what they cannot do without: one recursion over all that is downstream.
 */
export async function benchLineage(): Promise<BenchRow[]> {
  await openDatabase({ directory: null });
  try {
    const rows: BenchRow[] = [];
    for (const features of [1_000, 10_000, 100_000]) {
      const mesh = await fillMesh(features);
      rows.push(await neighbourhood(mesh), ...(await reach(mesh)));
    }
    return rows;
  } finally {
    await closeDatabase();
  }
}

async function neighbourhood(mesh: Mesh): Promise<BenchRow> {
  const asked = mesh.some(ASKED);
  const ours = (focus: string) =>
    getLineage(SYSTEM, LineageQuery.parse({ workspace: mesh.workspace, focus, up: 3, down: 3, limit: 5000 }));
  let nodes = 0;
  for (const focus of asked) {
    const [one, other] = [await ours(focus), await plainNeighbourhood(mesh, focus)];
    assertSame(one, other);
    nodes += one.nodes.length;
  }
  const [measured, limit] = await inTurn(ROUNDS.near, asked, ours, (focus) => plainNeighbourhood(mesh, focus));
  return {
    name: "lineage: neighbourhood of depth 3",
    size: `${sizeOf(mesh)}, ${Math.round(nodes / asked.length)} nodes each`,
    measured,
    against: "the same recursion in plain SQL",
    limit,
    ratio: measured / limit,
    bar: `≤ ${TIMES_PLAIN} ×`,
    ok: measured <= TIMES_PLAIN * limit,
  };
}

/** Milliseconds per asked node, ours and the peer's, taken in turn so that the machine's moods meet both alike. */
async function inTurn(
  rounds: number,
  asked: string[],
  ours: (focus: string) => Promise<unknown>,
  peer: (focus: string) => Promise<unknown>,
): Promise<[ours: number, peer: number]> {
  const [mine, others]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    let [own, other] = [0, 0];
    for (const [index, focus] of asked.entries()) {
      const works = [
        async () => (own += await timed(() => ours(focus))),
        async () => (other += await timed(() => peer(focus))),
      ];
      for (const work of (index + round) % 2 === 0 ? works : works.reverse()) await work();
    }
    mine.push(own / asked.length);
    others.push(other / asked.length);
  }
  return [median(mine), median(others)];
}

interface Plain {
  nodes: {
    id: string;
    distance: number;
    upstream: number;
    downstream: number;
    entity: string | null;
    owner: string;
    detail: string;
    environments: string[] | null;
  }[];
  edges: { from: string; to: string; role: string }[];
}

async function plainNeighbourhood(mesh: Mesh, focus: string): Promise<Plain> {
  const { rows: nodes } = await database().execute(PLAIN_NODES, [mesh.workspaceId, focus]);
  const { rows: edges } = await database().execute(PLAIN_EDGES, [mesh.workspaceId, nodes.map((node) => node.id)]);
  return { nodes, edges } as unknown as Plain;
}

const PLAIN_NODES = `
WITH RECURSIVE up AS (
  SELECT $2::text AS id, 0 AS distance
  UNION SELECT e."from", u.distance - 1 FROM up u JOIN "LineageEdge" e
    ON e."workspaceId" = $1 AND e."to" = u.id AND e."until" IS NULL AND (u.distance = 0 OR e."role" <> 'through')
  WHERE u.distance > -3
), down AS (
  SELECT $2::text AS id, 0 AS distance
  UNION SELECT e."to", d.distance + 1 FROM down d JOIN "LineageEdge" e
    ON e."workspaceId" = $1 AND e."from" = d.id AND e."until" IS NULL AND (d.distance = 0 OR e."role" <> 'through')
  WHERE d.distance < 3
), node AS MATERIALIZED (
  SELECT DISTINCT ON (id) id, distance FROM (SELECT * FROM up UNION ALL SELECT * FROM down) n ORDER BY id, abs(distance), distance
)
SELECT n.id, n.distance, f."entity", f."type" AS detail, f."owner", p.environments, d.drift, l.leak,
  (SELECT count(DISTINCT e."from")::int FROM "LineageEdge" e WHERE e."workspaceId" = $1 AND e."until" IS NULL AND e."to" = n.id) AS upstream,
  (SELECT count(DISTINCT e."to")::int FROM "LineageEdge" e WHERE e."workspaceId" = $1 AND e."until" IS NULL AND e."from" = n.id) AS downstream
FROM node n LEFT JOIN (
  SELECT 'feature:' || "name" AS id, "id" AS key, "entity", "type", "owner" FROM "Feature" WHERE "workspaceId" = $1 AND "name" IN (SELECT substr(id, 9) FROM node WHERE id LIKE 'feature:%')
  UNION ALL
  SELECT 'stage:' || s."name", s."id", s."entity", v."operator", s."owner" FROM "Stage" s JOIN "StageVersion" v ON v."stageId" = s."id" AND v."version" = s."version"
    WHERE s."workspaceId" = $1 AND s."name" IN (SELECT substr(id, 7) FROM node WHERE id LIKE 'stage:%')
  UNION ALL
  SELECT 'source:' || "name", "id", "entity", "format", "owner" FROM "Source" WHERE "workspaceId" = $1 AND "name" IN (SELECT substr(id, 8) FROM node WHERE id LIKE 'source:%')
  UNION ALL
  SELECT 'view:' || "name", "id", "entity", CASE WHEN "online" THEN 'online' ELSE 'offline' END, "owner" FROM "FeatureView" WHERE "workspaceId" = $1 AND "name" IN (SELECT substr(id, 6) FROM node WHERE id LIKE 'view:%')
) f ON f.id = n.id
LEFT JOIN LATERAL (SELECT array_agg(p."environment") AS environments, array_agg(p."versionId" ORDER BY p."environment") AS versions
  FROM "Pointer" p WHERE p."featureId" = f.key) p ON true
LEFT JOIN LATERAL (SELECT d."state" AS drift FROM "DriftResult" d JOIN "Profile" c ON c."id" = d."currentId"
  WHERE d."featureVersionId" = coalesce(p.versions[1], (SELECT v."id" FROM "FeatureVersion" v WHERE v."featureId" = f.key ORDER BY v."version" DESC LIMIT 1))
  ORDER BY c."windowFrom" DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT max(l."verdict") AS leak FROM "LeakageVerdict" l JOIN "ModelVersion" mv ON mv."id" = l."modelVersionId"
  WHERE l."featureVersionId" IN (SELECT v."id" FROM "FeatureVersion" v WHERE v."featureId" = f.key)
    AND NOT EXISTS (SELECT 1 FROM "ModelVersion" o WHERE o."modelId" = mv."modelId" AND o."version" > mv."version")) l ON true
ORDER BY abs(n.distance), n.distance, n.id`;

const PLAIN_EDGES = `
SELECT e."from", e."to", e."role" FROM "LineageEdge" e
WHERE e."workspaceId" = $1 AND e."until" IS NULL AND e."from" = ANY($2) AND e."to" = ANY($2)`;

function assertSame(ours: Awaited<ReturnType<typeof getLineage>>, plain: Plain): void {
  const text = (value: unknown) => JSON.stringify(value);
  const nodesOf = (nodes: Plain["nodes"]) =>
    text(
      nodes
        .map((node) => [node.id, node.distance, node.upstream, node.downstream, node.entity, node.owner, node.detail, (node.environments ?? []).toSorted()])
        .sort((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1)),
    ); // prettier-ignore
  const edgesOf = (edges: Plain["edges"]) => text(edges.map(({ from, to, role }) => `${from} ${role} ${to}`).sort());
  if (ours.truncated || nodesOf(ours.nodes) !== nodesOf(plain.nodes) || edgesOf(ours.edges) !== edgesOf(plain.edges))
    throw new Error(`The neighbourhood of ${ours.focus} is not that of plain SQL: nothing to compare.`);
}

/** Impact and path from the sources on, where they reach furthest. */
async function reach(mesh: Mesh): Promise<BenchRow[]> {
  const asked = mesh.roots(2);
  let reached = 0;
  const impact = async (node: string) => {
    const query = { ...LineageImpactQuery.parse({ workspace: mesh.workspace, node }), ...Page.parse({}) };
    reached = (await listImpact(SYSTEM, query)).total;
  };
  const plain = async (node: string) => {
    const { rows } = await database().execute(PLAIN_REACH, [mesh.workspaceId, node]);
    return rows;
  };
  for (const node of asked) {
    await impact(node);
    const rows = await plain(node);
    if (rows.length !== reached)
      throw new Error(`Impact of ${node}: ${reached} nodes, but plain SQL reaches ${rows.length}.`);
  }
  const [impacts, recursions] = await inTurn(ROUNDS.far, asked, impact, plain);
  const ends = mesh.ends(2);
  let steps = 0;
  const path = async (from: string) => {
    const to = ends[asked.indexOf(from)] as string;
    steps = (await findPath(SYSTEM, { workspace: mesh.workspace, from, to, limit: 5 })).steps ?? 0;
  };
  const [paths] = await inTurn(ROUNDS.far, asked, path, () => Promise.resolve());
  return [
    {
      name: "lineage: impact, everything downstream, first page",
      size: `${sizeOf(mesh)}, ${reached.toLocaleString("en")} reached`,
      measured: impacts,
      against: "one recursion over it in plain SQL, ids without distances or facts",
      limit: recursions,
      ratio: impacts / recursions,
      bar: `≤ ${TIMES_IDS} ×`,
      ok: impacts <= TIMES_IDS * recursions,
    },
    {
      name: "lineage: shortest path, source to last feature",
      size: `${sizeOf(mesh)}, ${steps} steps`,
      measured: paths,
      against: "the impact of the same source",
      limit: impacts,
      ratio: paths / impacts,
      bar: "≤ 1 ×",
      ok: paths <= impacts,
    },
  ];
}

const PLAIN_REACH = `
WITH RECURSIVE below AS (
  SELECT e."to" AS id FROM "LineageEdge" e WHERE e."workspaceId" = $1 AND e."from" = $2 AND e."until" IS NULL
  UNION SELECT e."to" FROM below b JOIN "LineageEdge" e ON e."workspaceId" = $1 AND e."from" = b.id AND e."until" IS NULL AND e."role" <> 'through'
) SELECT id FROM below`;

const sizeOf = (mesh: Mesh) =>
  `${mesh.features.toLocaleString("en")} features, ${mesh.edges.toLocaleString("en")} flows`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(times: number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
