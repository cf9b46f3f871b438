import type { Transaction } from "@/lib/db/client";
import { enqueue } from "@/lib/db/queue";

/** Every online view that has a feature of which a run wrote values, unless they may not be served. Returns their names. */
export async function queueMaterialisations(
  tx: Transaction,
  run: { id: string; workspaceId: string },
  columns: readonly string[],
  quarantined: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const views = await tx.featureView.findMany({
    where: {
      workspaceId: run.workspaceId,
      retiredAt: null,
      online: true,
      features: { hasSome: [...columns] },
      entity: { notIn: [...quarantined] },
    },
    orderBy: { name: "asc" },
  });
  for (const view of views) await enqueue(tx, "materialise", { runId: run.id, viewId: view.id });
  return views.map((view) => view.name);
}
