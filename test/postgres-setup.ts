import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres";

/** Starts one Postgres server for the project `integration-postgres`, unless TEST_DATABASE_URL already names one. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_DATABASE_URL) return undefined;
  const started = await startPostgres();
  if ("unavailable" in started) {
    console.warn(`integration-postgres is skipped: ${started.unavailable}`);
    project.provide("postgresUnavailable", started.unavailable);
    return undefined;
  }
  project.provide("postgresUrl", started.url);
  return () => started.stop();
}

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
    postgresUnavailable: string;
  }
}
