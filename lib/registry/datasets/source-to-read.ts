import { prisma } from "@/lib/db/client";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { type Scope, systemScope } from "../scope";
import { definitionOf } from "../stored-json";

/** A declared source for the product itself to read; null when it is retired or gone. */
export async function findSourceToRead(
  workspaceId: string,
  name: string,
): Promise<{ scope: Scope; source: SourceDefinition } | null> {
  const row = await prisma().source.findUnique({
    where: { workspaceId_name: { workspaceId, name } },
    include: { workspace: { select: { id: true, name: true } } },
  });
  if (!row || row.retiredAt) return null;
  return { scope: systemScope(row.workspace), source: definitionOf("Source", row) };
}
