import pg from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "@/lib/db/migrate";
import { startPostgres } from "./postgres";

/** A migrated, empty registry that the database of every test is a copy of. */
const TEMPLATE = "test_template";

/** Starts one Postgres server for the project `integration-postgres`, unless TEST_DATABASE_URL already names one. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_DATABASE_URL) return undefined;
  const started = await startPostgres();
  if ("unavailable" in started) {
    console.warn(`integration-postgres is skipped: ${started.unavailable}`);
    project.provide("postgresUnavailable", started.unavailable);
    return undefined;
  }
  await makeTemplate(started.url);
  project.provide("postgresUrl", started.url);
  project.provide("postgresTemplate", TEMPLATE);
  return () => started.stop();
}

async function makeTemplate(server: string): Promise<void> {
  const maintenance = new pg.Client({ connectionString: server });
  await maintenance.connect();
  await maintenance.query(`CREATE DATABASE ${TEMPLATE}`);
  await maintenance.end();
  const url = new URL(server);
  url.pathname = `/${TEMPLATE}`;
  // A template must not be in use while it is copied.
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await migrate({
      async execute(sql, values) {
        const { rows, rowCount } = await client.query<Record<string, unknown>>(sql, values);
        return { rows: rows ?? [], rowCount: rowCount ?? 0 };
      },
    });
  } finally {
    await client.end();
  }
}

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
    postgresTemplate: string;
    postgresUnavailable: string;
  }
}
