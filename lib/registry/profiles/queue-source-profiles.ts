import { prisma } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";

/** Has the columns of a source's dataset version profiled when the worker has nothing else to do, unless they are. */
export async function queueSourceProfiles(
  workspaceId: string,
  source: string,
  datasetVersionId: string,
): Promise<void> {
  const known = await prisma().profile.findFirst({ where: { datasetVersionId, runId: null }, select: { id: true } });
  if (known) return;
  await openQueue();
  await prisma().$transaction((tx) => enqueue(tx, "profile-source", { workspaceId, source }));
}
