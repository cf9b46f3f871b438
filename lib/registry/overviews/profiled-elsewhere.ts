import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { compareGroups } from "@/lib/domain/profiles/comparison-group";
import { groupOf } from "./comparison-groups";

/**
 * Feature → the parts, over all time, that have profiles of it, in the order in which people read them: where a column is counted
 * that the chosen groups do not have.
 */
export async function profiledElsewhere(
  where: Prisma.ProfileWhereInput,
  features: readonly string[],
): Promise<Map<string, string[]>> {
  if (features.length === 0) return new Map();
  const rows = await prisma().profile.groupBy({
    by: ["column", "part"],
    where: { AND: [where], column: { in: [...features] }, windowFrom: null },
  });
  return new Map(
    features.map((feature) => [
      feature,
      rows
        .filter(({ column }) => column === feature)
        .flatMap(({ part }) => groupOf({ part, windowFrom: null, windowTo: null }) ?? [])
        .sort(compareGroups)
        .map(({ label }) => label),
    ]),
  );
}
