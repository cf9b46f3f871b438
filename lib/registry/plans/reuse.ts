import { statSync } from "node:fs";
import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import { explainFit, type FitBasis } from "@/lib/domain/plans/fit-basis";
import type { PlannedFit } from "@/lib/domain/plans/fit-fingerprints";
import { writtenFilesOf } from "../stored-json";

/** A fit that was made before. */
export interface KnownFit {
  run: { id: string; number: number };
  at: Date;
  rows: number;
  seconds: number;
}

/** Fit fingerprint → the fit of that workspace. */
export async function findFits(workspaceId: string, fingerprints: readonly string[]): Promise<Map<string, KnownFit>> {
  if (fingerprints.length === 0) return new Map();
  const rows = await prisma().fit.findMany({
    where: { workspaceId, fingerprint: { in: [...fingerprints] } },
    select: {
      fingerprint: true,
      rows: true,
      seconds: true,
      createdAt: true,
      run: { select: { id: true, number: true } },
    },
  });
  return new Map(
    rows.map((row) => [
      row.fingerprint,
      { run: row.run, at: row.createdAt, rows: Number(row.rows), seconds: row.seconds },
    ]),
  );
}

/** Fits of a stage that are looked at to say what is different now. */
const EARLIER_FITS = 20;

/**
 * Instance key → why its estimator is to be fitted anew, or which fit is used again. What it is compared with is the newest fit of
 * the same stage, preferably of the same pipeline.
 */
export async function explainFits(
  workspaceId: string,
  pipeline: string,
  planned: ReadonlyMap<string, Pick<PlannedFit, "fingerprint" | "basis">>,
): Promise<Map<string, string>> {
  if (planned.size === 0) return new Map();
  const stageOf = (key: string) => key.split("@")[0] as string;
  const stages = [...new Set([...planned.keys()].map(stageOf))];
  const rows = await prisma().$queryRaw<
    { stage: string; fingerprint: string; basis: FitBasis | null; run: number; pipeline: string | null }[]
  >`
    SELECT "stage", "fingerprint", "basis", "run", "pipeline" FROM (
      SELECT s."name" AS "stage", f."fingerprint", f."basis", r."number" AS "run", r."params"->>'pipeline' AS "pipeline",
        row_number() OVER (PARTITION BY s."id" ORDER BY f."createdAt" DESC) AS "age"
      FROM "Fit" f JOIN "StageVersion" v ON v."id" = f."stageVersionId" JOIN "Stage" s ON s."id" = v."stageId"
        JOIN "Run" r ON r."id" = f."runId"
      WHERE f."workspaceId" = ${workspaceId} AND s."name" = ANY(${stages}) AND f."fold" IS NULL
    ) t WHERE "age" <= ${EARLIER_FITS} ORDER BY "age"`;
  const isOurs = (row: (typeof rows)[number]) => row.pipeline === pipeline;
  const earlier = [...rows.filter(isOurs), ...rows.filter((row) => !isOurs(row))];
  return new Map(
    [...planned].map(([key, fit]) => {
      const ofStage = earlier.filter(({ stage }) => stage === stageOf(key));
      return [
        key,
        explainFit(
          fit,
          ofStage.map((row) => ({ ...row, of: `run ${row.run}` })),
        ),
      ];
    }),
  );
}

/** A file that holds values of an instance. */
export interface KnownValues {
  run: { id: string; number: number };
  at: Date;
  datasetVersionId: string;
  dataset: string;
  version: number;
  /** Absolute. */
  file: string;
  /** `entity.column` → the column's name in the file. */
  columns: Map<string, string>;
  /** What the stage took in that run, or in the one that it copied from; null when nobody measured. */
  seconds: number | null;
}

/**
 * Value fingerprint → the files that hold equal values, the newest first. A file that is not on disk any more, or has
 * another size than when it was written, is none of them.
 */
export async function findValues(
  workspaceId: string,
  fingerprints: readonly string[],
): Promise<Map<string, KnownValues[]>> {
  if (fingerprints.length === 0) return new Map();
  const rows = await prisma().featureValues.findMany({
    where: {
      fingerprint: { in: [...fingerprints] },
      featureVersion: { feature: { workspaceId } },
      datasetVersion: { quarantinedAt: null },
    },
    orderBy: { createdAt: "desc" },
    select: {
      fingerprint: true,
      column: true,
      createdAt: true,
      featureVersion: {
        select: {
          feature: { select: { name: true } },
          stageVersion: { select: { stage: { select: { name: true } } } },
        },
      },
      datasetVersion: { select: { id: true, dataset: true, version: true, files: true } },
      run: { select: { id: true, number: true } },
    },
  });
  const files = new Map<string, string | null>();
  const found = new Map<string, Map<string, KnownValues>>();
  const stageOf = new Map<KnownValues, string | undefined>();
  for (const row of rows) {
    const { id, dataset, version } = row.datasetVersion;
    const file = files.has(id) ? files.get(id) : fileOnDisk(writtenFilesOf(row.datasetVersion.files));
    files.set(id, file ?? null);
    if (!file) continue;
    const fingerprint = row.fingerprint as string;
    const byVersion = found.get(fingerprint) ?? new Map<string, KnownValues>();
    found.set(fingerprint, byVersion);
    const values = byVersion.get(id) ?? {
      run: row.run,
      at: row.createdAt,
      datasetVersionId: id,
      dataset,
      version,
      file,
      columns: new Map<string, string>(),
      seconds: null,
    };
    byVersion.set(id, values);
    values.columns.set(row.featureVersion.feature.name, row.column);
    stageOf.set(values, row.featureVersion.stageVersion?.stage.name);
  }
  await addSeconds(stageOf);
  return new Map(
    [...found].map(([fingerprint, byVersion]) => {
      const files = [...byVersion.values()];
      // A run that only copied the values took no time for them.
      const measured = files.find(({ seconds }) => seconds !== null)?.seconds ?? null;
      return [fingerprint, files.map((file) => ({ ...file, seconds: file.seconds ?? measured }))];
    }),
  );
}

/** Seconds. A stage that took less is an expression over its rows, which costs less than finding those rows in a file. */
const WORTH_READING = 0.05;

/** The newest file that has all of the columns, when reading it is worth while. */
export function newestWith(files: readonly KnownValues[], columns: readonly string[]): KnownValues | undefined {
  return files.find(
    (file) =>
      (file.seconds === null || file.seconds >= WORTH_READING) && columns.every((column) => file.columns.has(column)),
  );
}

async function addSeconds(stageOf: Map<KnownValues, string | undefined>): Promise<void> {
  if (stageOf.size === 0) return;
  const rows = await prisma().runStage.findMany({
    where: { runId: { in: [...new Set([...stageOf.keys()].map(({ run }) => run.id))] }, reused: false },
    select: { runId: true, stage: true, seconds: true },
  });
  const seconds = new Map(rows.map((row) => [`${row.runId} ${row.stage}`, row.seconds]));
  for (const [values, stage] of stageOf) values.seconds = seconds.get(`${values.run.id} ${stage}`) ?? null;
}

interface WrittenFile {
  /** Relative to the data folder. */
  path: string;
  bytes: number;
}

/** An entity's output is one file. */
function fileOnDisk([written, ...others]: WrittenFile[]): string | null {
  if (!written || others.length > 0) return null;
  const file = path.resolve(environment().TRIBUTARY_DATA, written.path);
  return statSync(file, { throwIfNoEntry: false })?.size === written.bytes ? file : null;
}
