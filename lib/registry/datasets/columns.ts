import type { SampleField } from "@/lib/contracts/dive";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { anyParamsOf, definitionOf } from "../stored-json";

/** A column that every row of a dataset version has a value of. */
export interface RowColumn {
  /** Name in the dataset. */
  name: string;
  /** `entity.column`. */
  column: string;
  type: ColumnType;
  role: SampleField["role"];
  description: string;
}

export const WITH_COLUMNS = {
  source: true,
  run: { include: { scoredWith: { include: { run: true } } } },
  values: {
    select: { column: true, featureVersion: { select: { feature: { select: { name: true, type: true } } } } },
    orderBy: { column: "asc" },
  },
} as const satisfies Prisma.DatasetVersionInclude;
export type VersionWithColumns = Prisma.DatasetVersionGetPayload<{ include: typeof WITH_COLUMNS }>;

/** The columns in a version's own files: those that its source declares, or keys, event time and features that a run wrote. */
export async function columnsOfFiles(row: VersionWithColumns, entity: EntityDefinition | null): Promise<RowColumn[]> {
  const source = row.source && definitionOf("Source", row.source);
  return source ? columnsOfSource(source, entity) : ofOutput(row, await writtenBy(row), entity);
}

export function columnsOfSource(source: SourceDefinition, entity: EntityDefinition | null): RowColumn[] {
  const keys = new Set([...source.rowKey, ...(entity?.joinKeys ?? []).map((key) => key.name)]);
  return source.columns.map(({ name, type, description }) => ({
    name,
    column: `${source.entity}.${name}`,
    type,
    role: source.timeColumn === name ? "time" : keys.has(name) ? "key" : "feature",
    description: description ?? "",
  }));
}

type Written = { column: string; feature: { name: string; type: string } };

/** A run writes the join keys, the event time of rows that have one, and the features. */
function ofOutput(
  { timeFrom }: { timeFrom: Date | null },
  written: readonly Written[],
  entity: EntityDefinition | null,
): RowColumn[] {
  const keys = (entity?.joinKeys ?? []).map(({ name, type }) => ({ name, type, role: "key" as const }));
  const time =
    entity?.eventTime && timeFrom !== null
      ? [{ name: entity.eventTime, type: "timestamp" as const, role: "time" as const }]
      : [];
  const own = [...keys, ...time].map((one) => ({ ...one, column: `${entity?.name}.${one.name}`, description: "" }));
  const taken = new Set(own.map((one) => one.name));
  return [
    ...own,
    ...written
      .filter(({ column }) => !taken.has(column))
      .map(({ column, feature }) => ({
        name: column,
        column: feature.name,
        type: feature.type as ColumnType,
        role: "feature" as const,
        description: "",
      })),
  ];
}

/** Features in the file. Those of predictions are the outputs of the pipeline that the model was made by. */
async function writtenBy({ workspaceId, dataset, run, values }: VersionWithColumns): Promise<Written[]> {
  if (run?.kind !== "predict") return values.map(({ column, featureVersion: { feature } }) => ({ column, feature }));
  const params = anyParamsOf(run.scoredWith?.run ?? run);
  const [entity] = dataset.split("@");
  const outputs = params.definition?.outputs ?? [];
  const features = await prisma().feature.findMany({
    where: { workspaceId, name: { in: outputs.filter((name) => splitColumn(name)[0] === entity) } },
    select: { name: true, type: true },
    orderBy: { name: "asc" },
  });
  // A list does not fit into the cell of a file.
  return features
    .filter(({ type }) => type !== "vector" && type !== "strings")
    .map((feature) => ({ column: splitColumn(feature.name)[1], feature }));
}
