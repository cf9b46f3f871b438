import { closeDatabase, type Database, openDatabase } from "@/lib/db/client";
import { EmbeddedDatabase } from "@/lib/db/embedded-database";

/** Not of the product's names, which test/leave-no-trace.ts clears between files. */
const holder = globalThis as typeof globalThis & { heldDatabase?: { running: EmbeddedDatabase; empty: string } };

/**
 * Opens an embedded registry that stays for the next file of this process: what the database and V8 have learned of its tables and
 * statements is half of a file's work. Closing leaves it as it was opened, or ends it where a test changed more than rows.
 */
export async function openHeldDatabase(snapshot: string | undefined): Promise<void> {
  const held = (holder.heldDatabase ??= await begin(snapshot));
  const database = await openDatabase({ port: held.running.connect() });
  database.connect = () => held.running.connect();
  const close = database.close.bind(database);
  database.close = async () => {
    const isEmpty = (await emptied(database).catch(() => "")) === held.empty;
    await close();
    if (isEmpty) return;
    delete holder.heldDatabase;
    await held.running.close();
  };
}

async function begin(snapshot: string | undefined) {
  const running = await EmbeddedDatabase.start(null, snapshot ?? null);
  const database = await openDatabase({ port: running.connect() });
  const empty = await emptied(database);
  await closeDatabase();
  return { running, empty };
}

/** Takes everything away that tests write, and answers what tells one definition of the registry from another. */
async function emptied(database: Database): Promise<string> {
  const { rows: schemas } = await database.execute(
    "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname NOT IN ('public', 'filled', 'information_schema') AND nspname NOT LIKE 'pg\\_%'",
  );
  const { rows: tables } = await database.execute(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'",
  );
  await database.execute("SELECT pg_advisory_unlock_all()");
  await database.execute(
    [
      "BEGIN",
      // Without the triggers that keep the audit log from being emptied.
      "SET LOCAL session_replication_role = replica",
      ...schemas.map(({ name }) => `DROP SCHEMA ${name} CASCADE`),
      ...tables.map(({ name }) => `DELETE FROM public.${name}`),
      "COMMIT",
    ].join(";\n"),
  );
  // Rows that are gone are read all the same until they are swept.
  await database.execute("VACUUM");
  const { rows } = await database.execute(`
    SELECT md5(string_agg(said, '|' ORDER BY said)) AS digest FROM (
      SELECT concat('class ', relname, relkind) AS said FROM pg_class WHERE relnamespace = 'public'::regnamespace
      UNION ALL SELECT concat('column ', attrelid::regclass, attname, atttypid, attnotnull) FROM pg_attribute
        JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'public'::regnamespace AND attnum > 0
      UNION ALL SELECT concat('constraint ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
      UNION ALL SELECT concat('trigger ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL SELECT concat('function ', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT concat('setting ', name, setting) FROM pg_settings WHERE source = 'session'
    ) definitions`);
  return String(rows[0]?.digest);
}
