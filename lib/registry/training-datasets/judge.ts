/** Whether the test rows of a training dataset were seen by what its features were computed with. */
import type { TrainingVerdict } from "@/lib/contracts/training-datasets";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { EstimatorClass } from "@/lib/domain/definitions/stage";
import { VERDICTS } from "@/lib/domain/leakage/codes";
import { judgeEachFeature, type JudgedFeature } from "@/lib/domain/leakage/judge-each-feature";
import type { DatasetFacts, EstimatorFit, Fit, LeakageInput, RowSet, Transformer } from "@/lib/domain/leakage/types";
import { estimatorClass } from "@/lib/domain/operators/operator-table";
import { datasetFacts } from "@/lib/domain/plans/leakage-input";
import { rowsOfRole } from "@/lib/domain/training-datasets/rows-of-role";
import type { RecipeFeature, TrainingRecipe } from "@/lib/domain/training-datasets/training-recipe";
import { loadPolicies } from "../catalogue/split-policies";
import { definitionOf, rowSetOf } from "../stored-json";

/**
 * One verdict for each feature, in the recipe's order; none without test rows. A feature's values come from runs, and each run had fits
 * of its own: the feature is judged in the world of each, and the worst counts.
 */
export async function judgeTraining(workspaceId: string, recipe: TrainingRecipe): Promise<TrainingVerdict[]> {
  const test = rowsOfRole(recipe, "test");
  if (recipe.split === null || test.length === 0) return [];
  const runs = await runsOf(workspaceId, recipe);
  const policies = await loadPolicies(workspaceId);
  const judged = new Map<string, JudgedFeature[]>();
  for (const { run, features } of runs) {
    const stages = await stagesUpstream(features.map(({ featureVersionId }) => featureVersionId));
    const fits = await fitsOf(run, stages);
    const world = worldOf(stages, fits);
    const input: LeakageInput = {
      ...world,
      policies,
      datasets: await factsOf(workspaceId, [test, ...world.estimators.map(({ fit }) => fit)]),
      consumer: {
        features: [...new Set(features.map(({ feature }) => feature))],
        label: recipe.label === null ? null : await labelOf(workspaceId, recipe),
        unit: recipe.unit,
        temporal: policies[`${recipe.split.policy}@${recipe.split.version}`]?.type === "time",
        train: rowsOfRole(recipe, "train"),
        test,
      },
      measurements: [],
    };
    for (const one of judgeEachFeature(input))
      for (const { name } of features.filter(({ feature }) => feature === one.feature))
        judged.set(name, [...(judged.get(name) ?? []), one]);
  }
  return recipe.features.flatMap(({ name, feature, version }) => {
    const worst = (judged.get(name) ?? []).reduce<JudgedFeature | null>(worseOf, null);
    if (!worst) return [];
    const { verdict, severity, reasons, warnings, explanation } = worst;
    return [{ name, feature, version, verdict, severity, reasons, warnings, explanation }];
  });
}

function worseOf(one: JudgedFeature | null, other: JudgedFeature): JudgedFeature {
  return one && VERDICTS.indexOf(one.verdict) >= VERDICTS.indexOf(other.verdict) ? one : other;
}

const WITH_FITS = {
  modelVersions: { select: { fits: true } },
  scoredWith: { select: { fits: true } },
} as const satisfies Prisma.RunInclude;
type ValuesRun = Prisma.RunGetPayload<{ include: typeof WITH_FITS }>;

/** The runs that wrote what the recipe reads, each with the features that it wrote. */
async function runsOf(
  workspaceId: string,
  { features }: TrainingRecipe,
): Promise<{ run: ValuesRun; features: (RecipeFeature & { featureVersionId: string })[] }[]> {
  const written = await prisma().featureValues.findMany({
    where: {
      datasetVersion: { workspaceId },
      OR: features.flatMap(({ feature, version, values }) =>
        values.map((one) => ({
          featureVersion: { version, feature: { name: feature } },
          datasetVersion: { dataset: one.dataset, version: one.version },
        })),
      ),
    },
    select: {
      featureVersionId: true,
      featureVersion: { select: { version: true, feature: { select: { name: true } } } },
      run: { include: WITH_FITS },
    },
  });
  const runs = new Map<string, { run: ValuesRun; features: (RecipeFeature & { featureVersionId: string })[] }>();
  for (const { run, featureVersionId, featureVersion } of written) {
    const one = runs.get(run.id) ?? { run, features: [] };
    const its = features.filter((feature) => feature.feature === featureVersion.feature.name && feature.version === featureVersion.version); // prettier-ignore
    one.features.push(...its.map((feature) => ({ ...feature, featureVersionId })));
    runs.set(run.id, one);
  }
  return [...runs.values()];
}

const WITH_STAGE = {
  stageVersion: { include: { stage: { select: { name: true } } } },
} as const satisfies Prisma.FeatureVersionInclude;
type StagedVersion = Prisma.FeatureVersionGetPayload<{ include: typeof WITH_STAGE }>;

