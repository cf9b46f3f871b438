import type { Transaction } from "./client";
import { Prisma } from "./generated/client";
import { storableText } from "./storable-text";

/** A row of a table, all of it: what the client adds of itself elsewhere (`id`, `updatedAt`) has to be in it. */
export type NewRow<Table extends Prisma.ModelName> = Extract<
  Prisma.TypeMap["model"][Table]["operations"]["createMany"]["args"]["data"],
  readonly unknown[]
>[number];

/** Columns of a row that there is, by its id. */
export type ChangedRow<Table extends Prisma.ModelName> = Partial<NewRow<Table>> & { id: string };

/**
 * Writes new rows by one statement with one value, whatever their number: thousands of values, as the client writes them, take the
 * database many times as long. All rows have the same columns; one that is null in all may be left out. `also` is a statement about
 * the same rows, which it calls `r`.
 */
export async function insertRows<Table extends Prisma.ModelName>(
  tx: Transaction,
  table: Table,
  rows: readonly NewRow<Table>[],
  also?: Prisma.Sql,
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Prisma.join(columnsOf(first).map(quoted));
  await tx.$executeRaw`
    WITH r AS MATERIALIZED (SELECT * FROM jsonb_populate_recordset(NULL::${quoted(table)}, ${textOf(rows)}::jsonb))
    ${also ? Prisma.sql`, also AS (${also})` : Prisma.empty}
    INSERT INTO ${quoted(table)} (${columns}) SELECT ${columns} FROM r`;
}

/** Changes rows by their ids, as `insertRows` writes them. */
export async function updateRows<Table extends Prisma.ModelName>(
  tx: Transaction,
  table: Table,
  rows: readonly ChangedRow<Table>[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const changes = columnsOf(first)
    .filter((column) => column !== "id")
    .map((column) => Prisma.sql`${quoted(column)} = r.${quoted(column)}`);
  await tx.$executeRaw`
    UPDATE ${quoted(table)} AS t SET ${Prisma.join(changes)}
    FROM jsonb_populate_recordset(NULL::${quoted(table)}, ${textOf(rows)}::jsonb) AS r WHERE t."id" = r."id"`;
}

const columnsOf = (row: object): string[] =>
  Object.entries(row).flatMap(([column, value]) => (value === undefined ? [] : [column]));

/** Names of tables and columns come from the schema, never from a request. */
const quoted = (name: string): Prisma.Sql => Prisma.raw(`"${name}"`);

const textOf = (rows: readonly object[]): string => storableText(JSON.stringify(rows), true);
