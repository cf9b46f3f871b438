import type { HomeFeature } from "@/lib/contracts/home";
import { prisma } from "@/lib/db/client";
import { compareByUse } from "@/lib/domain/search/document";
import { featureIndex } from "./search-index";

const MOST_POPULAR = 8;

/** The documented features that most models and services read, as discovery knows them; among equals those that runs used most. */
export async function listPopular(workspace: { id: string; name: string }): Promise<HomeFeature[]> {
  const { documents } = await featureIndex(workspace);
  const used = await prisma().$queryRaw<{ id: string; uses: bigint | number }[]>`
    SELECT v."featureId" AS "id", count(*) AS "uses" FROM "Usage" u JOIN "FeatureVersion" v ON v."id" = u."featureVersionId"
    WHERE u."workspaceId" = ${workspace.id} GROUP BY v."featureId"`;
  const usesOf = new Map(used.map(({ id, uses }) => [id, Number(uses)]));
  return [...documents]
    .map(([id, document]) => ({ document, uses: usesOf.get(id) ?? 0 }))
    .filter(({ document, uses }) => document.documented && (uses > 0 || document.usedBy.length > 0))
    .sort(
      (one, other) =>
        other.document.usedBy.length - one.document.usedBy.length ||
        other.uses - one.uses ||
        compareByUse(one.document, other.document),
    )
    .slice(0, MOST_POPULAR)
    .map(({ document: { name, type, description, usedBy, lastComputed, sparkline, picture }, uses }) => ({
      name,
      type,
      description,
      consumers: usedBy.length,
      usedBy,
      uses,
      computedAt: lastComputed,
      histogram: sparkline,
      picture,
    }));
}
