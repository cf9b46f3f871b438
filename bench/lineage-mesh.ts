import { database, prisma } from "@/lib/db/client";

const LAYERS = 20;
const READS = 9;

export interface Mesh {
  workspace: string;
  workspaceId: string;
  features: number;
  edges: number;
  /** So many nodes of any kind that is in the middle, the same in every run. */
  some(count: number): string[];
  /** Features that a source contains. */
  roots(count: number): string[];
  /** Features of the last layer. */
  ends(count: number): string[];
}

/**
 * A workspace with so many features and ten times as many flows: features in twenty layers, those of the first in sources, each
 * other one written by a stage that reads nine features of the layers before, early ones more often than late ones; views of twenty
 * features; a twentieth of the flows ended long ago. Written by a few statements; every number comes from a hash.
 */
export async function fillMesh(features: number): Promise<Mesh> {
  const workspace = `mesh_${features}`;
  const by = { createdBy: "bench", updatedBy: "bench" };
  const { id } = await prisma().workspace.create({
    data: { name: workspace, title: workspace, definition: {}, digest: workspace, ...by },
  });
  const layer = Math.max(1, Math.floor(features / LAYERS));
  const edges = features * 10;
  const values = `'${id}', now(), now(), 'bench', 'bench'`;
  const columns = `"workspaceId", "createdAt", "updatedAt", "createdBy", "updatedBy"`;
  const run = (sql: string) => database().execute(sql);
  await run(`
    INSERT INTO "Source" ("id", "name", "entity", "format", "location", "owner", "definition", "digest", ${columns})
    SELECT '${id}-o' || i, 'source_' || i, 'entity_' || i % 40, 'parquet', '', 'team_' || i % 7, '{}', '', ${values} FROM generate_series(0, ${Math.ceil(layer / 50)}) i;
    INSERT INTO "Feature" ("id", "name", "entity", "type", "owner", "definition", "digest", ${columns})
    SELECT '${id}-f' || i, 'entity_' || i % 40 || '.column_' || i, 'entity_' || i % 40, 'double', 'team_' || i % 7, '{}', '', ${values} FROM generate_series(0, ${features - 1}) i;
    INSERT INTO "FeatureVersion" ("id", "featureId", "version", "signature", "choice", "createdBy")
    SELECT '${id}-v' || i, '${id}-f' || i, 1, 'bench', '{}', 'bench' FROM generate_series(0, ${features - 1}) i;
    INSERT INTO "Pointer" ("id", "featureId", "environment", "versionId", "updatedAt", "updatedBy")
    SELECT '${id}-' || e || i, '${id}-f' || i, e, '${id}-v' || i, now(), 'bench' FROM generate_series(0, ${features - 1}) i
    CROSS JOIN unnest(ARRAY['dev', 'staging', 'production']) e WHERE e = 'dev' OR i % 4 = 0;
    INSERT INTO "Stage" ("id", "name", "entity", "owner", "position", "version", "definition", "digest", ${columns})
    SELECT '${id}-s' || i, 'stage_' || i, 'entity_' || i % 40, 'team_' || i % 7, i, 1, '{}', '', ${values} FROM generate_series(${layer}, ${features - 1}) i;
    INSERT INTO "StageVersion" ("id", "stageId", "version", "kind", "operator", "definition", "digest", "createdBy")
    SELECT '${id}-w' || i, '${id}-s' || i, 1, 'transformer', 'sql', '{}', '', 'bench' FROM generate_series(${layer}, ${features - 1}) i;
    INSERT INTO "FeatureView" ("id", "name", "entity", "features", "ttlSeconds", "online", "owner", "definition", "digest", ${columns})
    SELECT '${id}-u' || i, 'view_' || i, 'entity_' || i % 40, '{}', 0, i % 2 = 0, 'team_' || i % 7, '{}', '', ${values} FROM generate_series(0, ${Math.ceil(features / 20)}) i;`);
  // A share of the reads that the other flows leave room for.
  const reads = edges - features - features;
  await run(`
    INSERT INTO "LineageEdge" ("workspaceId", "from", "to", "role", "since", "until")
    SELECT '${id}', e."from", e."to", e."role", '2026-01-01', e."until" FROM (
      SELECT 'source:source_' || i / 50 AS "from", ${feature("i")} AS "to", 'contains' AS "role", NULL::timestamp AS "until" FROM generate_series(0, ${layer - 1}) i
      UNION ALL SELECT 'stage:stage_' || i, ${feature("i")}, 'writes', NULL FROM generate_series(${layer}, ${features - 1}) i
      UNION ALL SELECT ${feature("i")}, 'view:view_' || i / 20, 'contains', NULL FROM generate_series(0, ${features - 1}) i
      UNION ALL (
        SELECT DISTINCT ${feature("x.input")}, 'stage:stage_' || x.i, 'reads', NULL::timestamp FROM (
          SELECT i, floor(power(${random("i || '/' || k")}, 1.3) * (i - i % ${layer}))::int AS input
          FROM generate_series(${layer}, ${features - 1}) i CROSS JOIN generate_series(1, ${READS}) k) x
        LIMIT ${reads})
      UNION ALL SELECT ${feature("i")}, 'view:view_' || (i + 7) / 20, 'contains', '2026-02-01' FROM generate_series(0, ${Math.floor(edges / 20) % features}) i
    ) e`);
  await run(`ANALYZE`);
  const { rows } = await database().execute(
    `SELECT count(*)::int AS n FROM "LineageEdge" WHERE "workspaceId" = $1 AND "until" IS NULL`,
    [id],
  );
  const name = (index: number) => `feature:entity_${index % 40}.column_${index}`;
  const spread = (count: number, from: number, to: number) =>
    Array.from({ length: count }, (_, at) => from + Math.floor(((at * 0.618_034) % 1) * (to - from)));
  return {
    workspace,
    workspaceId: id,
    features,
    edges: Number(rows[0]?.n),
    some: (count) =>
      spread(count, layer, features).map((index, at) => (at % 2 === 0 ? name(index) : `stage:stage_${index}`)),
    roots: (count) => spread(count, 0, layer).map(name),
    ends: (count) => spread(count, features - layer, features).map(name),
  };
}

const feature = (index: string) => `'feature:entity_' || (${index}) % 40 || '.column_' || (${index})`;

/** Between 0 and 1, the same for the same key. */
const random = (key: string) => `((hashtextextended(${key}, 0) & 1073741823)::float8 / 1073741824)`;
