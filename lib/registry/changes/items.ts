import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";

/** What a request is about: a feature, whose pointer moves, or a model, whose alias does. */
export interface ChangeSubject {
  kind: "feature" | "model";
  id: string;
  name: string;
}

/** What an item of a revision moves: the pointer of a feature, or the alias of a model, from its base to a version. */
export interface ChangeMove {
  subject: ChangeSubject;
  environment: GovernedEnvironment;
  versionId: string;
  /** Null when the pointer or alias names nothing yet. */
  baseVersionId: string | null;
}

export const ITEM = {
  feature: { select: { id: true, name: true, owner: true } },
  model: { select: { id: true, name: true } },
  featureVersion: { select: { id: true, version: true } },
  modelVersion: { select: { id: true, version: true } },
  baseFeatureVersion: { select: { version: true } },
  baseModelVersion: { select: { version: true } },
} as const satisfies Prisma.ChangeItemInclude;

export type ItemRow = Prisma.ChangeItemGetPayload<{ include: typeof ITEM }>;

/** With the numbers of its versions. */
export type NumberedMove = ChangeMove & { version: number; baseVersion: number | null };

/** An item as a move. The database refuses one without a target. */
export function moveOf(item: ItemRow): NumberedMove {
  const { kind, feature, model, featureVersion, modelVersion, baseFeatureVersionId, baseModelVersionId } = item;
  const environment = item.environment as GovernedEnvironment;
  if (kind === "feature" && feature && featureVersion)
    return {
      subject: { kind: "feature", id: feature.id, name: feature.name },
      environment,
      versionId: featureVersion.id,
      version: featureVersion.version,
      baseVersionId: baseFeatureVersionId,
      baseVersion: item.baseFeatureVersion?.version ?? null,
    };
  if (kind === "model" && model && modelVersion)
    return {
      subject: { kind: "model", id: model.id, name: model.name },
      environment,
      versionId: modelVersion.id,
      version: modelVersion.version,
      baseVersionId: baseModelVersionId,
      baseVersion: item.baseModelVersion?.version ?? null,
    };
  throw new Error(`Item ${item.id} of a change request moves nothing.`);
}

/** Writes the items of a revision, in their order. */
export async function createItems(
  tx: Transaction,
  revision: { id: string; changeId: string },
  moves: readonly ChangeMove[],
): Promise<void> {
  const features = moves.flatMap(({ subject }) => (subject.kind === "feature" ? [subject.id] : []));
  const documents = await tx.feature.findMany({
    where: { id: { in: features } },
    select: { id: true, definitionVersionId: true },
  });
  await tx.changeItem.createMany({
    data: moves.map(({ subject: { kind, id }, environment, versionId, baseVersionId }, position) => ({
      changeId: revision.changeId,
      revisionId: revision.id,
      position,
      kind,
      environment,
      ...(kind === "feature"
        ? {
            featureId: id,
            featureVersionId: versionId,
            baseFeatureVersionId: baseVersionId,
            definitionVersionId: documents.find((row) => row.id === id)?.definitionVersionId ?? null,
          }
        : { modelId: id, modelVersionId: versionId, baseModelVersionId: baseVersionId }),
    })),
  });
}
