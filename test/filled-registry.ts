import { database } from "@/lib/db/client";
import { fillRegistry, type Fixture } from "./registry-fixture";

/**
 * Fills the open, empty registry and moves the rows into the schema `filled`, so that a database that is copied from this one has them
 * at hand and is empty all the same.
 */
export async function keepFilledRegistry(): Promise<void> {
  const tables = await tablesOf("public");
  for (const table of tables) {
    const { rows } = await database().execute(`SELECT 1 FROM public.${table} LIMIT 1`, []);
    if (rows.length > 0) throw new Error(`${table} has rows in an empty registry: they would be lost.`);
  }
  const fixture = await fillRegistry();
  await database().execute(
    [
      "BEGIN",
      // Without the triggers that keep the audit log from being emptied.
      "SET LOCAL session_replication_role = replica",
      "CREATE SCHEMA filled",
      ...tables.map((table) => `CREATE TABLE filled.${table} AS TABLE public.${table}`),
      `CREATE TABLE filled.fixture AS SELECT '${JSON.stringify(fixture).replaceAll("'", "''")}'::jsonb AS value`,
      emptied(tables),
      "COMMIT",
    ].join(";\n"),
  );
}

/**
 * The registry as `fillRegistry()` leaves it, whatever was in it before; jobs that wait stay. For each test or each file: it takes a
 * tenth of filling it. The database must be one of `openTestDatabase()`, as a superuser (rows come back table by table, whatever refers
 * to what).
 */
export async function filledRegistry(): Promise<Fixture> {
  const tables = (await tablesOf("filled")).filter((table) => table !== "fixture");
  if (tables.length === 0) throw new Error("This database was not copied from one with a filled registry.");
  await database().execute(
    [
      "BEGIN",
      "SET LOCAL session_replication_role = replica",
      emptied(tables),
      ...tables.map((table) => `INSERT INTO public.${table} SELECT * FROM filled.${table}`),
      "COMMIT",
    ].join(";\n"),
  );
  // What `atRevision` keeps follows the audit log, which only grows where nobody sets a registry back.
  delete (globalThis as { tributaryAtRevision?: unknown }).tributaryAtRevision;
  const { rows } = await database().execute("SELECT value FROM filled.fixture", []);
  return rows[0]?.value as Fixture;
}

/** Not by TRUNCATE, which makes new files for each table and index and takes ten times as long for the few rows there are. */
const emptied = (tables: string[]) => tables.map((table) => `DELETE FROM public.${table}`).join(";\n");

/** Quoted names of the registry's tables, without the list of its migrations. */
async function tablesOf(schema: "public" | "filled"): Promise<string[]> {
  const { rows } = await database().execute(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = $1 AND tablename <> '_prisma_migrations' ORDER BY 1",
    [schema],
  );
  return rows.map(({ name }) => name as string);
}
