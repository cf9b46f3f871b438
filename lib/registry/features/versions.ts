import { stringify } from "yaml";
import type { FeatureVersionEntry } from "@/lib/contracts/feature-detail";
import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { ORDER } from "./documents";
import { findFeature } from "./row";
import { numberOf } from "../paging";
import { openScopeFor } from "../scope";
import { definitionOf } from "../stored-json";
import type { Prisma } from "@/lib/db/generated/client";

/** The versions of a feature, newest first; the cursor is the version to go on below. */
export async function listFeatureVersions(
  principal: Principal,
  name: string,
  query: { workspace: string; limit: number; cursor?: string },
): Promise<{ items: FeatureVersionEntry[]; total: number; nextCursor: string | null }> {
  const scope = await openScopeFor(principal, query.workspace, "feature:read");
  const feature = await findFeature(scope, name);
  const below = numberOf(query.cursor) ?? null;
  const total = await prisma().featureVersion.count({ where: { featureId: feature.id } });
  const rows = await prisma().featureVersion.findMany({
    where: { featureId: feature.id, ...(below !== null && { version: { lt: below } }) },
    orderBy: { version: "desc" },
    take: query.limit + 1,
    include: {
      stageVersion: { include: { stage: { select: { name: true } } } },
      values: { orderBy: { createdAt: "desc" }, take: 1, select: { run: { select: { id: true, number: true } } } },
    },
  });
  const page = rows.slice(0, query.limit);
  const nameOf = await actorNames(page.map((row) => row.createdBy));
  return {
    items: page.map((row) => ({
      version: row.version,
      signature: row.signature,
      writer: row.stageVersion?.stage.name ?? row.source ?? "",
      definition: strategyOf(row),
      text: stringify(strategyOf(row)),
      environments: ORDER.filter((environment) =>
        feature.pointers.some((pointer) => pointer.environment === environment && pointer.versionId === row.id),
      ),
      run: row.values[0]?.run ?? null,
      createdAt: row.createdAt.toISOString(),
      createdBy: nameOf(row.createdBy),
    })),
    total,
    nextCursor: rows.length > query.limit ? String(page[page.length - 1]?.version) : null,
  };
}

/** What a person compares two versions by: the writing stage as declared, and every choice upstream. */
function strategyOf(row: {
  source: string | null;
  choice: unknown;
  stageVersion: { version: number; definition: Prisma.JsonValue; stage: { name: string } } | null;
}): Record<string, unknown> {
  if (!row.stageVersion) return { source: row.source };
  const { name, kind: _, ...stage } = definitionOf("Stage", row.stageVersion);
  return {
    stage: name ?? row.stageVersion.stage.name,
    stageVersion: row.stageVersion.version,
    ...stage,
    choice: row.choice,
  };
}
