import { prisma } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { DEFAULT_THRESHOLD } from "@/lib/domain/definitions/pipeline";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { statementOf } from "@/lib/domain/lineage/column-flows";
import { labelOf, operatorName } from "@/lib/domain/operators/operator-table";
import type { ChainRules } from "@/lib/domain/plans/scoring-chain";
import { stageOf, type VariantWorld } from "@/lib/domain/plans/variant-world";
import { columnsNamed, isRowByRow } from "@/lib/domain/sql/row-by-row";
import { SqlRefusal } from "@/lib/domain/sql/sql-refusal";
import { parseStatements } from "@/lib/sql/parse-sql";
import { isPersonal } from "../access/personal-values";
import { loadFits, type ScoringFit } from "../models/version-fits";
import { fittedElsewhere } from "../models/where-kept";
import { loadVariant } from "../plans/load-variant";
import { paramsOf, statsOf } from "../stored-json";

/** A model version as it is asked for predictions. */
export interface ServedModel {
  model: string;
  version: number;
  world: VariantWorld;
  /** What its rows are about. */
  entity: EntityDefinition;
  /** The estimator that it is. */
  stage: StageDefinition;
  instance: string;
  /** `entity.column` of what a predict job writes of its entity, and what the estimator writes. */
  outputs: string[];
  /** Instance key → its fit. */
  fits: Map<string, ScoringFit>;
  /** `entity.column`; null where nothing was predicted, as of groups. */
  label: string | null;
  /** Whether the label is true or false, and no class number. */
  isYesOrNo: boolean;
  /** Of the label's class numbers, what they were made of; none where they came otherwise. */
  classNames: string[];
  /** Probability from which on a row counts as a yes. */
  threshold: number;
  /** Feature → version that the model was fitted on. */
  trainedOn: Map<string, number>;
  /** Feature → least and greatest value in the rows of the fit, where its run profiled them and they are nobody's own. */
  ranges: Map<string, { min: number; max: number }>;
  rules: Pick<ChainRules, "isRowByRow" | "identityRead">;
}

/** Loads a version by id. Throws `conflict` for one that nothing here can score with. */
export async function loadServedModel(workspaceId: string, versionId: string): Promise<ServedModel> {
  const row = await prisma().modelVersion.findUniqueOrThrow({
    where: { id: versionId },
    include: {
      model: { select: { name: true } },
      run: { select: { id: true, params: true } },
      verdicts: { select: { featureVersion: { select: { id: true, version: true, feature: { select: { name: true, sensitivity: true } } } } } }, // prettier-ignore
    },
  });
  const { name: model } = row.model;
  if (!row.run || row.variantId === null || row.fitId === null)
    throw new DomainError("conflict", `${fittedElsewhere(model, row)} Score with it there.`, { model });
  if (row.fits === null)
    throw new DomainError(
      "conflict",
      `Version ${row.version} of model ${model} was made before its fits were kept, so nothing can be scored with it. Fit it again.`,
      { model, version: row.version },
    );
  const ids = row.fits as Record<string, string>;
  const params = paramsOf(row.run);
  const world = await loadVariant(prisma(), workspaceId, row.variantId, params);
  const instance = Object.keys(ids).find((key) => ids[key] === row.fitId) ?? "";
  const own = world.instances.get(instance);
  if (!own)
    throw new DomainError("conflict", `Version ${row.version} of model ${model} has no stage any more. Fit it again.`);
  const { definition: stage } = stageOf(world, own);
  const entity = world.catalogue.entities.find(({ name }) => name === stage.entity);
  if (!entity) throw new DomainError("conflict", `Entity ${stage.entity} of model ${model} is not declared any more.`);
  const fits = await loadFits(ids);
  const label = params.definition.evaluate?.label ?? labelOf(stage);
  const written = stage.outputs.map(({ column }) => column).filter((column) => world.writers.get(column) === instance);
  const later = params.definition.outputs.filter(
    (column) => splitColumn(column)[0] === entity.name && readsFrom(world, column, instance),
  );
  const features = row.verdicts.map(({ featureVersion }) => featureVersion);
  return {
    model,
    version: row.version,
    world,
    entity,
    stage,
    instance,
    outputs: [...new Set([...later, ...written])],
    fits,
    label,
    isYesOrNo: label !== null && isBoolean(world, label),
    classNames: label === null ? [] : classNamesOf(world, label, fits),
    threshold: params.definition.evaluate?.threshold ?? DEFAULT_THRESHOLD,
    trainedOn: new Map(features.map(({ version, feature }) => [feature.name, version])),
    ranges: await rangesOf(
      row.run.id,
      features.filter(({ feature }) => !isPersonal(feature.sensitivity)),
    ),
    rules: await rulesOf(world, entity),
  };
}

