import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { Version } from "../profiles/stored-features";

/** The newest version of a model and the feature versions that it reads; null when there is none. */
export async function newestReading(
  workspaceId: string,
  model: string,
  db: Prisma | Transaction = prisma(),
): Promise<{ version: number; reads: Version[] } | null> {
  const newest = await db.modelVersion.findFirst({
    where: { model: { workspaceId, name: model } },
    orderBy: { version: "desc" },
    select: {
      version: true,
      verdicts: { select: { featureVersion: { select: { id: true, feature: { select: { name: true } } } } } },
    },
  });
  if (!newest) return null;
  const reads = newest.verdicts
    .map(({ featureVersion }) => ({ id: featureVersion.id, feature: featureVersion.feature.name }))
    .sort((one, other) => (one.feature < other.feature ? -1 : 1));
  return { version: newest.version, reads };
}
