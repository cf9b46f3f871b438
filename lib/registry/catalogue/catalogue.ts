import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { FeatureDefinition } from "@/lib/domain/definitions/feature";
import type { FeatureServiceDefinition } from "@/lib/domain/definitions/feature-service";
import type { FeatureViewDefinition } from "@/lib/domain/definitions/feature-view";
import type { MonitorDefinition } from "@/lib/domain/definitions/monitor";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { WorkspaceDefinition } from "@/lib/domain/definitions/workspace";
import type { ConceptMonitorDefinition } from "@/lib/domain/definitions/concept-monitor";
import { documentStage, type StageDocumentation } from "@/lib/domain/specs/stage-behaviour";

export { planInputOf } from "@/lib/domain/specs/plan-input";

/** The version of a stage that plans use. */
export type CatalogueStage = StageDefinition & {
  versionId: string;
  version: number;
  /** SHA-256 of what the stage computes: equal digest, equal values. */
  digest: string;
};

/** Everything that is declared in a workspace and not retired. */
export interface Catalogue {
  workspace: WorkspaceDefinition;
  entities: EntityDefinition[];
  sources: SourceDefinition[];
  /** In declaration order, which the planner keeps. */
  stages: CatalogueStage[];
  /** Features that somebody documented; columns that nobody did are not among them. */
  features: FeatureDefinition[];
  views: FeatureViewDefinition[];
  services: FeatureServiceDefinition[];
  splits: SplitPolicyDefinition[];
  pipelines: PipelineDefinition[];
  monitors: (MonitorDefinition | ConceptMonitorDefinition)[];
}

/** Reads the declared objects of a workspace, all but stages by name. Inside a transaction, pass it. */
export async function loadCatalogue(workspaceId: string, db: Prisma | Transaction = prisma()): Promise<Catalogue> {
  const live = {
    where: { workspaceId, retiredAt: null },
    select: { definition: true },
    orderBy: { name: "asc" },
  } as const;
  const workspace = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId }, select: { definition: true } });
  const entities = await db.entity.findMany(live);
  const sources = await db.source.findMany(live);
  const features = await db.feature.findMany({ ...live, where: { ...live.where, declared: true } });
  const views = await db.featureView.findMany(live);
  const services = await db.featureService.findMany(live);
  const splits = await db.splitPolicy.findMany(live);
  const pipelines = await db.pipeline.findMany(live);
  const monitors = await db.monitor.findMany(live);
  return {
    workspace: workspace.definition as unknown as WorkspaceDefinition,
    entities: definitionsOf(entities),
    sources: definitionsOf(sources),
    stages: await loadStages(workspaceId, db),
    features: definitionsOf(features),
    views: definitionsOf(views),
    services: definitionsOf(services),
    splits: definitionsOf(splits),
    pipelines: definitionsOf(pipelines),
    monitors: definitionsOf(monitors),
  };
}

interface StageRow extends Required<StageDocumentation> {
  definition: StageDefinition;
  versionId: string;
  version: number;
  digest: string;
}

/** The live stages in declaration order. */
export async function loadStages(workspaceId: string, db: Prisma | Transaction = prisma()): Promise<CatalogueStage[]> {
  const rows = await db.$queryRaw<StageRow[]>`
    SELECT v."definition", v."id" AS "versionId", v."version", v."digest", s."description", s."owner", s."tags", s."tests"
    FROM "Stage" s JOIN "StageVersion" v ON v."stageId" = s."id" AND v."version" = s."version"
    WHERE s."workspaceId" = ${workspaceId} AND s."retiredAt" IS NULL
    ORDER BY s."position", s."name"`;
  return rows.map(({ definition, versionId, version, digest, ...documentation }) => ({
    ...documentStage(definition, documentation),
    versionId,
    version,
    digest,
  }));
}

/** The columns were written by `applySpecs` from parsed definitions. */
function definitionsOf<Definition>(rows: { definition: unknown }[]): Definition[] {
  return rows.map((row) => row.definition as Definition);
}
