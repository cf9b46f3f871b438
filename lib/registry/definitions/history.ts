import type { DefinitionVersionEntry } from "@/lib/contracts/definitions";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import { prisma } from "@/lib/db/client";
import type { DefinitionKind } from "@/lib/domain/definitions/definition";
import type { Principal } from "@/lib/domain/principal";
import { lineDiff } from "@/lib/domain/specs/line-diff";
import { actorNames } from "../actor-names";
import type { PageQuery } from "../paging";
import { numberOf } from "../paging";
import { openScopeFor } from "../scope";
import { anyDefinitionOf } from "../stored-json";
import { noSuchObject } from "./current";

/**
 * The versions of a declared object, newest first; the cursor is the version to go on below. One that was retired keeps them. Throws
 * `not_found` for an object that never was.
 */
export async function listDefinitionVersions(
  principal: Principal,
  kind: DefinitionKind,
  name: string,
  query: PageQuery & { workspace: string },
): Promise<{ items: DefinitionVersionEntry[]; total: number; nextCursor: string | null }> {
  const { workspace } = await openScopeFor(principal, query.workspace, kind === "Feature" ? "feature:read" : "workspace:read"); // prettier-ignore
  const where = { workspaceId: workspace.id, kind, name };
  const total = await prisma().definitionVersion.count({ where });
  if (total === 0) throw noSuchObject(kind, name, query.workspace);
  const below = numberOf(query.cursor) ?? null;
  // One more than is shown: the difference of the last one is to the version before it.
  const rows = await prisma().definitionVersion.findMany({
    where: { ...where, ...(below !== null && { version: { lt: below } }) },
    orderBy: { version: "desc" },
    take: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const newest = await prisma().definitionVersion.aggregate({ where, _max: { version: true } });
  const computed = kind === "Stage" ? await computedVersions(workspace.id, name) : [];
  const nameOf = await actorNames(page.map((row) => row.createdBy));
  const texts = rows.map((row) => writeSpec(anyDefinitionOf(row)));
  return {
    items: page.map((row, index) => {
      const [before, text] = [texts[index + 1], texts[index] as string];
      return {
        version: row.version,
        current: row.version === newest._max.version,
        digest: row.digest,
        createdAt: row.createdAt.toISOString(),
        createdBy: nameOf(row.createdBy),
        computes: computed.find(({ since }) => since <= row.version)?.version ?? null,
        text,
        difference: before === undefined ? [] : lineDiff(before, text),
      };
    }),
    total,
    nextCursor: rows.length > query.limit ? String(page[page.length - 1]?.version) : null,
  };
}

/** What a stage computes by number, newest first, with the number of the definition since which it does. */
async function computedVersions(workspaceId: string, name: string): Promise<{ version: number; since: number }[]> {
  const rows = await prisma().stageVersion.findMany({
    where: { stage: { workspaceId, name }, chosenByRun: null },
    orderBy: { version: "desc" },
    select: { version: true, definitionVersion: { select: { version: true } } },
  });
  return rows.map(({ version, definitionVersion }) => ({ version, since: definitionVersion.version }));
}
