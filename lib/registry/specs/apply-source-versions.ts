import type { Transaction } from "@/lib/db/client";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { Scope } from "../scope";

/**
 * A source's column is read, not made, so it has a version as soon as it is declared, and dev serves it. Staging and production
 * follow by promotion, like any other feature.
 */
export async function applySourceVersions(
  tx: Transaction,
  scope: Scope,
  sources: readonly SourceDefinition[],
): Promise<void> {
  const features = await tx.feature.findMany({
    where: { workspaceId: scope.workspace.id, retiredAt: null },
    select: { id: true, name: true, versions: { select: { version: true, signature: true } } },
  });
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  const missing = sources.flatMap((source) =>
    source.columns.flatMap((column) => {
      const feature = byName.get(`${source.entity}.${column.name}`);
      const signature = `source:${source.name}`;
      if (!feature || feature.versions.some((one) => one.signature === signature)) return [];
      const version = Math.max(0, ...feature.versions.map((one) => one.version)) + 1;
      // Join keys come with several sources: each is a version of its own.
      feature.versions.push({ version, signature });
      return [{ featureId: feature.id, version, signature, source: source.name }];
    }),
  );
  if (missing.length === 0) return;
  const created = await tx.featureVersion.createManyAndReturn({
    data: missing.map((one) => ({ ...one, choice: {}, createdBy: scope.actor.id })),
    select: { id: true, featureId: true },
  });
  const newest = new Map(created.map((one) => [one.featureId, one.id]));
  await tx.pointer.deleteMany({ where: { environment: "dev", featureId: { in: [...newest.keys()] } } });
  await tx.pointer.createMany({
    data: [...newest].map(([featureId, versionId]) => ({
      featureId,
      environment: "dev",
      versionId,
      updatedBy: scope.actor.id,
    })),
  });
}
