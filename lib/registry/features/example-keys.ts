import { prisma } from "@/lib/db/client";
import type { Scope } from "../scope";
import { definitionOf } from "../stored-json";

/** How many a snippet needs at most. */
const MOST = 3;

/**
 * Values of an entity's first join key that rows really have, the most frequent first: from the profile of a column that
 * refers to the entity, else of the key itself. Snippets that are filled in with them work as they are.
 */
export async function exampleKeys(scope: Scope, entity: string): Promise<string[]> {
  const rows = await prisma().entity.findMany({
    where: { workspaceId: scope.workspace.id, retiredAt: null },
    select: { name: true, definition: true },
  });
  const definitions = rows.map((row) => definitionOf("Entity", row));
  const referring = definitions.flatMap((definition) =>
    (definition.relations ?? [])
      .filter((relation) => relation.entity === entity)
      .map((relation) => `${definition.name}.${relation.by}`),
  );
  const key = definitions.find((definition) => definition.name === entity)?.joinKeys[0]?.name;
  const columns = [...referring, ...(key ? [`${entity}.${key}`] : [])];
  if (columns.length === 0) return [];
  const profiles = await prisma().profile.findMany({
    where: { workspaceId: scope.workspace.id, column: { in: columns }, part: "all", windowFrom: null },
    orderBy: { createdAt: "desc" },
    select: { column: true, figures: { select: { stats: true } } },
    take: 20,
  });
  for (const column of columns)
    for (const profile of profiles.filter((candidate) => candidate.column === column)) {
      const { top, min } = profile.figures?.stats as { top?: { value: string }[]; min?: string | number };
      if (top && top.length > 0) return top.slice(0, MOST).map(({ value }) => value);
      if (min !== undefined && min !== null) return [String(min)];
    }
  return [];
}
