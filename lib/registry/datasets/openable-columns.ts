import { prisma } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { columnsOfFiles, WITH_COLUMNS } from "./columns";
import { joinedFiles } from "./joined-files";
import { definitionOf } from "../stored-json";

/** Columns that rows of a dataset version can be looked at by, as `entity.column`: those that Dive has. */
export async function openableColumns(datasetVersionId: string, entity: string): Promise<ReadonlySet<string>> {
  const row = await prisma().datasetVersion.findUniqueOrThrow({
    where: { id: datasetVersionId },
    include: WITH_COLUMNS,
  });
  const declared = await prisma().entity.findUnique({
    where: { workspaceId_name: { workspaceId: row.workspaceId, name: entity } },
    select: { definition: true },
  });
  const definition = declared && definitionOf("Entity", declared);
  const own = await columnsOfFiles(row, definition);
  const joined = await joinedFiles(row, definition, own);
  return new Set([...own, ...joined.flatMap(({ columns }) => columns)].map(({ column }) => column));
}

/** Why rows of `entity` cannot be looked at by a column that was profiled with them; null when they can. */
export function whyNotOpenable(
  { feature, withheld }: { feature: string; withheld: boolean },
  entity: string,
  openable: ReadonlySet<string>,
): string | null {
  if (withheld) return "Its values are about persons, so its rows are not shown to you.";
  if (openable.has(feature)) return null;
  const [other] = splitColumn(feature);
  return other === entity
    ? "Its values were computed on the way and not written, so there are no rows to open."
    : `It was counted on rows of ${other}, and the rows here are of ${entity}.`;
}
