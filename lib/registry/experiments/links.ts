import type { ExperimentVariant } from "@/lib/contracts/experiments";
import type { Transaction } from "@/lib/db/client";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { nearest } from "@/lib/domain/names/nearest-name";

export interface ExperimentLinks {
  features: readonly string[];
  stages: readonly string[];
  trainingDatasets: readonly string[];
  variants: readonly ExperimentVariant[];
}

/** Throws `invalid` with one issue for every feature, stage, training dataset, pipeline or variant that the workspace does not have, and what was probably meant. */
export async function checkExperimentLinks(
  tx: Transaction,
  workspaceId: string,
  { features, stages, trainingDatasets, variants }: ExperimentLinks,
): Promise<void> {
  const here = { where: { workspaceId, retiredAt: null }, select: { name: true } };
  const issues: Issue[] = [];
  const check = (
    kind: string,
    names: readonly string[],
    known: readonly string[],
    at: (index: number) => Issue["path"],
  ) =>
    names.forEach((name, index) => {
      if (!known.includes(name)) issues.push(unknownName(kind, name, known, at(index)));
    });
  if (features.length > 0)
    check("feature", features, namesOf(await tx.feature.findMany(here)), (index) => ["features", index]);
  if (stages.length > 0) check("stage", stages, namesOf(await tx.stage.findMany(here)), (index) => ["stages", index]);
  if (trainingDatasets.length > 0) {
    // Deleting one takes the same locks, so that none that is found here disappears before this is committed.
    for (const name of trainingDatasets.toSorted())
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`training:${workspaceId}:${name}`}, 0))`;
    const there = { where: { workspaceId, deletedAt: null }, select: { name: true } };
    const known = namesOf(await tx.trainingDataset.findMany(there));
    check("training dataset", trainingDatasets, known, (index) => ["trainingDatasets", index]);
  }
  if (variants.some((variant) => variant.pipeline !== null || variant.variant !== null))
    issues.push(...(await variantIssues(tx, workspaceId, variants)));
  const [first] = issues;
  if (first)
    throw new DomainError("invalid", `${first.message}${issues.length > 1 ? ` And ${issues.length - 1} more.` : ""}`, {
      issues,
    });
}

async function variantIssues(
  tx: Transaction,
  workspaceId: string,
  variants: readonly ExperimentVariant[],
): Promise<Issue[]> {
  const pipelines = await tx.pipeline.findMany({
    where: { workspaceId, retiredAt: null },
    select: { name: true, variants: { select: { signature: true } } },
  });
  return variants.flatMap(({ name, pipeline, variant }, index): Issue[] => {
    if (pipeline === null)
      return variant === null
        ? []
        : [
            {
              path: ["variants", index, "pipeline"],
              message: `Variant “${name}” names a signature but no pipeline. Say which pipeline it is a variant of.`,
            },
          ];
    const found = pipelines.find((candidate) => candidate.name === pipeline);
    if (!found) return [unknownName("pipeline", pipeline, namesOf(pipelines), ["variants", index, "pipeline"])];
    if (variant === null || found.variants.some(({ signature }) => signature === variant)) return [];
    return [
      {
        path: ["variants", index, "variant"],
        message: `Nothing ran with the variant ${variant.slice(0, 12)} of ${pipeline} yet. Leave the signature out and describe the variant, or run it first.`,
        found: variant,
      },
    ];
  });
}

const namesOf = (rows: readonly { name: string }[]) => rows.map((row) => row.name);

function unknownName(kind: string, name: string, known: readonly string[], path: Issue["path"]): Issue {
  const meant = nearest(name, known);
  return {
    path,
    message: `There is no ${kind} \`${name}\` here. ${meant ? `Did you mean \`${meant}\`?` : `Look it up among the ${kind}s.`}`,
    found: name,
    ...(meant && { expected: meant }),
  };
}
