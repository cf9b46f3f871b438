import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import { digestOf } from "@/lib/registry/record-event";
import type { Maker } from "./registry-fixture-makers";
import { BY, type IdOf } from "./registry-fixture-rows";
import type { VersionIdIn } from "./registry-fixture-versions";

/** A run of a pipeline, as a fixture follows it. */
export interface FixtureRun {
  id: string;
  workspaceId: string;
  number: number;
  pipeline: PipelineDefinition;
  made: Map<string, Maker>;
  /** Names of the stages that ran, in order. */
  stages: string[];
  variantId: string;
  finishedAt: Date;
  metrics: Prisma.InputJsonObject;
  /** Entity → id of the dataset version that the run wrote. */
  outputs: Record<string, string>;
}

/** The variant, the run of it, and the datasets and values that it wrote. */
export async function fillRun(
  workspaceId: string,
  id: IdOf,
  { pipeline, number, made }: Pick<FixtureRun, "pipeline" | "number" | "made">,
  idIn: VersionIdIn,
  sourceVersions: readonly string[],
  actor: string,
): Promise<FixtureRun> {
  const db = prisma();
  const runId = id(`run/${number}`);
  const variantId = id(`variant/${pipeline.name}`);
  const makers = [...made.values()];
  const stages = [...new Set(makers.flatMap((maker) => (maker.stage ? [maker.stage.name] : [])))];
  const choice = Object.fromEntries(makers.flatMap((maker) => (maker.stage ? [[maker.column, maker.stage.name]] : [])));
  await db.variant.create({
    data: {
      id: variantId,
      pipelineId: id(`pipeline/${pipeline.name}`),
      signature: digestOf(choice),
      stages,
      choice,
      createdBy: BY,
    },
  });
  const startedAt = new Date(Date.UTC(2026, 10, 10 + number, 8));
  const finishedAt = new Date(startedAt.getTime() + 38_000);
  const metrics = {
    validation: { auc: 0.642 - number / 100, logLoss: 0.512, rows: 497_131 },
    test: { auc: 0.661 - number / 50, logLoss: 0.498, rows: 502_228 },
  };
  await db.run.create({
    data: {
      id: runId,
      workspaceId,
      number,
      kind: "variant",
      title: `${pipeline.name} #${number}`,
      state: "succeeded",
      variantId,
      params: { pipeline: pipeline.name },
      progress: 1,
      message: "done",
      attempt: 1,
      startedAt,
      finishedAt,
      metrics,
      engine: "local",
      rows: 3_000_000n,
      createdBy: actor,
      stages: {
        create: stages.map((stage, position) => ({
          id: id(`run-stage/${number}/${stage}`),
          position,
          instance: stage,
          stage,
          state: "done",
          rows: 3_000_000n,
          seconds: 1.5 + position / 10,
        })),
      },
      inputs: { create: sourceVersions.map((datasetVersionId) => ({ datasetVersionId })) },
      logs: { create: { level: "info", message: `Planned ${stages.length} stages.` } },
    },
  });
  const outputs: Record<string, string> = {};
  for (const entity of ["airport", "flight"]) {
    outputs[entity] = id(`dataset/${entity}/${number}`);
    await db.datasetVersion.create({
      data: {
        id: outputs[entity] as string,
        workspaceId,
        dataset: `${entity}@${pipeline.name}`,
        version: 1,
        runId,
        files: [{ path: `outputs/${number}/${entity}.parquet`, sha256: digestOf(entity + number), bytes: 1_048_576 }],
        digest: digestOf([entity, number]),
        rows: entity === "airport" ? 55_000n : 3_000_000n,
        timeFrom: new Date("2001-01-01"),
        timeTo: new Date("2001-07-01"),
        createdBy: BY,
      },
    });
  }
  await db.featureValues.createMany({
    data: makers
      .filter((maker) => maker.stage)
      .map((maker) => ({
        featureVersionId: idIn(made, maker.column),
        runId,
        datasetVersionId: outputs[splitColumn(maker.column)[0]] as string,
        column: splitColumn(maker.column)[1],
      })),
  });
  return { id: runId, workspaceId, number, pipeline, made, stages, variantId, finishedAt, metrics, outputs };
}
