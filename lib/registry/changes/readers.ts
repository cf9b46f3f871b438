import type { FeatureReader } from "@/lib/contracts/change-evidence";
import type { Transaction } from "@/lib/db/client";
import { neverSeenValues } from "@/lib/domain/changes/reader-check";
import type { Histogram } from "@/lib/domain/statistics/histogram";
import { isPersonal, withholdValues } from "../access/personal-values";
import { histogramOf } from "../stored-json";

/**
 * The model versions in use, those that an alias names and the newest of each model, that were trained on another version of
 * the feature than the proposed one. A version that was trained on the proposed one is no concern, whatever others of its
 * model were.
 */
export async function findReadersOfOthers(
  tx: Transaction,
  workspaceId: string,
  feature: string,
  versionId: string,
): Promise<FeatureReader[]> {
  const rows = await tx.leakageVerdict.findMany({
    where: { featureVersion: { feature: { workspaceId, name: feature } }, featureVersionId: { not: versionId } },
    select: {
      featureVersionId: true,
      featureVersion: { select: { version: true } },
      modelVersion: {
        select: {
          id: true,
          version: true,
          aliases: { select: { alias: true } },
          model: {
            select: { name: true, versions: { select: { id: true }, orderBy: { version: "desc" }, take: 1 } },
          },
        },
      },
    },
    orderBy: [{ modelVersion: { model: { name: "asc" } } }, { modelVersion: { version: "desc" } }],
  });
  const inUse = rows.filter(
    ({ modelVersion: { id, aliases, model } }) => aliases.length > 0 || model.versions[0]?.id === id,
  );
  if (inUse.length === 0) return [];
  const proposed = await loadCategories(tx, versionId, ["all"]);
  const trained = new Map<string, Categorical | null>();
  for (const id of new Set(inUse.map((row) => row.featureVersionId)))
    trained.set(id, await loadCategories(tx, id, ["train", "all"]));
  return inUse.map(({ featureVersionId, featureVersion, modelVersion }) => {
    const known = trained.get(featureVersionId);
    return {
      model: modelVersion.model.name,
      modelVersion: modelVersion.version,
      modelVersionId: modelVersion.id,
      aliases: modelVersion.aliases.map(({ alias }) => alias).sort(),
      trainedOn: featureVersion.version,
      neverSeen: known && proposed ? neverSeenValues(known, proposed) : null,
    };
  });
}

type Categorical = Extract<Histogram, { kind: "categorical" }>;

/** The categories in the newest profile over all time, of the first of the parts that has one; null for other columns. */
async function loadCategories(
  tx: Transaction,
  featureVersionId: string,
  parts: readonly string[],
): Promise<Categorical | null> {
  const rows = await tx.profile.findMany({
    where: { featureVersionId, part: { in: [...parts] }, windowFrom: null },
    select: {
      part: true,
      histogram: true,
      featureVersion: { select: { feature: { select: { sensitivity: true } } } },
    },
    orderBy: { createdAt: "desc" },
  });
  const row = parts.flatMap((part) => rows.find((one) => one.part === part) ?? [])[0];
  if (!row) return null;
  // Texts of people are told apart and not shown.
  const sensitivity = row.featureVersion?.feature.sensitivity;
  const histogram = histogramOf((isPersonal(sensitivity) ? withholdValues(row) : row).histogram);
  return histogram.kind === "categorical" ? histogram : null;
}
