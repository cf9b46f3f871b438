import type { DatasetVersionEntry } from "@/lib/contracts/sources";
import type { DatasetVersion } from "@/lib/db/generated/client";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { Catalogue } from "../catalogue/catalogue";

/** Stages that read one of the source's columns. */
function readersOf(source: SourceDefinition, { stages }: Pick<Catalogue, "stages">): string[] {
  const columns = new Set(source.columns.map((column) => `${source.entity}.${column.name}`));
  return stages
    .filter((stage) => [...stage.inputs, ...(stage.fitInputs ?? [])].some((input) => columns.has(input)))
    .map((stage) => stage.name);
}

/** What a list says of a source from its definition alone. */
export function declaredSource(source: SourceDefinition, catalogue: Pick<Catalogue, "stages">) {
  const { name, entity, format, description = "", owner = "", tags = [], meta = {}, columns } = source;
  return {
    name,
    entity,
    format,
    description,
    owner,
    tags,
    meta,
    columns: columns.length,
    readers: readersOf(source, catalogue),
  };
}

/** `createdBy` is the person's name. */
export function toVersionEntry(row: DatasetVersion, createdBy: string): DatasetVersionEntry {
  return {
    version: row.version,
    rows: Number(row.rows),
    timeFrom: row.timeFrom?.toISOString() ?? null,
    timeTo: row.timeTo?.toISOString() ?? null,
    digest: row.digest,
    // Written by `ensureDatasetVersion`.
    files: row.files as DatasetVersionEntry["files"],
    warnings: row.warnings,
    createdAt: row.createdAt.toISOString(),
    createdBy,
  };
}
