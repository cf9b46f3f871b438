import { database, prisma } from "./client";
import { isMissingTable } from "./database-errors";
import { Prisma } from "./generated/client";
import { uuidV7 } from "./uuid-v7";
import { type ChangedRow, columnsOf, type NewRow, quoted, type Rows, rowsOf, rowsText } from "./write-rows";

/** Fewer rows travel in the statement that reads them: a table for them would take longer. */
const FEW = 100;
/** Rows that one statement loads: tenths of a hundred milliseconds. */
const AT_ONCE = 250;

/**
 * Gives the database many rows before the transaction that writes them begins. On the embedded database, which has one connection,
 * everybody waits for that transaction, and nine tenths of what it takes to write rows is to send, parse and type them: here that is
 * done before, by short statements into temporary tables, between which others are answered. They are gone with the session, so that
 * nothing is left of an apply that was killed. On a server nobody waits, and rows travel with their statements.
 */
export class RowLoader {
  private readonly id = uuidV7();
  private readonly tables: string[] = [];

  async load<Table extends Prisma.ModelName>(
    table: Table,
    rows: readonly (NewRow<Table> | ChangedRow<Table>)[],
  ): Promise<Rows<Table>> {
    if (rows.length < FEW || database().kind !== "embedded") return rowsOf(table, rows);
    const name = `loaded_${this.id}_${this.tables.length + 1}`;
    const columns = columnsOf(rows);
    const listed = Prisma.join(columns.map(quoted));
    this.tables.push(name);
    await prisma()
      .$executeRaw`CREATE TEMP TABLE ${quoted(name)} AS SELECT ${listed} FROM ${quoted(table)} WITH NO DATA`;
    for (let at = 0; at < rows.length; at += AT_ONCE)
      await prisma().$executeRaw`
        INSERT INTO ${quoted(name)} SELECT ${listed}
        FROM jsonb_populate_recordset(NULL::${quoted(table)}, ${rowsText(rows.slice(at, at + AT_ONCE))}::jsonb)`;
    return { table, columns, count: rows.length, from: quoted(name) };
  }

  /** Whether the error says that the rows are not there any more: the database was opened again after they were loaded. */
  isLost(error: unknown): boolean {
    return this.tables.length > 0 && isMissingTable(error);
  }

  /** Call it when the transaction has ended, whatever became of it. */
  async drop(): Promise<void> {
    if (this.tables.length === 0) return;
    const listed = Prisma.join(this.tables.map(quoted));
    // A database that does not answer has lost them, or will with its session.
    await prisma().$executeRaw`DROP TABLE IF EXISTS ${listed}`.catch(() => undefined);
  }
}
