import type { ChainStage, FeatureDetail, ReadingModel, Strategy } from "@/lib/contracts/feature-detail";
import { prisma } from "@/lib/db/client";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { groupBy } from "@/lib/domain/group-by";
import { describeRowSet } from "@/lib/domain/leakage/describe-row-set";
import type { FeatureRow } from "./row";
import { ORDER } from "./documents";
import type { Scope } from "../scope";
import { loadPolicies } from "../catalogue/split-policies";
import { rowSetOf } from "../stored-json";

/** Every recorded way of producing a feature, and the stages that could write it but never did. */
export async function loadStrategies(
  scope: Scope,
  feature: FeatureRow,
  pointers: readonly { environment: string; versionId: string }[],
): Promise<{ strategies: Strategy[]; alternatives: FeatureDetail["alternatives"] }> {
  const versions = await prisma().featureVersion.findMany({
    where: { featureId: feature.id },
    orderBy: { version: "desc" },
    include: { stageVersion: { select: { stage: { select: { name: true } } } } },
  });
  const ids = versions.map((version) => version.id);
  const [chains, runs, models] = await Promise.all([loadChains(scope, ids), loadRuns(ids), loadModels(scope, ids)]);
  return {
    strategies: versions.map((version) => ({
      version: version.version,
      signature: version.signature,
      source: version.source,
      stage: version.stageVersion?.stage.name ?? null,
      environments: ORDER.filter((environment) =>
        pointers.some((pointer) => pointer.environment === environment && pointer.versionId === version.id),
      ),
      chain: chains.get(version.id) ?? [],
      run: runs.get(version.id) ?? null,
      models: models.get(version.id) ?? [],
      createdAt: version.createdAt.toISOString(),
    })),
    alternatives: await loadAlternatives(scope, feature),
  };
}

/** The stages upstream of each version, inputs before their readers. */
async function loadChains(scope: Scope, ids: string[]): Promise<Map<string, ChainStage[]>> {
  if (ids.length === 0) return new Map();
  const upstream = await prisma().$queryRaw<{ root: string; id: string }[]>`
    WITH RECURSIVE upstream(root, id) AS (
      SELECT v, v FROM unnest(${ids}::text[]) AS t(v)
      UNION SELECT u.root, i."inputVersionId" FROM upstream u JOIN "FeatureVersionInput" i ON i."readerId" = u.id
    ) SELECT root, id FROM upstream`;
  const all = [...new Set(upstream.map((row) => row.id))];
  const [versions, links] = await Promise.all([
    prisma().featureVersion.findMany({
      where: { id: { in: all }, stageVersionId: { not: null } },
      select: {
        id: true,
        signature: true,
        feature: { select: { name: true } },
        stageVersion: { include: { stage: { select: { name: true } } } },
      },
    }),
    prisma().featureVersionInput.findMany({
      where: { readerId: { in: all } },
      select: { readerId: true, inputVersionId: true },
    }),
  ]);
  const fits = await loadFits(scope, [...new Set(versions.map((version) => version.signature))]);
  const inputsOf = groupBy(links, (link) => link.readerId);
  const byId = new Map(versions.map((version) => [version.id, version]));
  const chains = new Map<string, ChainStage[]>();
  for (const root of ids) {
    // Columns that one instance writes share its signature: it is one step of the chain.
    const steps = new Map<string, ChainStage>();
    const seen = new Set<string>();
    const visit = (id: string) => {
      if (seen.has(id)) return;
      seen.add(id);
      for (const link of inputsOf.get(id) ?? []) visit(link.inputVersionId);
      const version = byId.get(id);
      if (!version?.stageVersion) return;
      const known = steps.get(version.signature);
      if (known) known.outputs.push(version.feature.name);
      else
        steps.set(version.signature, toStep(version.stageVersion, version.feature.name, fits.get(version.signature)));
    };
    visit(root);
    chains.set(root, [...steps.values()]);
  }
  return chains;
}

function toStep(
  version: {
    version: number;
    operator: string;
    kind: string;
    class: string | null;
    definition: unknown;
    stage: { name: string };
  },
  column: string,
  fit: ChainStage["fit"] | undefined,
): ChainStage {
  return {
    stage: version.stage.name,
    version: version.version,
    operator: version.operator,
    kind: version.kind as ChainStage["kind"],
    class: version.class as ChainStage["class"],
    params: (version.definition as StageDefinition).params ?? {},
    outputs: [column],
    fit: fit ?? null,
  };
}

