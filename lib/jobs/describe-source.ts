import type { SourceDescription } from "@/lib/domain/datasets/dataset-snapshot";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { Engine } from "@/lib/engines/engine";
import { databaseAccess } from "@/lib/registry/database-access";
import { newestSinceDeclared } from "@/lib/registry/datasets/versions";

/** What an engine finds in a source's data as they are now: of a table all rows are copied, wherever its database is. */
export async function describeSource(
  engine: Pick<Engine, "describe">,
  workspaceId: string,
  source: SourceDefinition,
  signal?: AbortSignal,
): Promise<SourceDescription> {
  return engine.describe(source, undefined, await databaseAccess(workspaceId, source), signal);
}

/**
 * The same for work that follows a new dataset version: of a table that very copy, where the source is still declared in the same way, because its
 * database is not read twice for one version.
 */
export async function describeNewest(
  engine: Pick<Engine, "describe">,
  workspaceId: string,
  source: SourceDefinition,
  signal?: AbortSignal,
): Promise<SourceDescription> {
  const known = source.format === "postgres" ? await newestSinceDeclared(workspaceId, source.name) : null;
  return known ?? describeSource(engine, workspaceId, source, signal);
}
