import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { Definition, DefinitionKind } from "@/lib/domain/definitions/definition";

/**
 * The definitions of one kind as a run knew them, by name: those that it is pinned to, else the first version of each, which is all that
 * is known of what happened before definitions had versions.
 */
export async function definitionsOfRun<Kind extends DefinitionKind>(
  run: { id: string; workspaceId: string },
  kind: Kind,
  db: Prisma | Transaction = prisma(),
): Promise<Map<string, Extract<Definition, { kind: Kind }>>> {
  const rows = await db.$queryRaw<{ name: string; definition: Extract<Definition, { kind: Kind }> }[]>`
    SELECT DISTINCT ON (d."name") d."name", d."definition" FROM "DefinitionVersion" d
    LEFT JOIN "RunDefinition" r ON r."definitionVersionId" = d."id" AND r."runId" = ${run.id}
    WHERE d."workspaceId" = ${run.workspaceId} AND d."kind" = ${kind} AND (r."runId" IS NOT NULL OR d."version" = 1)
    ORDER BY d."name", r."runId" NULLS LAST`;
  return new Map(rows.map(({ name, definition }) => [name, definition]));
}
