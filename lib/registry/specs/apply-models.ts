import type { Transaction } from "@/lib/db/client";
import type { SpecDifference } from "@/lib/domain/specs/difference";
import { modelRow, undeclaredModel } from "../catalogue/model-row";
import type { Scope } from "../scope";

/** Writes what is said of models. One whose document is retired keeps its versions, and nothing is said of it any more. */
export async function applyModels(
  tx: Transaction,
  scope: Scope,
  differences: readonly SpecDifference[],
): Promise<void> {
  const { id: workspaceId } = scope.workspace;
  const updatedBy = scope.actor.id;
  for (const { kind, name, after } of differences) {
    if (kind !== "Model") continue;
    const data = after?.kind === "Model" ? { ...modelRow(after), declared: true } : undeclaredModel(name);
    const where = { workspaceId_name: { workspaceId, name } };
    // No upsert: its insertion that finds the row would keep a version of the definition all the same.
    if (await tx.model.findUnique({ where, select: { id: true } }))
      await tx.model.update({ where, data: { ...data, updatedBy } });
    else await tx.model.create({ data: { ...data, workspaceId, name, createdBy: updatedBy, updatedBy } });
  }
}
