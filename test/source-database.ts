import { randomBytes } from "node:crypto";
import pg from "pg";
import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";

/** A database of users, for tests of what reads tables. */
export interface SourceDatabase {
  access: DatabaseAccess;
  /** Runs statements as its owner. */
  run(statements: string): Promise<void>;
  drop(): Promise<void>;
}

/** Makes a database of its own on the server of TEST_DATABASE_URL. */
export async function makeSourceDatabase(workspaceId: string): Promise<SourceDatabase> {
  const server = process.env.TEST_DATABASE_URL ?? "";
  const name = `source_${randomBytes(6).toString("hex")}`;
  const once = async (url: string, statements: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(statements).finally(() => client.end());
  };
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
    drop: () => once(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}
