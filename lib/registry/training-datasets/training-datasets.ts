import type { TrainingDataset, TrainingDatasetSummary, TrainingDifference } from "@/lib/contracts/training-datasets";
import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { searchList } from "@/lib/domain/search/search-list";
import { recipeDifferences } from "@/lib/domain/training-datasets/recipe-differences";
import { actorNames } from "../actor-names";
import { pageOf, type PageQuery } from "../paging";
import { openScopeFor } from "../scope";
import { trainingRecipeOf } from "../stored-json";
import { findTrainingDataset, toDetail, toSummary } from "./row";

export interface TrainingRef {
  workspace: string;
  name: string;
}

/** Newest first; or those that have every word of `q`, the best first. */
export async function listTrainingDatasets(
  principal: Principal,
  query: PageQuery & { workspace: string; q: string },
): Promise<{ items: TrainingDatasetSummary[]; total: number; nextCursor: string | null }> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const rows = await prisma().trainingDataset.findMany({
    where: { workspaceId: workspace.id, deletedAt: null },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  const found = searchList(rows, query.q, ({ name, description, recipe }) => {
    const { spine, label, features, split } = trainingRecipeOf(recipe);
    const about = [spine.source, label, split?.policy, ...features.map(({ feature }) => feature)];
    return { name, texts: [description, ...about.filter((text) => typeof text === "string")] };
  });
  const page = pageOf(found, query);
  return { ...page, items: page.items.map((row) => toSummary(workspace.name, row, nameOf)) };
}

export async function getTrainingDataset(principal: Principal, ref: TrainingRef): Promise<TrainingDataset> {
  const scope = await openScopeFor(principal, ref.workspace, "feature:read");
  return toDetail(scope, await findTrainingDataset(prisma(), scope, ref.name));
}

/** In what the second differs from the first. */
export async function compareTrainingDatasets(
  principal: Principal,
  ref: TrainingRef & { with: string },
): Promise<TrainingDifference> {
  const scope = await openScopeFor(principal, ref.workspace, "feature:read");
  const one = await findTrainingDataset(prisma(), scope, ref.name);
  const other = await findTrainingDataset(prisma(), scope, ref.with);
  return {
    name: one.name,
    with: other.name,
    sameRows: one.contentDigest === other.contentDigest,
    differences: recipeDifferences(trainingRecipeOf(one.recipe), trainingRecipeOf(other.recipe)),
  };
}
