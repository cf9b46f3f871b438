import type { Prisma as Client, Transaction } from "@/lib/db/client";
import type { Scope } from "../scope";
import { type Owner, resolveOwners } from "../access/owners";
import { modelOwner } from "../catalogue/model-owner";
import { type ChangeRow, currentOf } from "./row";

/** Request by id → who owns what it is about: the feature's owner, or the model's. */
export async function loadOwners(
  db: Client | Transaction,
  scope: Scope,
  rows: readonly ChangeRow[],
): Promise<ReadonlyMap<string, Owner>> {
  // A request is called after the first thing that it would move, and is its owner's to approve.
  const leadOf = (row: ChangeRow) => currentOf(row).items[0];
  const versions = rows.flatMap((row) => leadOf(row)?.modelVersionId ?? []);
  const models =
    versions.length === 0
      ? []
      : await db.modelVersion.findMany({
          where: { id: { in: versions } },
          select: {
            id: true,
            model: { select: { owner: true } },
            variant: { select: { pipeline: { select: { owner: true } } } },
          },
        });
  const ownerOfVersion = new Map(models.map(({ id, model, variant }) => [id, modelOwner(model, variant)]));
  const nameOf = (row: ChangeRow) =>
    leadOf(row)?.feature?.owner ?? ownerOfVersion.get(leadOf(row)?.modelVersionId ?? "") ?? "";
  const owners = await resolveOwners(db, scope.workspace.id, rows.map(nameOf));
  return new Map(
    rows.flatMap((row) => {
      const owner = owners.get(nameOf(row));
      return owner ? [[row.id, owner] as const] : [];
    }),
  );
}
