import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { queueProfiles } from "@/lib/registry/catalogue/profile-due";
import type { Scope } from "@/lib/registry/scope";
import { queueViewsOfSources } from "@/lib/registry/deployments/view-runs";

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
