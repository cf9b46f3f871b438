import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { FeatureDefinition } from "@/lib/domain/definitions/feature";
import type { FeatureServiceDefinition } from "@/lib/domain/definitions/feature-service";
import type { FeatureViewDefinition } from "@/lib/domain/definitions/feature-view";
import type { ModelDefinition } from "@/lib/domain/definitions/model";
import type { MonitorDefinition } from "@/lib/domain/definitions/monitor";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { WorkspaceDefinition } from "@/lib/domain/definitions/workspace";
import type { ConceptMonitorDefinition } from "@/lib/domain/definitions/concept-monitor";
import { documentStage, type StageDocumentation } from "@/lib/domain/specs/stage-behaviour";
import { type DefinitionRef, definitionsOfKind, loadCurrent, refsOf } from "../definitions/current";
import { definitionOf } from "../stored-json";

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
  /** Models that somebody described; those that runs only made are not among them. */
  models: ModelDefinition[];
  monitors: (MonitorDefinition | ConceptMonitorDefinition)[];
  /** `definitionKey` → the version that a definition is, of every kind but stages, features and models. */
  versions: Map<string, DefinitionRef>;
}

/** Reads the declared objects of a workspace, all but stages by name. Inside a transaction, pass it. */
export async function loadCatalogue(workspaceId: string, db: Prisma | Transaction = prisma()): Promise<Catalogue> {
  const workspace = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId }, select: { definition: true } });
  const features = await db.feature.findMany({
    where: { workspaceId, retiredAt: null, declared: true },
    select: { definition: true },
    orderBy: { name: "asc" },
  });
  const models = await db.model.findMany({
    where: { workspaceId, declared: true },
    select: { definition: true },
    orderBy: { name: "asc" },
  });
  const declared = await loadCurrent(workspaceId, PINNED, db);
  return {
    workspace: definitionOf("Workspace", workspace),
    entities: definitionsOfKind(declared, "Entity"),
    sources: definitionsOfKind(declared, "Source"),
    stages: await loadStages(workspaceId, db),
    features: features.map(({ definition }) => definitionOf("Feature", { definition })),
    views: definitionsOfKind(declared, "FeatureView"),
    services: definitionsOfKind(declared, "FeatureService"),
    splits: definitionsOfKind(declared, "SplitPolicy"),
    pipelines: definitionsOfKind(declared, "Pipeline"),
    models: models.map((row) => definitionOf("Model", row)),
    monitors: definitionsOfKind(declared, "Monitor"),
    versions: refsOf(declared),
  };
}

/** Kinds of which a catalogue knows the versions. Stages have theirs with them; no plan follows from features and models. */
const PINNED = ["Entity", "Source", "SplitPolicy", "FeatureView", "FeatureService", "Pipeline", "Monitor"] as const;

interface StageRow extends Required<StageDocumentation> {
  definition: StageDefinition;
  versionId: string;
  version: number;
  digest: string;
}

/** The live stages in declaration order. */
export async function loadStages(workspaceId: string, db: Prisma | Transaction = prisma()): Promise<CatalogueStage[]> {
  const rows = await db.$queryRaw<StageRow[]>`
    SELECT v."definition", v."id" AS "versionId", v."version", v."digest", s."description", s."owner", s."tags", s."meta", s."tests"
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
