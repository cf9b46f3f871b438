import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { TrainingRecipe } from "@/lib/domain/training-datasets/training-recipe";
import { isWithheld } from "../access/personal-values";
import type { Scope } from "../scope";

/** Throws `forbidden`, naming them, for columns whose values are about persons and not for the caller to see. What features are now counts. */
export async function assertRowsSeen(scope: Scope, { spine, features }: TrainingRecipe): Promise<void> {
  const workspaceId = scope.workspace.id;
  const source = await prisma().source.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId, name: spine.source } },
    select: { entity: true },
  });
  const names = [
    ...features.map(({ feature }) => feature),
    ...spine.columns.map(({ name }) => `${source.entity}.${name}`),
  ];
  const rows = await prisma().feature.findMany({
    where: { workspaceId, name: { in: names } },
    select: { name: true, sensitivity: true },
  });
  const withheld = rows.filter(({ sensitivity }) => isWithheld(scope, sensitivity));
  if (withheld.length > 0)
    throw new DomainError(
      "forbidden",
      `The values of ${withheld.map(({ name }) => name).join(", ")} are about persons and are given to those with \`personal:read\` only: stewards and administrators.`,
    );
}
