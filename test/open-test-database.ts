import { randomBytes } from "node:crypto";
import pg from "pg";
import { openDatabase } from "@/lib/db/client";
import { openHeldDatabase } from "./held-database";

/**
 * Opens a fresh registry for one test file: embedded and in memory (test/held-database.ts), or, when TEST_DATABASE_URL names a server, a
 * database of its own there. `closeDatabase()` closes it, and drops it from the server.
 */
export async function openTestDatabase(): Promise<void> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) {
    return openHeldDatabase(process.env.TEST_DATABASE_SNAPSHOT);
  }
  const name = `test_${randomBytes(6).toString("hex")}`;
  const template = process.env.TEST_DATABASE_TEMPLATE;
  // Migrating takes a second and more; a copy of what is migrated takes a tenth.
  await onServer(server, `CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ""}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = await openDatabase({ url: url.href });
  const close = database.close.bind(database);
  database.close = async () => {
    await close();
    await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