/** Whether a column is made of what the instance writes. */
function readsFrom(world: VariantWorld, column: string, instance: string): boolean {
  const key = world.writers.get(column);
  if (key === undefined) return false;
  if (key === instance) return true;
  const made = world.instances.get(key);
  return made !== undefined && stageOf(world, made).definition.inputs.some((one) => readsFrom(world, one, instance));
}

function isBoolean({ stages, catalogue }: VariantWorld, column: string): boolean {
  const [entity, bare] = splitColumn(column);
  const written = [...stages.values()]
    .flatMap(({ definition }) => definition.outputs)
    .find((one) => one.column === column);
  const sources = catalogue.sources.filter((source) => source.entity === entity);
  const declared = written ?? sources.flatMap(({ columns }) => columns).find(({ name }) => name === bare);
  return declared?.type === "boolean";
}

function classNamesOf(world: VariantWorld, label: string, fits: ReadonlyMap<string, ScoringFit>): string[] {
  const key = world.writers.get(label);
  const writer = key === undefined ? undefined : world.instances.get(key);
  if (!key || !writer) return [];
  const { definition } = stageOf(world, writer);
  if (operatorName(definition) !== "StringIndexer") return [];
  const labels = fits.get(key)?.fitted.learned.labels as string[][] | undefined;
  return labels?.[definition.outputs.findIndex(({ column }) => column === label)] ?? [];
}

interface FeatureRead {
  id: string;
  feature: { name: string };
}

/** By the profiles of the training part, of the run itself where it made them; else of all rows. */
async function rangesOf(runId: string, features: readonly FeatureRead[]): Promise<ServedModel["ranges"]> {
  const profiles = await prisma().profile.findMany({
    where: { featureVersionId: { in: features.map(({ id }) => id) }, part: { in: ["train", "all"] } },
    orderBy: { createdAt: "desc" },
    select: { featureVersionId: true, runId: true, part: true, figures: { select: { stats: true } } },
  });
  const ranges: ServedModel["ranges"] = new Map();
  for (const { id, feature } of features) {
    const own = profiles.filter(({ featureVersionId }) => featureVersionId === id);
    const train = own.filter(({ part }) => part === "train");
    const chosen = train.find((one) => one.runId === runId) ?? train[0];
    const stats = (chosen ? [chosen] : own.filter((one) => one.runId === runId)).map(({ figures }) =>
      statsOf(figures?.stats ?? {}),
    );
    const [lows, highs] = [stats.map(({ min }) => min), stats.map(({ max }) => max)].map((list) =>
      list.filter((value): value is number => typeof value === "number"),
    );
    if (lows?.length && highs?.length) ranges.set(feature.name, { min: Math.min(...lows), max: Math.max(...highs) });
  }
  return ranges;
}

/** Which stages compute a row from itself: all operators, and statements that look at nothing else. */
async function rulesOf(world: VariantWorld, entity: EntityDefinition): Promise<ServedModel["rules"]> {
  const stages = [...world.stages.values()].map(({ definition }) => definition);
  const trees = await parseStatements(stages.flatMap((stage) => statementOf(stage) ?? []));
  const identity = [...entity.joinKeys.map(({ name }) => name), ...(entity.eventTime ? [entity.eventTime] : [])];
  const treeOf = (stage: StageDefinition) => trees.get(statementOf(stage) ?? "");
  return {
    isRowByRow: (stage) => {
      const tree = treeOf(stage);
      if (!tree) return operatorName(stage) !== "sql";
      const names = stage.inputs.map((column) => {
        const [owner, bare] = splitColumn(column);
        return owner === entity.name ? bare : column;
      });
      try {
        return isRowByRow(tree, [...names, ...identity]);
      } catch (error) {
        if (error instanceof SqlRefusal) return false;
        throw error;
      }
    },
    identityRead: (stage) => {
      const tree = treeOf(stage);
      if (!tree) return [];
      const named = columnsNamed(tree);
      return identity.filter((name) => named.has(name.toLowerCase()));
    },
  };
}
