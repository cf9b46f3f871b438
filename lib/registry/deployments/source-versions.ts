import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { Scope } from "../scope";
import { queueViewsOfSources } from "./view-runs";
import { queueProfiles } from "../catalogue/profile-due";

/**
 * What follows a source's dataset version: its columns are profiled when the worker has nothing else to do, unless they are, and
 * go online with the views that have them.
 */
export async function queueSourceProfiles(scope: Scope, source: string, datasetVersionId: string): Promise<void> {
  const known = await prisma().profile.findFirst({ where: { datasetVersionId, runId: null }, select: { id: true } });
  await openQueue();
  await prisma().$transaction(async (tx) => {
    if (!known) await queueProfiles(tx, scope.workspace.id, [source]);
    await queueViewsOfSources(tx, scope, [source], { datasetVersionId });
  });
}

/** The views alone, where the columns are profiled at once. */
export async function queueViewsOfVersion(scope: Scope, source: string, datasetVersionId: string): Promise<void> {
  await openQueue();
  await prisma().$transaction((tx) => queueViewsOfSources(tx, scope, [source], { datasetVersionId }));
}
