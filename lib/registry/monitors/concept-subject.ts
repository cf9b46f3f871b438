import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import { fittedElsewhere } from "../models/where-kept";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { labelOf } from "@/lib/domain/operators/operator-table";
import { DomainError } from "@/lib/domain/errors";
import { choosePrediction } from "@/lib/domain/plans/evaluation-target";
import { definitionOf } from "../stored-json";

/** What a version of a model predicts, and by what it is judged. */
export interface ConceptSubject {
  model: string;
  versionId: string;
  version: number;
  runId: string;
  entity: EntityDefinition;
  /** `entity.column`. */
  prediction: string;
  /** `entity.column`; null when the fit has none. */
  label: string | null;
  evaluate: PipelineDefinition["evaluate"] | null;
}

/**
 * The subject of a model: its version of that number, else the one that the alias names, else the newest. Throws `not_found` for
 * a model that no run made.
 */
export async function findConceptSubject(
  workspaceId: string,
  model: string,
  { version, alias = "production" }: { version?: number | undefined; alias?: string } = {},
  db: Prisma | Transaction = prisma(),
): Promise<ConceptSubject> {
  const named = await db.modelAlias.findFirst({
    where: { alias, model: { workspaceId, name: model } },
    select: { modelVersion: { select: { version: true } } },
  });
  const number = version ?? named?.modelVersion.version;
  const row = await db.modelVersion.findFirst({
    where: { model: { workspaceId, name: model }, ...(number !== undefined && { version: number }) },
    orderBy: { version: "desc" },
    select: {
      id: true,
      version: true,
      engine: true,
      uri: true,
      runId: true,
      run: { select: { params: true } },
      fit: { select: { stageVersion: { select: { definition: true } } } },
    },
  });
  if (!row)
    throw new DomainError("not_found", `There is no model \`${model}\` here. /models lists those that runs made.`);
  if (!row.fit || !row.run || !row.runId)
    throw new DomainError("conflict", `${fittedElsewhere(model, row)} Watch a version that a run made.`, {
      model,
      version: row.version,
    });
  // Both were written by the registry from parsed definitions.
  const stage = definitionOf("Stage", row.fit.stageVersion);
  const pipeline = (row.run.params as { definition?: PipelineDefinition } | null)?.definition;
  const prediction = predictionOfModel(stage, pipeline);
  const entity = await db.entity.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId, name: splitColumn(prediction)[0] } },
    select: { definition: true },
  });
  return {
    model,
    versionId: row.id,
    version: row.version,
    runId: row.runId,
    entity: definitionOf("Entity", entity),
    prediction,
    label: pipeline?.evaluate?.label ?? labelOf(stage),
    evaluate: pipeline?.evaluate ?? null,
  };
}

/** The evaluated output; for a model that nothing evaluates, the first output of its stage that the pipeline asks for. */
function predictionOfModel(stage: StageDefinition, pipeline: PipelineDefinition | undefined): string {
  const written = stage.outputs.map(({ column }) => column);
  const evaluated = pipeline && choosePrediction(pipeline, (column) => (written.includes(column) ? [stage] : []));
  return evaluated?.prediction ?? written.find((column) => pipeline?.outputs.includes(column)) ?? written[0] ?? "";
}
