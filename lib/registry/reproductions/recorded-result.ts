import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import type { CrossValidation } from "@/lib/domain/runs/cross-validation";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import type { RunEnvironment } from "@/lib/domain/runs/run-record";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { crossValidationOf, fittedModelOf, runEnvironmentOf, writtenFilesOf } from "../stored-json";

export interface RecordedOutput {
  /** `entity@owner`. */
  dataset: string;
  version: number;
  entity: string;
  rows: number;
  /** An entity's output is one file; its path is absolute. */
  file: { path: string; sha256: string; bytes: number };
}

export interface RecordedFit {
  model: FittedModel;
  run: { id: string; number: number };
}

/** What a run recorded of what came out of it. */
export interface RecordedResult {
  environment: Partial<RunEnvironment>;
  metrics: VariantResult["metrics"] | null;
  crossValidation: CrossValidation | null;
  outputs: RecordedOutput[];
  /** Fit fingerprint → the fit that was made or used. */
  fits(fingerprints: readonly string[]): Promise<Map<string, RecordedFit>>;
}

export function runToReproduce(runId: string): Promise<Run> {
  return prisma().run.findUniqueOrThrow({ where: { id: runId } });
}

/** The model version that a predict run scored with; null where nothing was fitted. */
export async function scoredWith({ modelVersionId }: Run) {
  if (modelVersionId === null) return null;
  return prisma().modelVersion.findUniqueOrThrow({
    where: { id: modelVersionId },
    include: { model: { select: { name: true } } },
  });
}

export async function recordedResultOf(run: Run): Promise<RecordedResult> {
  const outputs = await prisma().datasetVersion.findMany({ where: { runId: run.id }, orderBy: { dataset: "asc" } });
  return {
    environment: run.environment === null ? {} : runEnvironmentOf(run.environment),
    metrics: run.metrics as VariantResult["metrics"] | null,
    crossValidation: run.crossValidation === null ? null : crossValidationOf(run.crossValidation),
    outputs: outputs.flatMap(({ dataset, version, rows, files }) =>
      writtenFilesOf(files).map((file) => ({
        dataset,
        version,
        entity: dataset.slice(0, dataset.indexOf("@")),
        rows: Number(rows),
        file: { ...file, path: path.resolve(environment().TRIBUTARY_DATA, file.path) },
      })),
    ),
    fits: (fingerprints) => findFits(run.workspaceId, fingerprints),
  };
}

async function findFits(workspaceId: string, fingerprints: readonly string[]): Promise<Map<string, RecordedFit>> {
  const rows = await prisma().fit.findMany({
    where: { workspaceId, fingerprint: { in: [...fingerprints] } },
    select: { fingerprint: true, model: true, run: { select: { id: true, number: true } } },
  });
  return new Map(rows.map(({ fingerprint, model, run }) => [fingerprint, { model: fittedModelOf(model), run }]));
}
