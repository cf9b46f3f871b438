/** Sketches of the units of recorded rows: kept with the run, so that a verdict can be measured when the rows are gone. */
import { createHash } from "node:crypto";
import { prisma } from "@/lib/db/client";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { UnitSketch } from "@/lib/domain/leakage/unit-keys";
import { policyKey } from "@/lib/domain/leakage/split-policy";
import { type LeakageInput, PLANNED_ASSIGNMENT, type RowSet } from "@/lib/domain/leakage/types";
import { asJson, leakageInputOf } from "../stored-json";

const HASH_BYTES = 8;

/** Rows whose units are sketched. */
export interface SketchedRows {
  rowSet: RowSet;
  unit: readonly string[];
}

/** The same for the same rows, whichever model or fit they are of: versions of data and policies never change. */
function digestOfRows({ policies }: Pick<LeakageInput, "policies">, { rowSet, unit }: SketchedRows): string {
  const used = rowSet.map(({ split }) => (split ? (policies[policyKey(split)] ?? null) : null));
  return createHash("sha256")
    .update(canonicalJson({ rowSet, unit, policies: used }))
    .digest("hex");
}

export async function findSketch(
  workspaceId: string,
  input: LeakageInput,
  rows: SketchedRows,
): Promise<UnitSketch | null> {
  const row = await prisma().unitSketch.findUnique({
    where: { workspaceId_digest: { workspaceId, digest: digestOfRows(input, rows) } },
  });
  if (!row) return null;
  const bytes = Buffer.from(row.hashes).toString("hex");
  const hashes = Array.from({ length: bytes.length / (2 * HASH_BYTES) }, (_, i) => bytes.slice(16 * i, 16 * (i + 1)));
  return { hashes, isExact: row.exact, rows: Number(row.rows), withoutUnit: Number(row.withoutUnit) };
}

export async function keepSketch(
  workspaceId: string,
  input: LeakageInput,
  rows: SketchedRows,
  sketch: UnitSketch,
): Promise<void> {
  await prisma().unitSketch.createMany({
    data: [
      {
        workspaceId,
        digest: digestOfRows(input, rows),
        rowSet: asJson(rows.rowSet),
        unit: [...rows.unit],
        hashes: Uint8Array.from(Buffer.from(sketch.hashes.join(""), "hex")),
        exact: sketch.isExact,
        rows: BigInt(sketch.rows),
        withoutUnit: BigInt(sketch.withoutUnit),
      },
    ],
    skipDuplicates: true,
  });
}

/** A model version's rows, for a job that sketches them; null when it is gone. */
export async function rowsToSketch(modelVersionId: string) {
  const row = await prisma().modelVersion.findUnique({
    where: { id: modelVersionId },
    select: { runId: true, leakageInput: true, model: { select: { workspaceId: true } } },
  });
  if (!row) return null;
  const input = leakageInputOf(row.leakageInput);
  return { owner: { workspaceId: row.model.workspaceId, runId: row.runId }, input, wanted: sketchedRowsOf(input) };
}

/** Every row-set that an estimator was fitted on, the model's own and its test rows, by the model's unit; each once. */
function sketchedRowsOf({ estimators, consumer, datasets }: LeakageInput): SketchedRows[] {
  const { unit, train, test, selection = [] } = consumer;
  if (unit.length === 0) return [];
  const recorded = estimators.flatMap(({ fit }) => (Array.isArray(fit) ? [fit as RowSet] : []));
  const all = [...recorded, train ?? [], selection, test].filter((rows) => rows.length > 0);
  const canBeRead = (rows: RowSet) =>
    rows.every(
      ({ dataset, split }) =>
        unit.every((column) => datasets[dataset]?.columns.includes(column)) && split?.assignment !== PLANNED_ASSIGNMENT,
    );
  const once = new Map(all.filter(canBeRead).map((rowSet) => [canonicalJson(rowSet), { rowSet, unit }]));
  return [...once.values()];
}
