import { randomBytes } from "node:crypto";
import pg from "pg";
import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";

/** A database of users, for tests of what reads tables. */
export interface SourceDatabase {
  access: DatabaseAccess;
  /** Runs statements as its owner. */
  run(statements: string): Promise<void>;
  /** How many of the product's connections it serves. */
  sessions(): Promise<number>;
  drop(): Promise<void>;
}

/** Makes a database of its own on the server of TEST_DATABASE_URL. */
export async function makeSourceDatabase(workspaceId: string): Promise<SourceDatabase> {
  const server = process.env.TEST_DATABASE_URL ?? "";
  const name = `source_${randomBytes(6).toString("hex")}`;
  const answer = async (url: string, statements: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client.query<{ n: number }>(statements).finally(() => client.end());
  };
  const once = async (url: string, statements: string) => void (await answer(url, statements));
  await once(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    access: {
      connection: "shop",
      host: url.hostname,
      port: Number(url.port),
      database: name,
      user: url.username,
      password: null,
      tls: "disable",
      workspaceId,
    },
    run: (statements) => once(url.href, statements),
    sessions: async () => {
      const { rows } = await answer(server, `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'tributary' AND datname = '${name}'`); // prettier-ignore
      return rows[0]?.n ?? -1;
    },
    drop: () => once(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}
