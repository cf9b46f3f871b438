import { prisma } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { Scope } from "../scope";

export interface FeatureRow {
  id: string;
  name: string;
  entity: string;
}

/** A feature by name. Throws `not_found`. */
export async function findFeature(scope: Scope, name: string) {
  const row = await prisma().feature.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
    include: { pointers: { include: { version: { select: { version: true } } } } },
  });
  if (!row || row.retiredAt)
    throw new DomainError(
      "not_found",
      `There is no feature \`${name}\` in ${scope.workspace.name}. Search for it at /features?q=${encodeURIComponent(splitColumn(name)[1])}.`,
      { feature: name },
    );
  return row;
}
