import path from "node:path";
import type { MessagePort } from "node:worker_threads";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { environment } from "@/lib/config/environment";
import { EmbeddedDoor } from "./embedded-door";
import { EmbeddedAdapterFactory } from "./embedded-adapter";
import { EmbeddedDatabase } from "./embedded-database";
import { lockFolder, makeFolder } from "./folder-lock";
import { PrismaClient } from "./generated/client";
import { migrate, type SqlExecutor } from "./migrate";
import { withStorableText } from "./storable-text";

/**
 * The registry's database: a Postgres server, or PGlite (Postgres in a thread of this process) with files under the data
 * folder. One SQL dialect and one code path; only what is opened here differs.
 *
 * PGlite belongs to one process and to one instance in it, and Next's instrumentation and routes are separate module
 * graphs: therefore the handle lives on `globalThis`. Another thread of the process opens it through a port.
 */
export type Prisma = PrismaClient;
/** What a registry function gets inside a transaction. */
export type Transaction = Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0];

export interface Database extends SqlExecutor {
  prisma: Prisma;
  kind: "embedded" | "server";
  /** A session for another thread of this process. Only the thread that opened the embedded database has it. */
  connect?(): MessagePort;
  close(): Promise<void>;
}

/**
 * A server; a folder of the embedded database, null for memory, which may begin as an archive of such a folder (a tar file); or a
 * session that another thread connected.
 */
export type DatabaseOptions =
  { url: string } | { directory: string } | { directory: null; snapshot?: string | undefined } | { port: MessagePort };

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

async function openEmbedded(directory: string | null, snapshot?: string): Promise<Database> {
  if (directory) makeFolder(directory);
  const unlock = directory ? lockFolder(directory) : () => undefined;
  const running = await EmbeddedDatabase.start(directory && path.join(directory, "registry"), snapshot ?? null).catch(
    (error: unknown) => {
      unlock();
      throw error;
    },
  );
  const session = openSession(() => running.connect());
  return {
    ...session,
    connect: () => running.connect(),
    async close() {
      await session.close();
      // Without this the process does not exit.
      await running.close();
      unlock();
    },
  };
}

function openSession(connect: () => MessagePort): Database {
  const door = new EmbeddedDoor(connect);
  const adapter = withStorableText(new EmbeddedAdapterFactory(door));
  const prisma = new PrismaClient({ adapter, transactionOptions: TRANSACTION });
  return {
    prisma,
    kind: "embedded",
    async execute(sql, values) {
      if (values && values.length > 0) {
        const result = await door.query<Record<string, unknown>>(sql, values);
        return { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length };
      }
      const results = await door.exec(sql);
      const last = results[results.length - 1];
      return { rows: (last?.rows ?? []) as Record<string, unknown>[], rowCount: last?.affectedRows ?? 0 };
    },
    async close() {
      await prisma.$disconnect();
      door.close();
    },
  };
}

/** Opens and migrates the process's database; later calls return the same one. */
export function openDatabase(options?: DatabaseOptions): Promise<Database> {
  return (holder.tributaryDatabase ??= (async () => {
    const settings = options ?? defaultOptions();
    const database = await open(settings);
    try {
      // Whoever connected this thread has migrated.
      if (!("port" in settings)) await migrate(database);
    } catch (error) {
      await database.close();
      holder.tributaryDatabase = undefined;
      throw error;
    }
    holder.tributaryOpened = database;
    return database;
  })());
}

async function open(settings: DatabaseOptions): Promise<Database> {
  if ("url" in settings) return openServer(settings.url);
  if ("port" in settings) return openSession(() => settings.port);
  return openEmbedded(settings.directory, "snapshot" in settings ? settings.snapshot : undefined);
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
