import type { DeclaredDetail } from "@/lib/contracts/definitions";
import { prisma } from "@/lib/db/client";
import type { Described } from "@/lib/domain/definitions/describe-definition";
import { definitionOf } from "../stored-json";

/** The join keys of the entities that a service's features are of, in its order; null for what is no service. */
export async function spineKeysOf(workspaceId: string, definition: Described): Promise<DeclaredDetail["spineKeys"]> {
  if (definition.kind !== "FeatureService") return null;
  const names = [...new Set(definition.features.map((reference) => reference.split(/[:@]/)[0] ?? ""))];
  const views = await prisma().featureView.findMany({
    where: { workspaceId, name: { in: names } },
    select: { name: true, entity: true },
  });
  const entities = await prisma().entity.findMany({
    where: { workspaceId, name: { in: views.map(({ entity }) => entity) } },
  });
  const inOrder = names.flatMap((name) => views.find((view) => view.name === name)?.entity ?? []);
  return [...new Set(inOrder)].flatMap((name) => {
    const entity = entities.find((one) => one.name === name);
    return entity ? definitionOf("Entity", entity).joinKeys.map((key) => ({ entity: name, ...key })) : [];
  });
}