/** The stages that made feature versions and everything before them, each once. */
async function stagesUpstream(featureVersionIds: readonly string[]): Promise<Map<string, StagedVersion>> {
  const found = new Map<string, StagedVersion>();
  const seen = new Set<string>();
  for (let open = [...new Set(featureVersionIds)]; open.length > 0;) {
    open.forEach((id) => seen.add(id));
    for (const version of await prisma().featureVersion.findMany({ where: { id: { in: open } }, include: WITH_STAGE }))
      if (version.stageVersion) found.set(version.signature, version);
    const inputs = await prisma().featureVersionInput.findMany({
      where: { readerId: { in: open } },
      select: { inputVersionId: true },
    });
    open = [...new Set(inputs.map(({ inputVersionId }) => inputVersionId))].filter((id) => !seen.has(id));
  }
  return found;
}

/**
 * Signature of an estimator → the rows that it was fitted on where the run computed with it. The run fitted it, or made or used a model
 * version that says which fits it is of; a view's run takes the newest there was. A fit that none of this tells, of several on different rows,
 * is not recorded.
 */
async function fitsOf(run: ValuesRun, stages: ReadonlyMap<string, StagedVersion>): Promise<Map<string, Fit>> {
  const rows = await prisma().fit.findMany({
    where: { workspaceId: run.workspaceId, signature: { in: [...stages.keys()] } },
    orderBy: { createdAt: "desc" },
    select: { id: true, signature: true, runId: true, rowSet: true, createdAt: true },
  });
  const ofModel = new Set(
    [...run.modelVersions, ...(run.scoredWith ? [run.scoredWith] : [])].flatMap(({ fits }) =>
      Object.values((fits ?? {}) as Record<string, string>),
    ),
  );
  const ended = run.finishedAt ?? run.createdAt;
  return new Map(
    [...stages.keys()].flatMap((signature): [string, Fit][] => {
      const all = rows.filter((fit) => fit.signature === signature);
      const own = all.filter(({ id, runId }) => runId === run.id || ofModel.has(id));
      const earlier = all.filter(({ createdAt }) => createdAt <= ended);
      const taken = own.length > 0 ? own : run.kind === "materialise" ? earlier.slice(0, 1) : earlier;
      const rowSets = new Map(taken.map(({ rowSet }) => [canonicalJson(rowSet), rowSet]));
      const [only] = rowSets.values();
      if (taken.length === 0) return [];
      return [[signature, rowSets.size === 1 && only ? rowSetOf(only) : null]];
    }),
  );
}

/** Estimators and transformers as the leakage rules read them. An estimator whose fit nobody knows has unrecorded rows. */
function worldOf(
  stages: ReadonlyMap<string, StagedVersion>,
  fits: ReadonlyMap<string, Fit>,
): Pick<LeakageInput, "estimators" | "transformers"> {
  const estimators: EstimatorFit[] = [];
  const transformers: Transformer[] = [];
  const seen = new Set<string>();
  for (const [signature, { stageVersion }] of stages) {
    if (!stageVersion || seen.has(stageVersion.id)) continue;
    seen.add(stageVersion.id);
    const stage = definitionOf("Stage", stageVersion);
    const common = { id: stageVersion.stage.name, inputs: stage.inputs, outputs: stage.outputs.map(({ column }) => column) }; // prettier-ignore
    if (!stage.estimator) transformers.push(common);
    else
      estimators.push({
        ...common,
        class: estimatorClass(stage) as EstimatorClass,
        fitInputs: stage.fitInputs ?? [],
        fit: fits.get(signature) ?? null,
      });
  }
  return { estimators, transformers };
}

/** What is known of the datasets that row-sets name. */
async function factsOf(workspaceId: string, fits: readonly Fit[]): Promise<Record<string, DatasetFacts>> {
  const boxes = fits.flatMap((fit) => (Array.isArray(fit) ? (fit as RowSet) : []));
  const names = [...new Set(boxes.map(({ dataset }) => dataset))];
  const sources = await prisma().source.findMany({ where: { workspaceId, name: { in: names } } });
  const versions = await prisma().datasetVersion.findMany({
    where: { workspaceId, OR: boxes.map(({ dataset, version }) => ({ dataset, version: Number(version) })) },
    select: { dataset: true, version: true, timeFrom: true, timeTo: true },
  });
  return Object.fromEntries(
    sources.map((row): [string, DatasetFacts] => {
      const source = definitionOf("Source", row);
      const own = versions.filter(({ dataset }) => dataset === source.name);
      return [
        source.name,
        datasetFacts(
          source,
          own.map(({ version, timeFrom, timeTo }) => ({
            version,
            time: timeFrom && timeTo ? [timeFrom.toISOString(), timeTo.toISOString()] : null,
          })),
        ),
      ];
    }),
  );
}

/** The label as the lineage calls it: `entity.column`. */
async function labelOf(workspaceId: string, { spine, label }: TrainingRecipe): Promise<string> {
  const { entity } = await prisma().source.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId, name: spine.source } },
    select: { entity: true },
  });
  return `${entity}.${label}`;
}
