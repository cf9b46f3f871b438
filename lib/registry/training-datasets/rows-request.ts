import { existsSync } from "node:fs";
import { environment as settings } from "@/lib/config/environment";
import { digestFile } from "@/lib/config/file-digest";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { DefinitionKind, DefinitionOf } from "@/lib/domain/definitions/definition";
import { DomainError } from "@/lib/domain/errors";
import type { HistoryView } from "@/lib/domain/joins/feature-history";
import { datasetsRead, type RecipeFeature, trainingColumns, type TrainingRecipe } from "@/lib/domain/training-datasets/training-recipe"; // prettier-ignore
import type { TrainingRowsRequest } from "@/lib/domain/training-datasets/training-rows";
import path from "node:path";
import { filesToRead } from "../datasets/kept-files";
import { filesOfValues } from "../serving/offline-values";
import { definitionOf, writtenFilesOf } from "../stored-json";

type VersionRow = Prisma.DatasetVersionGetPayload<{ include: { values: { include: { featureVersion: { select: { version: true; feature: { select: { name: true } } } } } } } }>; // prettier-ignore

/**
 * What an engine needs to make the rows of a recipe: everything in the versions that it names. Throws `not_found` for a version or a file that
 * is gone, and `conflict` for one that is no longer what it was, both with the features that are read from it.
 * @param checkFiles whether files that runs wrote are read to see that they are unchanged; those of the spine always are, by the engine
 */
export async function toRowsRequest(
  workspaceId: string,
  recipe: TrainingRecipe,
  { checkFiles }: { checkFiles: boolean },
): Promise<TrainingRowsRequest> {
  const versions = await loadVersions(workspaceId, recipe);
  if (checkFiles) await assertUnchanged(recipe, versions);
  const { spine, split } = recipe;
  const source = await definitionAt(workspaceId, "Source", spine.source, spine.definition);
  const row = versions.get(`${spine.source}@${spine.version}`) as VersionRow;
  return {
    spine: {
      kind: "source",
      source,
      snapshot: {
        dataset: spine.source,
        version: spine.version,
        files: filesToRead(writtenFilesOf(row.files)),
        rows: Number(row.rows),
        time: row.timeFrom && row.timeTo ? [row.timeFrom.toISOString(), row.timeTo.toISOString()] : null,
      },
      columns: spine.columns,
      time: spine.time,
      keys: recipe.keys.map(({ column, type }) => ({ column, type })),
    },
    split: split && (await definitionAt(workspaceId, "SplitPolicy", split.policy, split.version)),
    views: viewsOf(recipe, versions),
    columns: trainingColumns(recipe),
    asOf: recipe.asOf,
  };
}

/** `dataset@version` → its row. */
async function loadVersions(workspaceId: string, recipe: TrainingRecipe): Promise<Map<string, VersionRow>> {
  const wanted = datasetsRead(recipe);
  const rows = await prisma().datasetVersion.findMany({
    where: { workspaceId, OR: wanted.map(({ dataset, version }) => ({ dataset, version })) },
    include: { values: { include: { featureVersion: { select: { version: true, feature: { select: { name: true } } } } } } }, // prettier-ignore
  });
  const found = new Map(rows.map((row) => [`${row.dataset}@${row.version}`, row]));
  for (const { dataset, version, digest } of wanted) {
    const row = found.get(`${dataset}@${version}`);
    if (!row)
      throw new DomainError("not_found", `Version ${version} of ${dataset} is gone; ${explainUse(recipe, dataset, version)}.`, { dataset, version }); // prettier-ignore
    if (row.digest !== digest)
      throw new DomainError(
        "conflict",
        `Version ${version} of ${dataset} is not what it was: its files have the digest ${row.digest.slice(0, 12)}, and the recipe names ${digest.slice(0, 12)}; ${explainUse(recipe, dataset, version)}.`,
        { dataset, version },
      );
  }
  return found;
}

