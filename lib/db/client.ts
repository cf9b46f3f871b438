import { mkdirSync } from "node:fs";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { environment } from "@/lib/config/environment";
import { lockFolder } from "./folder-lock";
import { PrismaClient } from "./generated/client";
import { migrate, type SqlExecutor } from "./migrate";
import { withStorableText } from "./storable-text";

/**
 * The registry's database: a Postgres server, or PGlite (Postgres in this process) with files under the data folder.
 * One SQL dialect and one code path; only what is opened here differs.
 *
 * PGlite belongs to one process and to one instance in it, and Next's instrumentation and routes are separate module
 * graphs: therefore the handle lives on `globalThis`.
 */
export type Prisma = PrismaClient;
/** What a registry function gets inside a transaction. */
export type Transaction = Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0];

export interface Database extends SqlExecutor {
  prisma: Prisma;
  kind: "embedded" | "server";
  close(): Promise<void>;
}

export type DatabaseOptions = { url: string } | { directory: string | null };

const holder = globalThis as typeof globalThis & { tributaryDatabase?: Promise<Database>; tributaryOpened?: Database };

/** Statements of the registry are short; the limits only have to survive a cold, busy machine. */
const TRANSACTION = { maxWait: 20_000, timeout: 60_000 };

async function openServer(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  // An idle connection that breaks is replaced by the pool at the next query; without a listener it would end the process.
  pool.on("error", () => undefined);
  const prisma = new PrismaClient({ adapter: withStorableText(new PrismaPg(pool)), transactionOptions: TRANSACTION });
  return {
    prisma,
    kind: "server",
    async execute(sql, values) {
      const result = await pool.query(sql, values);
      const last = Array.isArray(result) ? result[result.length - 1] : result;
      return { rows: last?.rows ?? [], rowCount: last?.rowCount ?? 0 };
    },
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

async function openEmbedded(directory: string | null): Promise<Database> {
  if (directory) mkdirSync(directory, { recursive: true });
  const unlock = directory ? lockFolder(directory) : () => undefined;
  const pglite = await PGlite.create(directory ? { dataDir: path.join(directory, "registry") } : {}).catch(
    (error: unknown) => {
      unlock();
      throw error;
    },
  );
  const prisma = new PrismaClient({ adapter: withStorableText(new PrismaPGlite(pglite)), transactionOptions: TRANSACTION });
  return {
    prisma,
    kind: "embedded",
    async execute(sql, values) {
      if (values && values.length > 0) {
        const result = await pglite.query<Record<string, unknown>>(sql, values);
        return { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length };
      }
      const results = await pglite.exec(sql);
      const last = results[results.length - 1];
      return { rows: (last?.rows ?? []) as Record<string, unknown>[], rowCount: last?.affectedRows ?? 0 };
    },
    async close() {
      await prisma.$disconnect();
      // Without this the process does not exit.
      await pglite.close();
      unlock();
    },
  };
}

/** Opens and migrates the process's database; later calls return the same one. */
export function openDatabase(options?: DatabaseOptions): Promise<Database> {
  return (holder.tributaryDatabase ??= (async () => {
    const settings = options ?? defaultOptions();
    const database = await ("url" in settings ? openServer(settings.url) : openEmbedded(settings.directory));
    try {
      await migrate(database);
    } catch (error) {
      await database.close();
      holder.tributaryDatabase = undefined;
      throw error;
    }
    holder.tributaryOpened = database;
    return database;
  })());
}

function defaultOptions(): DatabaseOptions {
  const { DATABASE_URL, TRIBUTARY_DATA } = environment();
  return DATABASE_URL ? { url: DATABASE_URL } : { directory: TRIBUTARY_DATA };
}

/** The open database. Throws when the process has not called `openDatabase` yet: that is a programming error. */
export function database(): Database {
  if (!holder.tributaryOpened) throw new Error("The database is not open. Await openDatabase() at start.");
  return holder.tributaryOpened;
}

export function prisma(): Prisma {
  return database().prisma;
}

export async function closeDatabase(): Promise<void> {
  const opened = holder.tributaryOpened;
  holder.tributaryOpened = undefined;
  holder.tributaryDatabase = undefined;
  await opened?.close();
}
