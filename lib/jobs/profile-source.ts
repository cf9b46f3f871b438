import { rm } from "node:fs/promises";
import path from "node:path";
import { environment } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import { prisma } from "@/lib/db/client";
import { enqueue, type Jobs, openQueue } from "@/lib/db/queue";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import { sourceBehaviour } from "@/lib/domain/plans/behaviour";
import { SYSTEM_ACTOR } from "@/lib/domain/principal";
import { movingAs } from "@/lib/domain/profiles/moving-column";
import type { DatasetSnapshot } from "@/lib/domain/datasets/dataset-snapshot";
import type { Engine } from "@/lib/engines/engine";
import { loadCatalogue } from "@/lib/registry/catalogue/catalogue";
import { digestOfFiles, ensureDatasetVersion } from "@/lib/registry/datasets/versions";
import { digestOf, recordEvent } from "@/lib/registry/record-event";
import type { Scope } from "@/lib/registry/scope";
import { queueViewsOfSources } from "@/lib/registry/deployments/view-runs";
import { guardVersion } from "./check-rules";
import { planProfiles, type ProfilePlan } from "@/lib/registry/profiles/plan-profiles";
import { createProfiles } from "@/lib/registry/profiles/profile-rows";

/**
 * Resolves a source to a dataset version and records the distributions of all its columns, over all time and by window of
 * its time column, on the edges of each column's first profile. What is known is not measured again.
 * @returns the version's number
 */
export async function profileSource(
  scope: Scope,
  source: SourceDefinition,
  engine: Engine,
  signal: AbortSignal,
): Promise<number> {
  const workspaceId = scope.workspace.id;
  const described = await engine.describe(source);
  const version = await prisma().$transaction(async (tx) => {
    const { id: sourceId } = await tx.source.findUniqueOrThrow({
      where: { workspaceId_name: { workspaceId, name: source.name } },
      select: { id: true },
    });
    const identity = { workspaceId, dataset: source.name, sourceId, createdBy: scope.actor.id };
    return ensureDatasetVersion(tx, identity, described);
  });
  await openQueue();
  await prisma().$transaction((tx) => queueViewsOfSources(tx, scope, [source.name], { datasetVersionId: version.id }));
  // What is wrong with the data is best seen in their distributions, so that these come first.
  await measure(scope, source, { ...described, version: version.version }, version.id, engine, signal);
  await guardVersion(scope, source, version, described, engine);
  return version.version;
}

/** The job that follows a new dataset version. Data that cannot be read stay so: that is said once and not tried again. */
export async function profileNewVersion(
  { workspaceId, source: name }: Jobs["profile-source"],
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const row = await prisma().source.findUnique({
    where: { workspaceId_name: { workspaceId, name } },
    include: { workspace: { select: { id: true, name: true } } },
  });
  if (!row || row.retiredAt) return;
  const scope: Scope = {
    actor: SYSTEM_ACTOR,
    workspace: row.workspace,
    requestId: null,
  };
  try {
    await profileSource(scope, row.definition as unknown as SourceDefinition, engine, signal);
  } catch (error) {
    if (!(error instanceof DomainError) || ["canceled", "unavailable"].includes(error.code)) throw error;
    log().warn({ source: name, reason: error.message }, "a source could not be profiled");
  }
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
      edgesOfAll: movingAs(source, name) !== null,
    })),
    [{ part: "all", split: null, window: null }],
    source.profileEvery ?? "month",
  );
  const copied = plan.known.filter((known) => known.datasetVersionId !== datasetVersionId);
  const { columns } = plan.profile;
  if (columns.length === 0 && copied.length === 0) return;
  const { entities } = await loadCatalogue(workspaceId);
  const outputDirectory = path.join(environment().TRIBUTARY_DATA, "scratch", `profile-${datasetVersionId}`);
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
    await record(scope, source, snapshot.version, datasetVersionId, plan, profiles);
  } finally {
    await rm(outputDirectory, { recursive: true, force: true });
  }
}

async function record(
  scope: Scope,
  source: SourceDefinition,
  version: number,
  datasetVersionId: string,
  plan: ProfilePlan,
  profiles: ProfilePlan["known"][number]["profile"][],
): Promise<void> {
  const workspaceId = scope.workspace.id;
  const columns = [...new Set(profiles.map(({ column }) => column))];
  await openQueue();
  await prisma().$transaction(async (tx) => {
    // Two that look at the same version at once record it once.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`profile:${datasetVersionId}`}, 0))`;
    const recorded = await tx.profile.findMany({
      where: { datasetVersionId, runId: null },
      select: { fingerprint: true },
      distinct: ["fingerprint"],
    });
    const there = new Set(recorded.map(({ fingerprint }) => fingerprint));
    const versions = await tx.featureVersion.findMany({
      where: { signature: `source:${source.name}`, feature: { workspaceId, name: { in: columns } } },
      select: { id: true, feature: { select: { name: true } } },
    });
    const ids = new Map(versions.map((row) => [row.feature.name, row.id]));
    const fresh = profiles.flatMap((profile) => {
      const fingerprint = plan.fingerprintOf(profile);
      const featureVersionId = ids.get(profile.column) ?? null;
      const owner = { workspaceId, featureVersionId, datasetVersionId, runId: null, fingerprint };
      return there.has(fingerprint) ? [] : [{ profile, owner }];
    });
    if (fresh.length === 0) return;
    await createProfiles(tx, fresh);
    await enqueue(tx, "look", { workspaceId });
    await recordEvent(tx, scope, {
      action: "source.profile",
      object: `source/${source.name}`,
      after: { version, columns },
    });
  });
}
