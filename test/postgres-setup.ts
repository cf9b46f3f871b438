import pg from "pg";
import type { TestProject } from "vitest/node";
import { closeDatabase, openDatabase } from "@/lib/db/client";
import { keepFilledRegistry } from "./filled-registry";
import { startPostgres } from "./postgres";

/** A migrated, empty registry, with the rows of the fixture beside it, that the database of every test is a copy of. */
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
  await openDatabase({ url: url.href });
  try {
    await keepFilledRegistry();
  } finally {
    // A template must not be in use while it is copied.
    await closeDatabase();
  }
}

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
    postgresTemplate: string;
    postgresUnavailable: string;
  }
}
