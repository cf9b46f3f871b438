import { prisma } from "@/lib/db/client";
import type { SearchDocument } from "@/lib/domain/search/document";
import { createSearchIndex, type SearchIndex } from "@/lib/domain/search/search-index";
import { loadDocuments } from "./documents";

/**
 * The search index of a workspace, kept in memory by this process and made anew when the workspace's audit log has grown:
 * every write appends to the log, so its last number is the revision of everything that a search can show. Lives on
 * `globalThis`, because pages and routes are separate module graphs.
 */
export interface FeatureIndex {
  revision: number;
  /** Documents by feature id. */
  documents: Map<string, SearchDocument>;
  /** The same by name. */
  byName: Map<string, SearchDocument>;
  search: SearchIndex;
  /** When the documents were read, by the database's clock. */
  readAt: Date;
}

const holder = globalThis as typeof globalThis & { tributaryFeatureIndexes?: Map<string, Promise<FeatureIndex>> };

export async function featureIndex(workspace: { id: string; name: string }): Promise<FeatureIndex> {
  const indexes = (holder.tributaryFeatureIndexes ??= new Map());
  const [row] = await prisma().$queryRaw<{ revision: number | null; now: Date }[]>`
    SELECT max("sequence") AS "revision", now() AS "now" FROM "AuditEvent" WHERE "workspaceId" = ${workspace.id}`;
  const revision = row?.revision ?? 0;
  const known = indexes.get(workspace.id);
  // Whoever comes while another builds waits for that build, then looks again whether it is new enough.
  const before = await known?.catch(() => undefined);
  if (before && before.revision >= revision) return before;
  const newer = indexes.get(workspace.id);
  if (newer && newer !== known) return newer;
  const building = build(workspace.id, revision, row?.now ?? new Date(0), before);
  indexes.set(workspace.id, building);
  try {
    return await building;
  } catch (error) {
    if (indexes.get(workspace.id) === building) indexes.delete(workspace.id);
    throw error;
  }
}

/** Small workspaces are read whole: that takes less than finding out what changed. */
const READ_WHOLE = 2000;
/** A transaction that began before the last reading may commit after it. */
const OVERLAP_MS = 120_000;

async function build(
  workspaceId: string,
  revision: number,
  readAt: Date,
  before: FeatureIndex | undefined,
): Promise<FeatureIndex> {
  const changed =
    before && before.documents.size > READ_WHOLE
      ? await changedFeatures(workspaceId, new Date(before.readAt.getTime() - OVERLAP_MS))
      : null;
  if (!before || changed === null) {
    const documents = await loadDocuments(workspaceId);
    return {
      revision,
      documents,
      byName: byName(documents),
      search: createSearchIndex([...documents.values()]),
      readAt,
    };
  }
  const fresh = await loadDocuments(workspaceId, changed);
  const documents = new Map(before.documents);
  let isSame = true;
  for (const id of changed) {
    const document = fresh.get(id);
    if (JSON.stringify(document) === JSON.stringify(documents.get(id))) continue;
    isSame = false;
    if (document) documents.set(id, document);
    else documents.delete(id);
  }
  if (isSame) return { ...before, revision, readAt };
  return { revision, documents, byName: byName(documents), search: createSearchIndex([...documents.values()]), readAt };
}

function byName(documents: Map<string, SearchDocument>): Map<string, SearchDocument> {
  return new Map([...documents.values()].map((document) => [document.name, document]));
}

/** Features whose documents may differ since; null when what changed concerns too many to tell. */
async function changedFeatures(workspaceId: string, since: Date): Promise<string[] | null> {
  const rows = await prisma().$queryRaw<{ id: string | null }[]>`
    SELECT "id" FROM "Feature" WHERE "workspaceId" = ${workspaceId} AND "updatedAt" > ${since}
    UNION SELECT p."featureId" FROM "Pointer" p JOIN "Feature" f ON f."id" = p."featureId"
      WHERE f."workspaceId" = ${workspaceId} AND p."updatedAt" > ${since}
    UNION SELECT v."featureId" FROM "FeatureValues" x JOIN "FeatureVersion" v ON v."id" = x."featureVersionId"
      JOIN "Run" r ON r."id" = x."runId" WHERE r."workspaceId" = ${workspaceId} AND x."createdAt" > ${since}
    UNION SELECT v."featureId" FROM "Profile" p JOIN "FeatureVersion" v ON v."id" = p."featureVersionId"
      WHERE p."workspaceId" = ${workspaceId} AND p."createdAt" > ${since}
    UNION SELECT v."featureId" FROM "LeakageVerdict" l JOIN "FeatureVersion" v ON v."id" = l."featureVersionId"
      JOIN "ModelVersion" mv ON mv."id" = l."modelVersionId" JOIN "Model" m ON m."id" = mv."modelId"
      WHERE m."workspaceId" = ${workspaceId} AND m."id" IN (
        SELECT n."modelId" FROM "ModelVersion" n WHERE n."createdAt" > ${since})
    UNION SELECT v."featureId" FROM "LeakageVerdict" l JOIN "FeatureVersion" v ON v."id" = l."featureVersionId"
      JOIN "Feature" f ON f."id" = v."featureId"
      WHERE f."workspaceId" = ${workspaceId} AND (l."earlier" -> -1 ->> 'until')::timestamp > ${since}
    UNION SELECT v."featureId" FROM "DriftResult" d JOIN "FeatureVersion" v ON v."id" = d."featureVersionId"
      JOIN "Profile" c ON c."id" = d."currentId" WHERE c."workspaceId" = ${workspaceId} AND d."createdAt" > ${since}
    UNION SELECT NULL FROM "FeatureService" WHERE "workspaceId" = ${workspaceId} AND "updatedAt" > ${since}
    UNION SELECT NULL FROM "FeatureView" WHERE "workspaceId" = ${workspaceId} AND "updatedAt" > ${since}
    UNION SELECT NULL FROM "DatasetVersion" WHERE "workspaceId" = ${workspaceId} AND "createdAt" > ${since} AND "sourceId" IS NOT NULL`;
  const ids = rows.map((row) => row.id);
  return ids.every((id): id is string => id !== null) ? ids : null;
}
