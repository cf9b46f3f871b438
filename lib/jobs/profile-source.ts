import { rm } from "node:fs/promises";
import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import type { SourceDefinition } from "@/lib/domain/definitions";
import type { Engine } from "@/lib/engines/engine";
import { loadCatalogue } from "@/lib/registry/catalogue";
import { ensureDatasetVersion } from "@/lib/registry/dataset-versions";
import { recordEvent } from "@/lib/registry/record-event";
import type { Scope } from "@/lib/registry/scope";
import { guardVersion } from "./check-rules";
import { toProfileRow } from "./run/record-profiles";
import { SCALARS } from "./run/run-plan";

/**
 * Resolves a source to a dataset version and records the distributions of its documented columns, so that raw features can
 * be looked at before any pipeline reads them. A version that was profiled is left as it is.
 * @returns the version's number
 */
export async function profileSource(
  scope: Scope,
  source: SourceDefinition,
  engine: Engine,
  signal: AbortSignal,
): Promise<number> {
  const workspaceId = scope.workspace.id;
  const described = await engine.describe(source);
  const version = await prisma().$transaction(async (tx) => {
    const { id: sourceId } = await tx.source.findUniqueOrThrow({
      where: { workspaceId_name: { workspaceId, name: source.name } },
      select: { id: true },
    });
    const identity = { workspaceId, dataset: source.name, sourceId, createdBy: scope.actor.id };
    return ensureDatasetVersion(tx, identity, described);
  });
  await guardVersion(scope, source, version, described, engine);
  const profiled = await prisma().profile.count({ where: { datasetVersionId: version.id } });
  if (profiled > 0) return version.version;
  const { features, entities } = await loadCatalogue(workspaceId);
  const declared = new Set(features.map((feature) => feature.name));
  const columns = source.columns
    .filter((column) => SCALARS.has(column.type) && declared.has(`${source.entity}.${column.name}`))
    .map((column) => `${source.entity}.${column.name}`);
  if (columns.length === 0) return version.version;
  const outputDirectory = path.join(environment().TRIBUTARY_DATA, "scratch", `profile-${version.id}`);
  try {
    const result = await engine.runVariant(
      {
        entities,
        sources: [{ definition: source, snapshot: { ...described, version: version.version } }],
        instances: [],
        materialise: [],
        profile: {
          columns: columns.map((column) => ({ column, instance: null, edges: null })),
          selections: [{ part: "all", split: null, window: null }],
          every: null,
        },
        outputDirectory,
      },
      { signal, progress: () => undefined, log: () => undefined },
    );
    await prisma().$transaction(async (tx) => {
      const rows = await tx.featureVersion.findMany({
        where: { signature: `source:${source.name}`, feature: { workspaceId, name: { in: columns } } },
        select: { id: true, feature: { select: { name: true } } },
      });
      const ids = new Map(rows.map((row) => [row.feature.name, row.id]));
      await tx.profile.createMany({
        data: result.profiles.map((profile) => ({
          ...toProfileRow(profile),
          workspaceId,
          featureVersionId: ids.get(profile.column) ?? null,
          datasetVersionId: version.id,
        })),
      });
      await recordEvent(tx, scope, {
        action: "source.profile",
        object: `source/${source.name}`,
        after: { version: version.version, columns },
      });
    });
  } finally {
    await rm(outputDirectory, { recursive: true, force: true });
  }
  return version.version;
}
