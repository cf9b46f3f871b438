import type { z } from "zod";
import type { LeakageMatrix, listUsage as contract, MatrixCell, UsageEntry, UsageFilter } from "@/lib/contracts/usage";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { csvLine } from "@/lib/domain/csv";
import { SEVERITIES } from "@/lib/domain/leakage/codes";
import { describeRowSet } from "@/lib/domain/leakage/describe-row-set";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { loadPolicies } from "../catalogue/split-policies";
import { numberOf } from "../paging";
import { openScopeFor } from "../scope";
import { rowSetOf } from "../stored-json";

/** Entries of the ledger, newest first; the cursor is the number of entries seen. */
export async function listUsage(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<{ items: UsageEntry[]; total: number; nextCursor: string | null }> {
  const { workspace } = await openScopeFor(principal, query.workspace, "usage:read");
  const where = whereOf(query, workspace.id);
  const skip = numberOf(query.cursor) ?? 0;
  const total = await prisma().usage.count({ where });
  const items = await loadEntries(workspace.id, where, skip, query.limit);
  return { items, total, nextCursor: skip + items.length < total ? String(skip + items.length) : null };
}

/** CSV of everything that the filter lets through. Permissions are checked before the first byte. */
export async function exportUsage(principal: Principal, filter: UsageFilter): Promise<AsyncIterable<string>> {
  const { workspace } = await openScopeFor(principal, filter.workspace, "usage:read");
  const where = whereOf(filter, workspace.id);
  return (async function* () {
    yield csvLine(COLUMNS);
    for (let skip = 0; ; skip += 1000) {
      const entries = await loadEntries(workspace.id, where, skip, 1000);
      yield entries.map((entry) => csvLine(COLUMNS.map((column) => entry[column]))).join("");
      if (entries.length < 1000) return;
    }
  })();
}

const COLUMNS = [
  "feature", "version", "consumer", "consumerKind", "role", "mode", "rows", "rowSet", "run", "at", "actor",
] as const satisfies (keyof UsageEntry)[]; // prettier-ignore

function whereOf({ feature, consumer, role, mode, run }: UsageFilter, workspaceId: string): Prisma.UsageWhereInput {
  return {
    workspaceId,
    ...(feature && { featureVersion: { feature: { name: { contains: feature, mode: "insensitive" } } } }),
    ...(consumer && { consumer: { contains: consumer, mode: "insensitive" } }),
    ...(role && { role }),
    ...(mode && { mode }),
    ...(run !== undefined && { run: { number: run } }),
  };
}

async function loadEntries(workspaceId: string, where: Prisma.UsageWhereInput, skip: number, take: number) {
  const rows = await prisma().usage.findMany({
    where,
    include: {
      featureVersion: { select: { version: true, feature: { select: { name: true } } } },
      run: { select: { number: true } },
    },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    skip,
    take,
  });
  const policies = await loadPolicies(workspaceId);
  const models = await prisma().model.findMany({ where: { workspaceId }, select: { name: true } });
  const modelNames = new Set(models.map((model) => model.name));
  const nameOf = await actorNames(rows.map((row) => row.actor));
  return rows.map((row): UsageEntry => ({
    id: row.id,
    feature: row.featureVersion.feature.name,
    version: row.featureVersion.version,
    consumer: row.consumer,
    consumerKind:
      row.trainingDatasetId !== null ? "training_dataset" : modelNames.has(row.consumer) ? "model" : "stage",
    role: row.role as UsageEntry["role"],
    mode: row.mode as UsageEntry["mode"],
    rows: Number(row.rows),
    rowSet: row.rowSet === null ? "not recorded" : describeRowSet(rowSetOf(row.rowSet), { policies }),
    run: row.run?.number ?? null,
    runId: row.runId,
    at: row.at.toISOString(),
    actor: nameOf(row.actor),
  }));
}

export async function getLeakageMatrix(principal: Principal, workspaceName: string): Promise<LeakageMatrix> {
  const { workspace } = await openScopeFor(principal, workspaceName, "usage:read");
  const models = await prisma().model.findMany({
    where: { workspaceId: workspace.id },
    orderBy: { name: "asc" },
    include: {
      versions: {
        orderBy: { version: "desc" },
        take: 1,
        include: {
          verdicts: { include: { featureVersion: { select: { version: true, feature: { select: { name: true } } } } } },
        },
      },
    },
  });
  const newest = models.flatMap((model) => model.versions.map((version) => ({ model: model.name, ...version })));
  const rows = new Map<string, LeakageMatrix["rows"][number]>();
  for (const consumer of newest)
    for (const verdict of consumer.verdicts) {
      const { version, feature } = verdict.featureVersion;
      const key = `${feature.name}@${version}`;
      const row = rows.get(key) ?? { feature: feature.name, version, cells: [] };
      row.cells.push(toCell(verdict));
      rows.set(key, row);
    }
  return {
    consumers: newest.map(({ id, model, version, verdicts }) => {
      const worst = verdicts.map(toCell).sort((one, other) => rankOf(other) - rankOf(one))[0];
      return {
        modelVersionId: id,
        model,
        version,
        verdict: worst?.verdict ?? "unknown",
        severity: worst?.severity ?? "review",
      };
    }),
    rows: [...rows.values()].sort((one, other) =>
      one.feature === other.feature ? one.version - other.version : one.feature < other.feature ? -1 : 1,
    ),
  };
}

/** Severities are ordered so that any leak is above `review`, which is above `none`. */
const rankOf = (cell: MatrixCell) => SEVERITIES.indexOf(cell.severity);

function toCell(row: { modelVersionId: string; verdict: string; severity: string; reasons: string[] }): MatrixCell {
  const { modelVersionId, verdict, severity, reasons } = row;
  return {
    modelVersionId,
    verdict: verdict as MatrixCell["verdict"],
    severity: severity as MatrixCell["severity"],
    reasons,
  };
}
