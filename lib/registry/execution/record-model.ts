import type { Transaction } from "@/lib/db/client";
import { enqueue } from "@/lib/db/queue";
import { canonicalJson } from "@/lib/domain/canonical-json";
import { judgeEachFeature } from "@/lib/domain/leakage/judge-each-feature";
import { RULES_VERSION } from "@/lib/domain/leakage/rules-version";
import { measurementsThatHold } from "@/lib/domain/leakage/measurable";
import type { LeakageInput } from "@/lib/domain/leakage/types";
import type { EvaluationTarget } from "@/lib/domain/plans/evaluation-target";
import { toLeakageInput } from "@/lib/domain/plans/leakage-input";
import { isProxyOf, type TargetProxy } from "@/lib/domain/outcomes/target-proxies";
import type { EngineIdentity } from "@/lib/domain/runs/engine-identity";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { undeclaredModel } from "../catalogue/model-row";
import { lockAlias, moveAlias } from "../models/aliases";
import { withTestUse } from "../models/test-use";
import { addressOfFit } from "../models/where-kept";
import type { RecordedVersions } from "./record-feature-versions";
import type { RunContext } from "./run-context";
import type { RunPlan } from "./run-plan";
import { asJson, leakageInputOf } from "../stored-json";

export interface RecordedModel {
  name: string;
  version: number;
  /** False when a fit run found the newest version made of the same fits, so that another would be the same again. */
  isNew: boolean;
  /** Whether the version got the alias `staging` because no version had it. */
  firstAlias: boolean;
}

/**
 * Makes a version of the model that is evaluated, or that its deployment fits, and judges every feature version that
 * it reads. Null when there is no model.
 * @param mayServe false when the run's data are in quarantine: then the version gets no alias by itself
 */
export async function recordModel(
  tx: Transaction,
  context: RunContext,
  plan: RunPlan,
  result: VariantResult,
  versions: RecordedVersions,
  fits: Map<string, string>,
  engine: EngineIdentity,
  mayServe: boolean,
): Promise<RecordedModel | null> {
  const { run } = context;
  const consumer = plan.target ?? plan.deployed;
  const fitId = consumer && fits.get(consumer.instance.key);
  if (!consumer || !fitId || !run.variantId) return null;
  const where = { workspaceId_name: { workspaceId: run.workspaceId, name: consumer.model } };
  const select = {
    id: true,
    versions: { select: { version: true, fits: true, leakageInput: true }, orderBy: { version: "desc" }, take: 1 },
  } as const;
  // No upsert: its insertion that finds the row would keep a version of the definition all the same.
  const model =
    (await tx.model.findUnique({ where, select })) ??
    (await tx.model.create({
      data: {
        ...undeclaredModel(consumer.model),
        workspaceId: run.workspaceId,
        name: consumer.model,
        createdBy: run.createdBy,
        updatedBy: run.createdBy,
      },
      select,
    }));
  const [newest] = model.versions;
  if (run.kind === "fit" && newest && isMadeOf(newest.fits, fits))
    return { name: consumer.model, version: newest.version, isNew: false, firstAlias: false };
  const version = (newest?.version ?? 0) + 1;
  const known = buildLeakageInput(context, plan, consumer, result);
  if (newest) known.measurements = measurementsThatHold(leakageInputOf(newest.leakageInput), known);
  const { proxies } = result.evaluation ?? {};
  if (proxies) known.consumer = { ...known.consumer, targetProxies: proxies.map((proxy) => withEntity(proxy, known.consumer.features)) }; // prettier-ignore
  const counted = withTestRows(known, result.metrics, await duplicatesOf(tx, plan, result, known));
  const { metrics } = counted;
  const { input, testRows } = await withTestUse(tx, run.workspaceId, counted.input);
  const { id: modelVersionId } = await tx.modelVersion.create({
    data: {
      modelId: model.id,
      version,
      fitId,
      engine: engine.name,
      format: engine.format,
      uri: addressOfFit(fitId),
      runId: run.id,
      variantId: run.variantId,
      leakageInput: asJson(input),
      testRows,
      metrics,
      ...(result.evaluation && { evaluation: asJson(result.evaluation) }),
      fits: Object.fromEntries(fits),
      createdBy: run.createdBy,
    },
    select: { id: true },
  });
  await tx.leakageVerdict.createMany({
    data: judgeEachFeature(input).flatMap(({ feature, perEstimator, ...verdict }) => {
      const featureVersion = versions.all.get(feature);
      return featureVersion
        ? [
            {
              ...verdict,
              rules: RULES_VERSION,
              modelVersionId,
              featureVersionId: featureVersion.id,
              perEstimator: asJson(perEstimator),
            },
          ]
        : [];
    }),
  });
  await enqueue(tx, "sketch-units", { modelVersionId });
  // Nothing is displaced, so nobody has to agree; every other move is a change request.
  const firstAlias = mayServe && (await lockAlias(tx, model.id, "staging")) === null;
  if (firstAlias)
    await moveAlias(tx, context.scope, { modelId: model.id, alias: "staging", modelVersionId, baseVersionId: null });
  return { name: consumer.model, version, isNew: true, firstAlias };
}