/** What of a recipe comes from a dataset, in words. */
function explainUse({ spine, features }: TrainingRecipe, dataset: string, version: number): string {
  const read = features.filter(({ values }) =>
    values.some((one) => one.dataset === dataset && one.version === version),
  );
  const uses = [
    ...(spine.source === dataset && spine.version === version ? ["the rows of the spine"] : []),
    ...read.map(({ name, feature, version: of }) => `${name} (${feature} v${of})`),
  ];
  return `${uses.join(", ")} ${uses.length === 1 && uses[0] !== "the rows of the spine" ? "is" : "are"} read from it`;
}

async function assertUnchanged(recipe: TrainingRecipe, versions: ReadonlyMap<string, VersionRow>): Promise<void> {
  const { spine } = recipe;
  for (const { dataset, version, runId, files } of versions.values()) {
    if (runId === null) continue;
    for (const file of writtenFilesOf(files)) {
      const place = path.resolve(settings().TRIBUTARY_DATA, file.path);
      const about = `${file.path}, a file of ${dataset} version ${version},`;
      const use = explainUse(recipe, dataset, version);
      if (!existsSync(place))
        throw new DomainError("not_found", `${about} is gone; ${use}. Put it back from a copy.`, { dataset, version });
      const { sha256 } = await digestFile(place);
      if (sha256 !== file.sha256)
        throw new DomainError("conflict", `${about} has changed since it was written; ${use}. Put it back from a copy.`, { dataset, version, spine: spine.source }); // prettier-ignore
    }
  }
}

/** A definition in the version that a recipe names. */
async function definitionAt<Kind extends DefinitionKind>(
  workspaceId: string,
  kind: Kind,
  name: string,
  version: number,
): Promise<DefinitionOf<Kind>> {
  const row = await prisma().definitionVersion.findFirst({ where: { workspaceId, kind, name, version } });
  if (!row) throw new DomainError("not_found", `There is no version ${version} of the definition of ${kind} ${name}.`);
  return definitionOf(kind, row);
}

/** Features of one view whose values lie in the same files are joined once. */
function viewsOf(recipe: TrainingRecipe, versions: ReadonlyMap<string, VersionRow>): HistoryView[] {
  const groups = new Map<string, RecipeFeature[]>();
  for (const feature of recipe.features) {
    const key = JSON.stringify([feature.view, feature.values.map(({ dataset, version }) => [dataset, version])]);
    groups.set(key, [...(groups.get(key) ?? []), feature]);
  }
  return [...groups.values()].map((together): HistoryView => {
    const [first] = together as [RecipeFeature, ...RecipeFeature[]];
    const name = first.feature.slice(0, first.feature.indexOf("."));
    const entity = recipe.entities.find((one) => one.name === name);
    if (!entity) throw new Error(`The recipe names no entity ${name}.`);
    const files = together.map((feature) => filesOf(feature, versions));
    return {
      keys: entity.keys.map((key) => ({
        ...key,
        spine: recipe.keys.findIndex((one) => one.entity === entity.name && one.key === key.name),
      })),
      eventTime: entity.eventTime,
      files: (files[0] ?? []).map(({ path: file, created }, at) => ({
        path: file,
        created,
        isUnique: files.every((own) => own[at]?.isUnique === true),
        columns: files.map((own) => own[at]?.column ?? ""),
      })),
      columns: together.map(({ name: column, type }) => ({ name: column, type })),
      rule: {
        ttl: first.ttlSeconds > 0 ? BigInt(first.ttlSeconds) * 1_000_000n : null,
        delay: 0n,
        boundary: recipe.boundary,
        knowledge: recipe.knowledge,
      },
    };
  });
}

function filesOf({ feature, version, values }: RecipeFeature, versions: ReadonlyMap<string, VersionRow>) {
  return values.flatMap((one) => {
    const datasetVersion = versions.get(`${one.dataset}@${one.version}`) as VersionRow;
    const written = datasetVersion.values.find(({ featureVersion: of }) => of.version === version && of.feature.name === feature); // prettier-ignore
    if (!written)
      throw new DomainError("not_found", `${one.dataset} version ${one.version} has no values of ${feature} v${version}.`); // prettier-ignore
    return filesOfValues({ ...written, datasetVersion });
  });
}