/** The newest fit of each signature. */
async function loadFits(scope: Scope, signatures: string[]): Promise<Map<string, NonNullable<ChainStage["fit"]>>> {
  const [fits, policies] = await Promise.all([
    prisma().fit.findMany({
      where: { workspaceId: scope.workspace.id, signature: { in: signatures }, fold: null },
      orderBy: { createdAt: "asc" },
      select: { signature: true, rowSet: true, rows: true, run: { select: { number: true } } },
    }),
    loadPolicies(scope.workspace.id),
  ]);
  return new Map(
    fits.map((fit) => [
      fit.signature,
      {
        rows: Number(fit.rows),
        rowSet:
          fit.rowSet === null ? "rows that were not recorded" : describeRowSet(rowSetOf(fit.rowSet), { policies }),
        run: fit.run.number,
      },
    ]),
  );
}

async function loadRuns(ids: string[]): Promise<Map<string, NonNullable<Strategy["run"]>>> {
  const rows = await prisma().featureValues.findMany({
    // A predict run judges nothing.
    where: { featureVersionId: { in: ids }, run: { kind: { not: "predict" } } },
    orderBy: { createdAt: "asc" },
    select: {
      featureVersionId: true,
      run: { select: { id: true, number: true, title: true, finishedAt: true, metrics: true } },
    },
  });
  return new Map(
    rows.map(({ featureVersionId, run }) => [
      featureVersionId,
      {
        ...run,
        finishedAt: run.finishedAt?.toISOString() ?? null,
        metrics: run.metrics as NonNullable<Strategy["run"]>["metrics"],
      },
    ]),
  );
}

/** Newest versions of models, by the feature version that they read. */
async function loadModels(scope: Scope, ids: string[]): Promise<Map<string, ReadingModel[]>> {
  const rows = await prisma().leakageVerdict.findMany({
    where: { featureVersionId: { in: ids }, modelVersion: { model: { workspaceId: scope.workspace.id } } },
    include: {
      featureVersion: { select: { version: true } },
      modelVersion: { select: { version: true, model: { select: { name: true } } } },
    },
    orderBy: { modelVersion: { version: "desc" } },
  });
  const newest = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    const key = `${row.featureVersionId}/${row.modelVersion.model.name}`;
    if (!newest.has(key)) newest.set(key, row);
  }
  const models = [...newest.values()].map((row) => ({
    id: row.featureVersionId,
    model: {
      model: row.modelVersion.model.name,
      version: row.modelVersion.version,
      modelVersionId: row.modelVersionId,
      featureVersion: row.featureVersion.version,
      verdict: row.verdict as ReadingModel["verdict"],
      severity: row.severity as ReadingModel["severity"],
      reasons: row.reasons,
      explanation: row.explanation,
    },
  }));
  return new Map([...groupBy(models, (row) => row.id)].map(([id, group]) => [id, group.map((row) => row.model)]));
}

async function loadAlternatives(scope: Scope, feature: FeatureRow): Promise<FeatureDetail["alternatives"]> {
  return prisma().$queryRaw<FeatureDetail["alternatives"]>`
    SELECT s."name" AS "stage", v."operator", s."description", s."owner",
      (SELECT coalesce(array_agg(i."column" ORDER BY i."position"), '{}') FROM "StageColumn" i
        WHERE i."stageVersionId" = v."id" AND i."role" = 'input') AS "inputs"
    FROM "StageColumn" c JOIN "StageVersion" v ON v."id" = c."stageVersionId"
    JOIN "Stage" s ON s."id" = v."stageId" AND s."version" = v."version"
    WHERE c."workspaceId" = ${scope.workspace.id} AND c."column" = ${feature.name} AND c."role" = 'output' AND s."retiredAt" IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM "FeatureVersion" f JOIN "StageVersion" other ON other."id" = f."stageVersionId"
        WHERE f."featureId" = ${feature.id} AND other."stageId" = s."id")
    ORDER BY s."position"`;
}
