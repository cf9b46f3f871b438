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

/** Rows for statements to read: in the statement itself, or loaded before it (see load-rows.ts). */
export interface Rows<Table extends Prisma.ModelName> {
  table: Table;
  /** Those that the rows have. */
  columns: readonly string[];
  count: number;
  /** What a statement reads them from, with the types of the table's columns. */
  from: Prisma.Sql;
}

/**
 * Rows in one value of the statement that reads them, whatever their number: thousands of values, as the client writes them, take the
 * database many times as long. All rows have the same columns; one that is null in all may be left out.
 */
export function rowsOf<Table extends Prisma.ModelName>(
  table: Table,
  rows: readonly (NewRow<Table> | ChangedRow<Table>)[],
): Rows<Table> {
  const from = Prisma.sql`jsonb_populate_recordset(NULL::${quoted(table)}, ${rowsText(rows)}::jsonb)`;
  return { table, columns: columnsOf(rows), count: rows.length, from };
}

/** Writes new rows by one statement. `also` is a statement about the same rows, which it calls `r`. */
export async function insertRows<Table extends Prisma.ModelName>(
  tx: Transaction,
  { table, columns, count, from }: Rows<Table>,
  also?: Prisma.Sql,
): Promise<void> {
  if (count === 0) return;
  const listed = Prisma.join(columns.map(quoted));
  await tx.$executeRaw`
    WITH r AS MATERIALIZED (SELECT * FROM ${from}) ${alongside(also)}
    INSERT INTO ${quoted(table)} (${listed}) SELECT ${listed} FROM r`;
}

/**
 * Changes rows by their ids, by one statement. `also` is a statement about the rows `r` that sees them as they were before; `values`
 * says what columns become where that is not the value of `r`, the row before being `t`.
 */
export async function updateRows<Table extends Prisma.ModelName>(
  tx: Transaction,
  { table, columns, count, from }: Rows<Table>,
  also?: Prisma.Sql,
  values: Record<string, Prisma.Sql> = {},
): Promise<void> {
  if (count === 0) return;
  const changes = columns
    .filter((column) => column !== "id")
    .map((column) => Prisma.sql`${quoted(column)} = ${values[column] ?? Prisma.sql`r.${quoted(column)}`}`);
  await tx.$executeRaw`
    WITH r AS MATERIALIZED (SELECT * FROM ${from}) ${alongside(also)}
    UPDATE ${quoted(table)} AS t SET ${Prisma.join(changes)} FROM r WHERE t."id" = r."id"`;
}

const alongside = (also: Prisma.Sql | undefined): Prisma.Sql => (also ? Prisma.sql`, also AS (${also})` : Prisma.empty);

export const columnsOf = ([first]: readonly object[]): string[] =>
  Object.entries(first ?? {}).flatMap(([column, value]) => (value === undefined ? [] : [column]));

/** Names of tables and columns come from the schema, never from a request. */
export const quoted = (name: string): Prisma.Sql => Prisma.raw(`"${name}"`);

/** The text of a JSON array of the rows. */
export const rowsText = (rows: readonly object[]): string => storableText(JSON.stringify(rows), true);
