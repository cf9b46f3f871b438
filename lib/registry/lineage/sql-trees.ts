import type { Prisma, Transaction } from "@/lib/db/client";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { type SqlTrees, statementOf } from "@/lib/domain/lineage/column-flows";
import { parseStatements } from "@/lib/sql/parse-sql";
import { definitionOf } from "../stored-json";

/** What is needed to read the SQL of these stages of a workspace. */
export async function loadSqlTrees(
  db: Prisma | Transaction,
  workspaceId: string,
  stages: readonly StageDefinition[],
): Promise<SqlTrees> {
  const written = stages.filter((stage) => statementOf(stage) !== undefined);
  if (written.length === 0) return { trees: new Map(), identities: new Map() };
  const names = [...new Set(written.map((stage) => stage.from ?? stage.entity))];
  const entities = await db.entity.findMany({
    where: { workspaceId, name: { in: names } },
    select: { name: true, definition: true },
  });
  return {
    trees: await parseStatements(written.flatMap((stage) => statementOf(stage) ?? [])),
    identities: new Map(
      entities.map(({ name, definition }) => [name, identityOf(definitionOf("Entity", { definition }))]),
    ),
  };
}

/** Names of the columns that tell an entity's rows apart. */
function identityOf({ joinKeys, eventTime }: Pick<EntityDefinition, "joinKeys" | "eventTime">): string[] {
  return [...joinKeys.map(({ name }) => name), ...(eventTime === undefined ? [] : [eventTime])];
}
