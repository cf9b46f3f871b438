import type { Transaction } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { type EventInput, recordEvent } from "../record-event";
import type { Scope } from "../scope";

/**
 * Records what happened to a person's account in the log of every workspace where they have a role, and in those named besides:
 * whoever audits one of them reads it there.
 */
export async function recordPersonEvent(
  tx: Transaction,
  by: { actor: Actor; requestId: string | null; workspace?: Scope["workspace"] },
  userId: string,
  event: EventInput,
): Promise<void> {
  const grants = await tx.roleBinding.findMany({ where: { userId }, select: { workspaceId: true, scope: true } });
  const everywhere = grants.some(({ scope }) => scope === "installation");
  const ids = grants.flatMap(({ workspaceId }) => workspaceId ?? []);
  const workspaces = await tx.workspace.findMany({
    where: everywhere ? {} : { id: { in: [...ids, ...(by.workspace ? [by.workspace.id] : [])] } },
    select: { id: true, name: true },
    orderBy: { name: "asc" },
  });
  for (const workspace of workspaces) await recordEvent(tx, { ...by, workspace }, event);
}
