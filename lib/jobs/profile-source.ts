import { rm } from "node:fs/promises";
import path from "node:path";
import { environment } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import { ownScratch } from "@/lib/config/scratch-folder";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import { sourceBehaviour } from "@/lib/domain/plans/behaviour";
import type { DatasetSnapshot } from "@/lib/domain/datasets/dataset-snapshot";
import type { Engine } from "@/lib/engines/engine";
import { loadCatalogue } from "@/lib/registry/catalogue/catalogue";
import { recordReading } from "@/lib/registry/datasets/source-watches";
import { findSourceToRead } from "@/lib/registry/datasets/source-to-read";
import { digestOfFiles, recordSourceVersion } from "@/lib/registry/datasets/versions";
import type { Jobs } from "@/lib/registry/execution/work-queue";
import { digestOf } from "@/lib/registry/record-event";
import type { Scope } from "@/lib/registry/scope";
import { queueViewsOfVersion } from "@/lib/registry/deployments/source-versions";
import { guardVersion } from "./check-rules";
import { describeNewest, describeSource } from "./describe-source";
import { isHeldToMonitors, refuseDrifted } from "@/lib/registry/monitors/hold-back";
import { planProfiles } from "@/lib/registry/profiles/plan-profiles";
import { recordSourceProfiles } from "@/lib/registry/profiles/record-source-profiles";

/**
 * Resolves a source to a dataset version and records the distributions of all its columns, over all time and by window of
 * its time column, on the edges of each column's first profile, which are those of all its rows. What is known is not measured again.
 * @param again whether a table is copied anew, of which there may be other rows than in its newest version
 * @returns the version's number
 */
export async function profileSource(
  scope: Scope,
  source: SourceDefinition,
  engine: Engine,
  signal: AbortSignal,
  again = false,
): Promise<number> {
  const described = await (again ? describeSource : describeNewest)(engine, scope.workspace.id, source, signal);
  const version = await recordSourceVersion(scope.workspace.id, source.name, described, { by: scope.actor.id });
  await queueViewsOfVersion(scope, source.name, version.id);
  // What is wrong with the data is best seen in their distributions, so that these come first.
  await measure(scope, source, { ...described, version: version.version }, version.id, engine, signal);
  await guardVersion(scope, source, version, described, engine);
  await guardDrift(scope, source, version, described, engine, signal);
  return version.version;
}

/** The job that follows a new dataset version. Data that cannot be read stay so: that is said once and not tried again. */
export async function profileNewVersion(
  { workspaceId, source: name, again }: Jobs["profile-source"],
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const found = await findSourceToRead(workspaceId, name);
  if (!found) return;
  try {
    await profileSource(found.scope, found.source, engine, signal, again);
    await recordReading(workspaceId, name, null);
  } catch (error) {
    if (!(error instanceof DomainError) || ["canceled", "unavailable"].includes(error.code)) throw error;
    await recordReading(workspaceId, name, error.message);
    log().warn({ source: name, reason: error.message }, "a source could not be profiled");
  }
}

/**
 * Refuses a version of a source whose newest window drifts, where a monitor holds such data back: its distributions are measured first, unless
 * they are known. Costs a query where no monitor does.
 * @throws DomainError `invalid` naming monitors and what they found
 */
export async function guardDrift(
  scope: Scope,
  source: SourceDefinition,
  version: { id: string; version: number },
  described: Omit<DatasetSnapshot, "version">,
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  if (!(await isHeldToMonitors(scope.workspace.id, source.name))) return;
  await measure(scope, source, { ...described, version: version.version }, version.id, engine, signal);
  await refuseDrifted(scope, source.name, version);
}

async function measure(
  scope: Scope,
  source: SourceDefinition,
  snapshot: DatasetSnapshot,
  datasetVersionId: string,
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const workspaceId = scope.workspace.id;
  const values = digestOf([digestOfFiles(snapshot.files), sourceBehaviour(source)]);
  const plan = await planProfiles(
    workspaceId,
    source.columns.map(({ name, type }) => ({
      column: `${source.entity}.${name}`,
      instance: null,
      type,
      signature: `source:${source.name}`,
      source: source.name,
      values,
    })),
    [{ part: "all", split: null, window: null }],
    source.profileEvery ?? "month",
  );
  const copied = plan.known.filter((known) => known.datasetVersionId !== datasetVersionId);
  const { columns } = plan.profile;
  if (columns.length === 0 && copied.length === 0) return;
  const { entities } = await loadCatalogue(workspaceId);
  const outputDirectory = path.join(ownScratch(environment().TRIBUTARY_DATA), `profile-${datasetVersionId}`);
  try {
    const result =
      columns.length === 0
        ? { profiles: [] }
        : await engine.runVariant(
            {
              entities,
              sources: [{ definition: source, snapshot }],
              instances: [],
              materialise: [],
              profile: plan.profile,
              outputDirectory,
            },
            { signal, progress: () => undefined, log: () => undefined },
          );
    const profiles = [...result.profiles, ...copied.map(({ profile }) => profile)];
    await recordSourceProfiles(scope, source.name, { id: datasetVersionId, version: snapshot.version }, plan, profiles);
  } finally {
    await rm(outputDirectory, { recursive: true, force: true });
  }
}
