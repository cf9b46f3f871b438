import { prisma } from "@/lib/db/client";
import type { DatasetVersion } from "@/lib/db/generated/client";
import type { EngineIdentity } from "@/lib/domain/runs/engine-identity";
import { type Finding, type Level, toLevel } from "@/lib/domain/reproductions/report";
import { datasetsRead, type TrainingRecipe } from "@/lib/domain/training-datasets/training-recipe";
import { trainingFactsOf, trainingRecipeOf } from "../stored-json";
import type { LostInput } from "./recorded-inputs";

/** A training dataset as it was frozen, to be made again. */
export interface RecordedTraining {
  workspaceId: string;
  name: string;
  recipe: TrainingRecipe;
  rows: number;
  contentDigest: string;
  versions: DatasetVersion[];
  /** Versions that the recipe names and the registry does not have, or has as others. */
  lost: LostInput[];
  definitions: Level;
  environment: Level;
}

export async function recordedTraining(id: string, engine: EngineIdentity): Promise<RecordedTraining> {
  const row = await prisma().trainingDataset.findUniqueOrThrow({ where: { id } });
  const recipe = trainingRecipeOf(row.recipe);
  const wanted = datasetsRead(recipe);
  const versions = await prisma().datasetVersion.findMany({
    where: { workspaceId: row.workspaceId, OR: wanted.map(({ dataset, version }) => ({ dataset, version })) },
    orderBy: { dataset: "asc" },
  });
  const lost = wanted.flatMap(({ dataset, version, digest }): LostInput[] => {
    const found = versions.find((one) => one.dataset === dataset && one.version === version);
    if (found?.digest === digest) return [];
    return [{ subject: `${dataset}@${version}`, expected: digest, found: found?.digest ?? null }];
  });
  return {
    workspaceId: row.workspaceId,
    name: row.name,
    recipe,
    rows: Number(row.rows),
    contentDigest: row.contentDigest,
    versions,
    lost,
    definitions: toLevel("definitions", definitionsOf(recipe)),
    environment: toLevel("environment", [engineThen(trainingFactsOf(row.facts).engine, `${engine.name} ${engine.version}`)]), // prettier-ignore
  };
}

function definitionsOf({ spine, split }: TrainingRecipe): Finding[] {
  const named = [
    { subject: `Source ${spine.source}`, version: spine.definition },
    ...(split ? [{ subject: `SplitPolicy ${split.policy}`, version: split.version }] : []),
  ];
  return named.map(({ subject, version }) => ({
    subject,
    state: "identical",
    text: `Version ${version} of ${subject}, as the recipe names it.`,
  }));
}

function engineThen(then: string, now: string): Finding {
  return then === now
    ? { subject: "engine", state: "identical", text: `The same engine: ${now}.` }
    : { subject: "engine", state: "differs", text: `Another engine: ${then} then, ${now} now.`, expected: then, found: now }; // prettier-ignore
}