/** Inputs are named without their entity; where two features have one name it stays so. */
function withEntity(proxy: TargetProxy, features: readonly string[]): TargetProxy {
  const [feature, ...others] = features.filter((one) => isProxyOf(proxy, one));
  return feature !== undefined && others.length === 0 ? { ...proxy, feature } : proxy;
}

/** Whether a version was made of exactly these fits. */
function isMadeOf(kept: unknown, fits: ReadonlyMap<string, string>): boolean {
  const known = Object.entries((kept ?? {}) as Record<string, string>);
  return known.length === fits.size && known.every(([instance, id]) => fits.get(instance) === id);
}

function buildLeakageInput(
  context: RunContext,
  plan: RunPlan,
  consumer: EvaluationTarget,
  result: VariantResult,
): LeakageInput {
  const input = toLeakageInput(context, plan.fits, plan.sources, consumer, result.metrics.test?.rows);
  return consumer.label === "" ? { ...input, consumer: { ...input.consumer, label: null } } : input;
}

/**
 * Test rows that agree in all features with a training row. Where the predictions were read and not computed, the features
 * are not there to be compared: then it is what the run that computed them counted, if it tested on the same rows. Undefined
 * when nobody counted.
 */
async function duplicatesOf(
  tx: Transaction,
  { reuse, target }: RunPlan,
  { metrics: { test } }: VariantResult,
  input: LeakageInput,
): Promise<number | undefined> {
  const earlier = target && reuse.read.get(target.instance.key)?.values.run.id;
  if (!test || test.duplicates !== undefined || !earlier) return test?.duplicates;
  const row = await tx.modelVersion.findFirst({
    where: { runId: earlier },
    select: { metrics: true, leakageInput: true },
  });
  const known = row && leakageInputOf(row.leakageInput);
  const rowsOf = ({ consumer, policies }: LeakageInput) => canonicalJson([consumer.train, consumer.test, policies]);
  if (!row || !known || rowsOf(known) !== rowsOf(input)) return undefined;
  return (row.metrics as VariantResult["metrics"]).test?.duplicates;
}

/** How many classes the test rows have; nothing of a regression. */
function classesOf(test: Record<string, number> | undefined): { testClasses?: number } {
  if (test?.classes !== undefined) return { testClasses: test.classes };
  return test?.positives === undefined ? {} : { testClasses: test.positives > 0 && test.positives < 1 ? 2 : 1 };
}

/** What the evaluation counted of the test rows goes into the verdict and, with it, into the version's figures. */
function withTestRows(
  input: LeakageInput,
  metrics: VariantResult["metrics"],
  duplicates: number | undefined,
): { input: LeakageInput; metrics: VariantResult["metrics"] } {
  const { test } = metrics;
  const facts = {
    testRows: test?.rows ?? 0,
    ...classesOf(test),
    ...(duplicates !== undefined && {
      testDuplicates: { rows: duplicates, of: (test?.rows ?? 0) + (test?.unjudged ?? 0) },
    }),
  };
  return {
    input: { ...input, consumer: { ...input.consumer, ...facts } },
    metrics: duplicates === undefined ? metrics : { ...metrics, test: { ...test, duplicates } },
  };
}
