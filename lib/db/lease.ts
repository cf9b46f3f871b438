import pg from "pg";
import { environment } from "@/lib/config/environment";
import { database } from "./client";

export interface Lease {
  release(): Promise<void>;
}

/**
 * The right to be the only process that does something, for as long as this process lives: a session lock of its own
 * connection, which the server takes back from a dead one. The embedded database has one process, so it always has the right.
 * Null when another process has it.
 */
export async function tryLease(name: string): Promise<Lease | null> {
  const { DATABASE_URL } = environment();
  if (database().kind === "embedded" || !DATABASE_URL) return { release: () => Promise.resolve() };
  const client = new pg.Client({ connectionString: DATABASE_URL });
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query<{ taken: boolean }>(
    "SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken",
    [`lease:${name}`],
  );
  if (!rows[0]?.taken) {
    await client.end();
    return null;
  }
  return { release: () => client.end() };
}
