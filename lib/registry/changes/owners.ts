import type { Prisma as Client, Transaction } from "@/lib/db/client";
import type { Scope } from "../scope";
import { type Owner, resolveOwners } from "../access/owners";
import { type ChangeRow, currentOf } from "./row";

/** Request by id → who owns what it is about: the feature's owner, or that of the pipeline that made the model version. */
export async function loadOwners(
  db: Client | Transaction,
  scope: Scope,
  rows: readonly ChangeRow[],
): Promise<ReadonlyMap<string, Owner>> {
  const versions = rows.flatMap((row) => currentOf(row).modelVersionId ?? []);
  const models =
    versions.length === 0
      ? []
      : await db.modelVersion.findMany({
          where: { id: { in: versions } },
          select: { id: true, variant: { select: { pipeline: { select: { owner: true } } } } },
        });
  const ownerOfVersion = new Map(models.map(({ id, variant }) => [id, variant.pipeline.owner]));
  const nameOf = (row: ChangeRow) =>
    row.feature?.owner ?? ownerOfVersion.get(currentOf(row).modelVersionId ?? "") ?? "";
  const owners = await resolveOwners(db, scope.workspace.id, rows.map(nameOf));
  return new Map(
    rows.flatMap((row) => {
      const owner = owners.get(nameOf(row));
      return owner ? [[row.id, owner] as const] : [];
    }),
  );
}
