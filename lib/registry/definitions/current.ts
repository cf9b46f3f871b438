import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import { Prisma as Sql } from "@/lib/db/generated/client";
import type { Definition, DefinitionKind } from "@/lib/domain/definitions/definition";
import { DomainError } from "@/lib/domain/errors";
import { definitionKey } from "@/lib/domain/plans/variant-world";
import { objectName } from "@/lib/domain/specs/placed-definition";

/** The current version of a declared object. */
export interface DefinitionRef {
  id: string;
  version: number;
}

interface CurrentDefinition<Kind extends DefinitionKind> extends DefinitionRef {
  kind: Kind;
  definition: Extract<Definition, { kind: Kind }>;
}

/** Kinds whose tables are named after them and whose rows can be retired. */
type Retirable = Exclude<DefinitionKind, "Workspace">;

/**
 * What is declared and not retired of some kinds, by name. A definition and its number are read together, so that they belong
 * together whatever is applied meanwhile.
 */
export async function loadCurrent<Kind extends Retirable>(
  workspaceId: string,
  kinds: readonly Kind[],
  db: Prisma | Transaction = prisma(),
): Promise<CurrentDefinition<Kind>[]> {
  const tables = kinds.map(
    (kind) =>
      Sql.sql`SELECT "definitionVersionId" FROM ${Sql.raw(`"${kind}"`)} WHERE "workspaceId" = ${workspaceId} AND "retiredAt" IS NULL`,
  );
  return db.$queryRaw<CurrentDefinition<Kind>[]>`
    SELECT d."kind", d."id", d."version", d."definition"
    FROM (${Sql.join(tables, " UNION ALL ")}) o JOIN "DefinitionVersion" d ON d."id" = o."definitionVersionId"
    ORDER BY d."name"`;
}

/** The definitions of one kind among others. */
export function definitionsOfKind<Kind extends DefinitionKind>(
  rows: readonly { kind: DefinitionKind; definition: Definition }[],
  kind: Kind,
): Extract<Definition, { kind: Kind }>[] {
  return rows.flatMap((row) => (row.kind === kind ? [row.definition as Extract<Definition, { kind: Kind }>] : []));
}

/** `definitionKey` → the version that each definition is. */
export function refsOf(
  rows: readonly { kind: DefinitionKind; id: string; version: number; definition: { name: string } }[],
): Map<string, DefinitionRef> {
  return new Map(
    rows.map(({ kind, id, version, definition }) => [definitionKey(kind, definition.name), { id, version }]),
  );
}

/** What is thrown for a name that no object of the kind ever had. */
export function noSuchObject(kind: DefinitionKind, name: string, workspace: string): DomainError {
  const [noun, object] = objectName(kind, name).split("/") as [string, string];
  return new DomainError("not_found", `There is no ${noun.replaceAll("_", " ")} \`${object}\` in ${workspace}.`);
}
