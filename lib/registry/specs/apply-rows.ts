import type { Prisma as Client, Transaction } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { uuidV7 } from "@/lib/db/uuid-v7";
import type { RowLoader } from "@/lib/db/load-rows";
import { type ChangedRow, insertRows, type NewRow, type Rows, updateRows } from "@/lib/db/write-rows";
import type { Definition } from "@/lib/domain/definitions/definition";
import type { SpecDifference } from "@/lib/domain/specs/difference";

/** Tables of declared objects, which are called as their kind. Models outlive their documents: see apply-models. */
export type DeclaredTable = Exclude<Definition["kind"], "Workspace" | "Model">;

/** What is written to the table of one kind. */
export interface RowWrites<Table extends DeclaredTable> {
  table: Table;
  /** Their first versions are written with them: see `firstVersions`. */
  created: NewRow<Table>[];
  /** Each names the version that it gets if its wording is new: see `nextVersions`. */
  changed: ChangedRow<Table>[];
  retired: ChangedRow<Table>[];
}

/** Who writes, where, and when by this process's clock. */
export interface Writer {
  workspaceId: string;
  actor: string;
  /** ISO 8601. */
  at: string;
}

/** What every row of a declared object has, whatever its definition says. */
type Common =
  | "id"
  | "workspaceId"
  | "definitionVersionId"
  | "name"
  | "retiredAt"
  | "createdAt"
  | "updatedAt"
  | "createdBy"
  | "updatedBy";

/** Ids of the rows of a table by name, those of retired objects as well. */
async function idsByName(db: Client, table: DeclaredTable, workspaceId: string): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<{ id: string; name: string }[]>`
    SELECT "id", "name" FROM ${Prisma.raw(`"${table}"`)} WHERE "workspaceId" = ${workspaceId}`;
  return new Map(rows.map(({ id, name }) => [name, id]));
}

/**
 * What the differences of one kind write. What was retired comes back to life. `toRow` gives the columns that follow from a definition,
 * `whenRetired` those that change with its retirement.
 */
export async function rowWrites<Table extends DeclaredTable>(
  db: Client,
  { workspaceId, actor, at }: Writer,
  table: Table,
  differences: readonly SpecDifference[],
  toRow: (definition: Extract<Definition, { kind: Table }>) => Omit<NewRow<Table>, Common>,
  whenRetired: object = {},
): Promise<RowWrites<Table>> {
  const writes: RowWrites<Table> = { table, created: [], changed: [], retired: [] };
  const mine = differences.filter(({ kind }) => kind === table);
  if (mine.length === 0) return writes;
  const ids = await idsByName(db, table, workspaceId);
  const changed = { updatedAt: at, updatedBy: actor };
  for (const { name, after } of mine) {
    const id = ids.get(name);
    if (after) {
      // Which columns a row has is not known to the compiler before the table is: `toRow` says what differs between tables.
      const row = { ...toRow(after as Extract<Definition, { kind: Table }>), ...changed, retiredAt: null };
      if (id === undefined)
        writes.created.push({
          ...row,
          id: uuidV7(),
          definitionVersionId: uuidV7(),
          workspaceId,
          name,
          createdBy: actor,
        } as unknown as NewRow<Table>);
      else writes.changed.push({ ...row, id, definitionVersionId: uuidV7() } as unknown as ChangedRow<Table>);
    } else if (id !== undefined)
      writes.retired.push({ ...whenRetired, ...changed, id, retiredAt: at } as unknown as ChangedRow<Table>);
  }
  return writes;
}

/** `RowWrites` that the database has, or that travel with their statements. */
export type LoadedWrites<Table extends DeclaredTable> = {
  [Part in keyof RowWrites<Table>]: Part extends "table" ? Table : Rows<Table>;
};

export async function loadWrites<Table extends DeclaredTable>(
  loader: RowLoader,
  { table, created, changed, retired }: RowWrites<Table>,
): Promise<LoadedWrites<Table>> {
  return {
    table,
    created: await loader.load(table, created),
    changed: await loader.load(table, changed),
    retired: await loader.load(table, retired),
  };
}

export async function writeRows<Table extends DeclaredTable>(
  tx: Transaction,
  { table, created, changed, retired }: LoadedWrites<Table>,
): Promise<void> {
  await insertRows(tx, created, firstVersions(table));
  await updateRows(tx, changed, nextVersions(table), { definitionVersionId: VERSION_AFTER });
  await updateRows(tx, retired);
}

/** The versions that a trigger would write of rows that name none, one by one: of the new rows `r`. */
const firstVersions = (kind: DeclaredTable) => Prisma.sql`
  INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
  SELECT r."definitionVersionId", r."workspaceId", ${kind}, r."id", r."name", 1, r."digest", r."definition", clock_timestamp() AT TIME ZONE 'utc', r."createdBy"
  FROM r`;

/** The same of those of the changed rows `r` that say something else than before. */
const nextVersions = (kind: DeclaredTable) => Prisma.sql`
  INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
  SELECT r."definitionVersionId", o."workspaceId", ${kind}, o."id", o."name",
    (SELECT coalesce(max(d."version"), 0) + 1 FROM "DefinitionVersion" d WHERE d."objectId" = o."id"),
    r."digest", r."definition", clock_timestamp() AT TIME ZONE 'utc', r."updatedBy"
  FROM r JOIN ${Prisma.raw(`"${kind}"`)} o ON o."id" = r."id" WHERE o."definition" IS DISTINCT FROM r."definition"`;

const VERSION_AFTER = Prisma.sql`
  CASE WHEN t."definition" IS DISTINCT FROM r."definition" THEN r."definitionVersionId" ELSE t."definitionVersionId" END`;
