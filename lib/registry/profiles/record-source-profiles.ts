import { prisma } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import type { ColumnProfile } from "@/lib/domain/runs/variant-result";
import { recordEvent } from "../record-event";
import type { Scope } from "../scope";
import type { ProfilePlan } from "./plan-profiles";
import { createProfiles } from "./profile-rows";

/**
 * Keeps the distributions of a source's dataset version, those that are not kept yet, and has monitors evaluated on them, in one
 * transaction.
 */
export async function recordSourceProfiles(
  scope: Scope,
  source: string,
  { id: datasetVersionId, version }: { id: string; version: number },
  plan: Pick<ProfilePlan, "fingerprintOf">,
  profiles: readonly ColumnProfile[],
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
      where: { signature: `source:${source}`, feature: { workspaceId, name: { in: columns } } },
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
    await enqueue(tx, "evaluate-monitors", { workspaceId });
    await recordEvent(tx, scope, {
      action: "source.profile",
      object: `source/${source}`,
      after: { version, columns },
    });
  });
}
