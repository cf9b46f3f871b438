import path from "node:path";
import { environment as settings } from "@/lib/config/environment";
import type { Prisma as Client, Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import type { AbTestRow } from "./ab-test-row";
import type { RunParams } from "@/lib/domain/runs/run-params";
import { worstVerdict } from "../models/verdicts";

/** Where an arm's predictions lie, and by which model versions they were made. */
export interface ArmPredictions {
  dataset: string;
  /** Oldest first: a row that several hold counts as the last of them has it. */
  versions: number[];
  files: string[];
  /** The column's name in the files. */
  column: string;
  /** First and last event time; null for an entity without one. */
  time: [Date, Date] | null;
  modelVersions: number[];
  leak: boolean;
}

export interface TestPredictions {
  environment: "staging" | "production";
  arms: ArmPredictions[];
}

const VERSION = {
  run: { select: { params: true, scoredWith: { select: { version: true, verdicts: true } } } },
} as const satisfies Prisma.DatasetVersionInclude;

/**
 * What the arms predicted: in production when all of them did there, else in staging. Null when some arm predicted in
 * neither, with its name.
 */
export async function findPredictions(
  db: Client | Transaction,
  test: Pick<AbTestRow, "workspaceId" | "output" | "arms">,
): Promise<{ found: TestPredictions } | { found: null; missing: string[] }> {
  const [entity] = splitColumn(test.output);
  let missing: string[] = [];
  for (const environment of ["production", "staging"] as const) {
    const arms: (ArmPredictions | null)[] = [];
    for (const { deployment } of test.arms)
      arms.push(await predictionsIn(db, test, `${entity}@${deployment.name}.${environment}`));
    missing = test.arms.filter((_, index) => arms[index] === null).map((arm) => arm.name);
    if (missing.length === 0) return { found: { environment, arms: arms.flatMap((arm) => arm ?? []) } };
  }
  return { found: null, missing };
}

/** What a deployment predicted of an output, as far as it still counts; null when it has not. */
export async function predictionsIn(
  db: Client | Transaction,
  { workspaceId, output }: Pick<AbTestRow, "workspaceId" | "output">,
  dataset: string,
): Promise<ArmPredictions | null> {
  const rows = await db.datasetVersion.findMany({
    where: { workspaceId, dataset, quarantinedAt: null, run: { state: "succeeded" } },
    include: VERSION,
    orderBy: { version: "asc" },
  });
  // What was predicted for all rows replaces everything before it; windows come on top.
  const whole = rows.findLastIndex((row) => !isWindow(row));
  const read = rows.slice(Math.max(0, whole));
  if (read.length === 0) return null;
  const times = read.flatMap(({ timeFrom, timeTo }) => (timeFrom && timeTo ? [[timeFrom, timeTo] as const] : []));
  const models = new Map(
    read.flatMap(({ run }) => (run?.scoredWith ? [[run.scoredWith.version, run.scoredWith]] : [])),
  );
  return {
    dataset,
    versions: read.map((row) => row.version),
    files: read.flatMap(filesOf),
    column: splitColumn(output)[1],
    time:
      times.length === 0
        ? null
        : [
            new Date(Math.min(...times.map(([from]) => Number(from)))),
            new Date(Math.max(...times.map(([, to]) => Number(to)))),
          ],
    modelVersions: [...models.keys()].sort((one, other) => one - other),
    leak: [...models.values()].some((model) => worstVerdict(model.verdicts).verdict === "leak"),
  };
}

const isWindow = (row: { run: { params: unknown } | null }) =>
  (row.run?.params as RunParams | undefined)?.window !== undefined;

/** Files of outputs are kept below the data folder, those of sources wherever they are. */
export function filesOf({ files }: { files: unknown }): string[] {
  return (files as { path: string }[]).map((file) => path.resolve(settings().TRIBUTARY_DATA, file.path));
}

export interface LabelFiles {
  dataset: string;
  version: number;
  files: string[];
  column: string;
  /** Set when the label is a source's own column. */
  source?: SourceDefinition;
}

/** The newest whole output that has the label, else the newest version of a source that has it. Throws `invalid` when nothing has. */
export async function findLabel(db: Client | Transaction, workspaceId: string, label: string): Promise<LabelFiles> {
  const rows = await db.featureValues.findMany({
    where: {
      featureVersion: { feature: { workspaceId, name: label } },
      run: { state: "succeeded", kind: { in: ["variant", "fit"] } },
    },
    select: { column: true, datasetVersion: true, run: { select: { params: true } } },
    orderBy: { createdAt: "desc" },
    take: 50,
  });
  const newest = rows.find((row) => !isWindow(row));
  if (newest)
    return {
      dataset: newest.datasetVersion.dataset,
      version: newest.datasetVersion.version,
      files: filesOf(newest.datasetVersion),
      column: newest.column,
    };
  const [entity, column] = splitColumn(label);
  const sources = await db.source.findMany({ where: { workspaceId, entity, retiredAt: null } });
  for (const { id, name, definition } of sources) {
    const source = definition as unknown as SourceDefinition;
    if (!source.columns.some((candidate) => candidate.name === column)) continue;
    const version = await db.datasetVersion.findFirst({ where: { sourceId: id }, orderBy: { version: "desc" } });
    if (version) return { dataset: name, version: version.version, files: filesOf(version), column, source };
  }
  throw new DomainError(
    "invalid",
    `No run has written ${label} yet. Run a fit job or a pipeline that evaluates by it first.`,
  );
}
