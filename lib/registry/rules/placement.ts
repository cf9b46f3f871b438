import type { Prisma as Client, Transaction } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { FeatureDefinition } from "@/lib/domain/definitions/feature";
import type { Rule } from "@/lib/domain/definitions/rule";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { type PlacedRule, placeRules, rulesOfSource } from "@/lib/domain/rules/place-rules";
import { digestOf } from "../record-event";

/** What somebody declared of the features of an entity. */
async function declaredFeatures(
  db: Client | Transaction,
  workspaceId: string,
  entity: string,
): Promise<FeatureDefinition[]> {
  const rows = await db.feature.findMany({
    where: { workspaceId, entity, declared: true, retiredAt: null },
    select: { definition: true },
    orderBy: { name: "asc" },
  });
  return rows.map((row) => row.definition as unknown as FeatureDefinition);
}

/** The rules that a source's data must keep: its own, and those of the features that are its columns. */
export async function placedOnSource(
  db: Client | Transaction,
  workspaceId: string,
  source: SourceDefinition,
): Promise<PlacedRule[]> {
  return rulesOfSource(source, await declaredFeatures(db, workspaceId, source.entity));
}

/** The rules that an output of a run must keep: those of the features that it carries. Empty for a version that is not known. */
export async function placedOnOutput(
  db: Client | Transaction,
  workspaceId: string,
  datasetVersionId: string,
): Promise<PlacedRule[]> {
  const { entity, columns } = await outputColumns(db, datasetVersionId);
  return placeRules(entity, columns, await declaredFeatures(db, workspaceId, entity));
}

/** Columns of an output without the entity. What a predict run wrote are its pipeline's outputs. */
export async function outputColumns(
  db: Client | Transaction,
  datasetVersionId: string,
): Promise<{ entity: string; columns: string[] }> {
  const { dataset, values, run } = await db.datasetVersion.findUniqueOrThrow({
    where: { id: datasetVersionId },
    select: {
      dataset: true,
      values: { select: { featureVersion: { select: { feature: { select: { name: true } } } } } },
      run: { select: { variant: { select: { pipeline: { select: { outputs: true } } } } } },
    },
  });
  const entity = dataset.slice(0, dataset.indexOf("@"));
  const written = values.map((value) => value.featureVersion.feature.name);
  const names = written.length > 0 ? written : (run?.variant?.pipeline.outputs ?? []);
  const columns = names.flatMap((name) => (splitColumn(name)[0] === entity ? [splitColumn(name)[1]] : []));
  return { entity, columns: [...new Set(columns)].sort() };
}

/** Equal digest, equal wording: what was found then can be believed now. */
export function digestOfRules(placed: readonly PlacedRule[]): string {
  return digestOf(placed.map(({ rule }) => rule));
}

/** What a search for personal data is told of the column is no part of how the rule is worded. */
export function wordingOf({ type, kwargs: { sensitivity: _sensitivity, ...kwargs }, severity }: Rule): string {
  return digestOf([type, kwargs, severity]);
}
