import path from "node:path";
import type { TrainingDataset, TrainingDatasetSummary } from "@/lib/contracts/training-datasets";
import { environment as settings } from "@/lib/config/environment";
import { prisma, type Transaction } from "@/lib/db/client";
import type { TrainingDataset as Row } from "@/lib/db/generated/client";
import { DomainError } from "@/lib/domain/errors";
import { VERDICTS } from "@/lib/domain/leakage/codes";
import type { Verb } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import type { TrainingRecipe } from "@/lib/domain/training-datasets/training-recipe";
import { nearest } from "@/lib/domain/names/nearest-name";
import { actorNames } from "../actor-names";
import { openScopeFor, type Scope } from "../scope";
import { trainingFactsOf, trainingRecipeOf, trainingVerdictsOf, trainingColumnsOf } from "../stored-json";

export type TrainingRow = Row;

/** Where the kept rows are; null while they are not kept. */
export function cacheFile({ cache }: Pick<Row, "cache">): string | null {
  return cache === null ? null : path.resolve(settings().TRIBUTARY_DATA, cache);
}

/** Throws `not_found`, with what was probably meant, for one that is not there or deleted. */
export async function findTrainingDataset(
  db: Transaction,
  { workspace }: Pick<Scope, "workspace">,
  name: string,
): Promise<TrainingRow> {
  const row = await db.trainingDataset.findUnique({ where: { workspaceId_name: { workspaceId: workspace.id, name } } });
  if (row && row.deletedAt === null) return row;
  if (row)
    throw new DomainError("not_found", `Training dataset \`${name}\` was deleted on ${row.deletedAt?.toISOString()}.`);
  const known = await db.trainingDataset.findMany({
    where: { workspaceId: workspace.id, deletedAt: null },
    select: { name: true },
  });
  const meant = nearest(name, known.map((one) => one.name)); // prettier-ignore
  throw new DomainError(
    "not_found",
    `There is no training dataset \`${name}\` in ${workspace.name}. ${meant ? `Did you mean \`${meant}\`?` : "/training-datasets lists them."}`,
  );
}

/** The row with the scope of who asks. Throws `forbidden` without the verb. */
export async function openTrainingDataset(
  principal: Principal,
  { workspace, name }: { workspace: string; name: string },
  verb: Verb,
): Promise<{ scope: Scope; row: TrainingRow; recipe: TrainingRecipe }> {
  const scope = await openScopeFor(principal, workspace, verb);
  const row = await findTrainingDataset(prisma(), scope, name);
  return { scope, row, recipe: trainingRecipeOf(row.recipe) };
}

/** What names it, in words. */
export async function namesOf(db: Transaction, workspaceId: string, name: string): Promise<string[]> {
  const experiments = await db.experiment.findMany({
    where: { workspaceId, trainingDatasets: { has: name } },
    orderBy: { number: "asc" },
    select: { number: true },
  });
  return experiments.map(({ number }) => `experiment ${number}`);
}

export type NameOf = (id: string) => string;

export function toSummary(workspace: string, row: TrainingRow, nameOf: NameOf): TrainingDatasetSummary {
  const { spine, label, split, features, asOf } = trainingRecipeOf(row.recipe);
  const verdicts = trainingVerdictsOf(row.verdicts).map(({ verdict }) => verdict);
  return {
    name: row.name,
    workspace,
    description: row.description,
    spine: `${spine.source}@${spine.version}`,
    label,
    split: split?.policy ?? null,
    features: features.length,
    rows: Number(row.rows),
    verdict: VERDICTS.findLast((verdict) => verdicts.includes(verdict)) ?? null,
    contentDigest: row.contentDigest,
    cached: row.cache !== null,
    asOf,
    createdAt: row.createdAt.toISOString(),
    createdBy: nameOf(row.createdBy),
  };
}

export async function toDetail({ workspace }: Pick<Scope, "workspace">, row: TrainingRow): Promise<TrainingDataset> {
  const facts = trainingFactsOf(row.facts);
  return {
    ...toSummary(workspace.name, row, await actorNames([row.createdBy])),
    recipeDigest: row.recipeDigest,
    recipe: trainingRecipeOf(row.recipe),
    columns: trainingColumnsOf(row.columns),
    spineFacts: facts.spine,
    parts: facts.parts,
    statuses: facts.statuses,
    verdicts: trainingVerdictsOf(row.verdicts),
    rules: row.rules,
    bytes: row.cacheBytes === null ? null : Number(row.cacheBytes),
    namedBy: await namesOf(prisma(), row.workspaceId, row.name),
  };
}
