import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { installationFolder } from "@/lib/config/installation";

/**
 * Applies `prisma/migrations` at start with Prisma's own ledger (`_prisma_migrations`, same columns and checksums), so
 * that `prisma migrate deploy` and this function can take turns on one database. Each migration and its ledger row are
 * one transaction, under an advisory lock: two processes that start at once apply each migration once.
 */
const LEDGER = `
CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
);`;

/** The key that Prisma's own schema engine locks while it migrates Postgres. */
const LOCK = 72707369;

/** Runs SQL as it is. Several statements are allowed when there are no values, and are then one transaction. */
export interface SqlExecutor {
  execute(sql: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[]; rowCount: number }>;
}

export interface MigrationFile {
  name: string;
  sql: string;
  /** SHA-256 of the file, as Prisma computes it. */
  checksum: string;
}

export function migrationsDirectory(): string {
  return path.join(installationFolder(), "prisma", "migrations");
}

export async function readMigrations(directory = migrationsDirectory()): Promise<MigrationFile[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** Returns the names of the migrations that this call applied. Fails when the ledger shows one that was changed or broke half-way. */
export async function migrate(database: SqlExecutor, migrations?: MigrationFile[]): Promise<string[]> {
  const files = migrations ?? (await readMigrations());
  const applied: string[] = [];
  for (const file of files) if (await applyOnce(database, file)) applied.push(file.name);
  return applied;
}

async function applyOnce(database: SqlExecutor, file: MigrationFile): Promise<boolean> {
  await database.execute(`SELECT pg_advisory_xact_lock(${LOCK}); ${LEDGER}`);
  const { rows } = await database.execute(
    "SELECT checksum, finished_at FROM _prisma_migrations WHERE migration_name = $1 AND rolled_back_at IS NULL",
    [file.name],
  );
  const known = rows[0];
  if (known) {
    if (known.finished_at === null)
      throw new Error(
        `Migration ${file.name} was begun and never finished. Repair the database, then mark it with "prisma migrate resolve".`,
      );
    if (known.checksum !== file.checksum)
      throw new Error(
        `Migration ${file.name} was changed after it was applied. Restore the file and add a new migration instead.`,
      );
    return false;
  }
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  // A batch without values travels as one simple query, which Postgres runs on one connection as one transaction. When
  // another process was quicker, the guard raises and nothing of the migration is applied.
  const guard = `DO $guard$ BEGIN IF EXISTS (SELECT 1 FROM _prisma_migrations WHERE migration_name = ${literal(file.name)} AND rolled_back_at IS NULL) THEN RAISE EXCEPTION 'already_applied'; END IF; END $guard$;`;
  const record = `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES (${literal(randomUUID())}, ${literal(file.checksum)}, ${literal(file.name)}, now(), 1);`;
  try {
    await database.execute(`SELECT pg_advisory_xact_lock(${LOCK}); ${guard}\n${file.sql}\n${record}`);
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes("already_applied")) return false;
    throw error;
  }
}
