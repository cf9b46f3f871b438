import { prisma } from "@/lib/db/client";
import type { SearchDocument } from "@/lib/domain/search/document";
import { createSearchIndex, type SearchIndex } from "@/lib/domain/search/search-index";
import { atRevision } from "../catalogue/at-revision";
import { loadDocuments } from "./documents";

/** What discovery knows of a workspace's features. */
export interface FeatureIndex {
  /** Documents by feature id. */
  documents: Map<string, SearchDocument>;
  /** The same by name. */
  byName: Map<string, SearchDocument>;
  search: SearchIndex;
}

const kept = atRevision("features", build);

/** The search index of a workspace as it is now. */
export const featureIndex = (workspace: { id: string }): Promise<FeatureIndex> => kept(workspace.id);

/** Small workspaces are read whole: that takes less than finding out what changed. */
const READ_WHOLE = 2000;
/** A transaction that began before the last reading may commit after it. */
const OVERLAP_MS = 120_000;

async function build(
  workspaceId: string,
  before: { value: FeatureIndex; readAt: Date } | undefined,
): Promise<FeatureIndex> {
  const changed =
    before && before.value.documents.size > READ_WHOLE
      ? await changedFeatures(workspaceId, new Date(before.readAt.getTime() - OVERLAP_MS))
      : null;
  if (!before || changed === null) return indexOf(await loadDocuments(workspaceId));
  const fresh = await loadDocuments(workspaceId, changed);
  const documents = new Map(before.value.documents);
  let isSame = true;
  for (const id of changed) {
    const document = fresh.get(id);
    if (JSON.stringify(document) === JSON.stringify(documents.get(id))) continue;
    isSame = false;
    if (document) documents.set(id, document);
    else documents.delete(id);
  }
  return isSame ? before.value : indexOf(documents);
}

function indexOf(documents: Map<string, SearchDocument>): FeatureIndex {
  return { documents, byName: byName(documents), search: createSearchIndex([...documents.values()]) };
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
