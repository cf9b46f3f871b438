import { type Transaction, prisma } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { SYSTEM } from "@/lib/domain/principal";

const DAY_MS = 24 * 3600 * 1000;

/**
 * Queues a check of a view in an environment, unless one is waiting already. Await `openQueue()` before the transaction begins.
 * @returns whether it was queued
 */
export function queueSkewCheck(
  tx: Transaction,
  check: { viewId: string; environment: string; requestedBy: string },
): Promise<boolean> {
  return enqueue(tx, "check-skew", check);
}

/** Environments in which something of a view is served. */
export async function servedEnvironments(
  tx: Transaction,
  view: { workspaceId: string; features: string[] },
): Promise<string[]> {
  const pointers = await tx.pointer.findMany({
    where: { feature: { workspaceId: view.workspaceId, name: { in: view.features }, retiredAt: null } },
    select: { environment: true },
    distinct: ["environment"],
    orderBy: { environment: "asc" },
  });
  return pointers.map(({ environment }) => environment);
}

/**
 * Queues a check of every online view that was not checked for a day, in every environment that serves something of it.
 * @returns how many
 */
export async function queueDueSkewChecks(now: Date): Promise<number> {
  await openQueue();
  const views = await prisma().featureView.findMany({
    where: { online: true, retiredAt: null, materialisations: { some: {} } },
    select: { id: true, workspaceId: true, features: true },
  });
  let queued = 0;
  for (const view of views)
    for (const environment of await servedEnvironments(prisma(), view)) {
      const isChecked = await prisma().skewCheck.count({
        where: { viewId: view.id, environment, at: { gt: new Date(now.getTime() - DAY_MS) } },
      });
      if (isChecked > 0) continue;
      const check = { viewId: view.id, environment, requestedBy: SYSTEM.id };
      if (await prisma().$transaction((tx) => queueSkewCheck(tx, check))) queued += 1;
    }
  return queued;
}
