import { prisma, type Transaction } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { Instance } from "@/lib/domain/plans/instances";
import { findUpstream, rowSetOf, type Upstream } from "@/lib/domain/plans/row-sets";
import { featuresRead, stageOf } from "@/lib/domain/plans/variant-world";
import type { EngineIdentity } from "@/lib/domain/runs/engine-identity";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { postRunEvent } from "./post-run-event";
import { queueEvaluationsOf } from "../experiments/ab-test-evaluation";
import { recordEvent } from "../record-event";
import type { ProfilePlan } from "../profiles/plan-profiles";
import { createProfiles } from "../profiles/profile-rows";
import { type CheckedOutput, recordOutputChecks } from "../rules/output-checks";
import { describePredicted } from "@/lib/domain/serving/predictions-served";
import { queueMaterialisations } from "../catalogue/queue-materialisations";
import { holdBackOutputs } from "./hold-back-outputs";
import { claimEnd, lockVersions, recordOutputs, recordStages } from "./record-end";
import { recordFeatureVersions, type RecordedVersions } from "./record-feature-versions";
import { recordValues } from "./record-values";
import type { RunContext } from "./run-context";
import type { ResolvedSource } from "./run-plan";
import { asJson } from "../stored-json";

/** The model version that a predict run scores with. */
export interface Scorer {
  id: string;
  model: string;
  version: number;
  /** Instance of the estimator that the model is. */
  instance: string | null;
}

export interface Prediction {
  /** Name of the deployment. */
  deployment: string;
  alias: "staging" | "production";
  /** Null when nothing is fitted. */
  scorer: Scorer | null;
  closure: readonly Instance[];
  sources: Map<string, ResolvedSource>;
  /** Instance → fingerprint of its values. */
  fingerprints: ReadonlyMap<string, string>;
  /** Distributions of what is served and of what the model reads: those to measure, and those that are known. */
  profiles: ProfilePlan;
}

/**
 * Writes what a predict run did in one transaction: its datasets, the values that the alias's environment serves where its
 * pointers name the versions that were written, and what was used to serve. No pointer moves, because that is decided elsewhere. Throws `conflict` when another attempt holds the run, and then nothing is written.
 */
export async function recordPredictions(
  context: RunContext,
  prediction: Prediction,
  result: VariantResult,
  engine: EngineIdentity,
  checked: readonly CheckedOutput[] = [],
): Promise<void> {
  const { deployment, alias, scorer } = prediction;
  await openQueue();
  await prisma().$transaction(async (tx) => {
    await claimEnd(tx, context, result, engine);
    await lockVersions(tx, context);
    const outputs = await recordOutputs(tx, context, `${deployment}.${alias}`, result);
    const versions = await recordFeatureVersions(tx, context);
    const failed = await recordOutputChecks(tx, context, checked, outputs);
    await recordServing(tx, context, prediction, result, versions);
    await recordServed(tx, context, prediction, result, versions, outputs);
    await holdBackOutputs(tx, context, outputs, failed);
    const { fingerprints } = prediction;
    // Without a fit there is one way to compute a version, so that whoever computed it last is right everywhere.
    const environment = scorer ? alias : null;
    await recordValues(tx, context, result, versions, outputs, { fingerprints, environment });
    const written = result.outputs.flatMap(({ columns }) => columns.map(({ column }) => column));
    await recordWhatIsServed(tx, context, prediction, versions, written);
    await queueMaterialisations(tx, context.run, written, new Set(failed.keys()));
    await recordStages(tx, context, result);
    if (context.run.jobId) await queueEvaluationsOf(tx, context.run.jobId);
    await postRunEvent(tx, context.run, "end");
    await recordEvent(tx, context.scope, {
      action: "run.complete",
      object: `run/${context.run.number}`,
      after: {
        deployment,
        alias,
        startedBy: context.run.createdBy,
        ...(scorer && { model: { name: scorer.model, version: scorer.version } }),
        ...(context.params.window && { window: context.params.window }),
        datasets: result.outputs.map(({ entity }) => `${entity}@${deployment}.${alias}`),
        ...(failed.size > 0 && { quarantined: Object.fromEntries(failed) }),
      },
    });
  });
}

/** Says in the log and at the end of the run which of the written columns the environment serves from it, and why not the others. */
async function recordWhatIsServed(
  tx: Transaction,
  { run }: RunContext,
  { alias, scorer }: Prediction,
  versions: RecordedVersions,
  columns: readonly string[],
): Promise<void> {
  const ids = columns.flatMap((column) => versions.written.get(column)?.featureId ?? []);
  const pointers = await tx.pointer.findMany({
    where: { environment: alias, featureId: { in: ids } },
    select: { featureId: true, version: { select: { version: true } } },
  });
  const said = columns.flatMap((feature) => {
    const written = versions.written.get(feature);
    if (!written) return [];
    const pointer = pointers.find(({ featureId }) => featureId === written.featureId)?.version.version ?? null;
    const model = scorer && { name: scorer.model, version: scorer.version };
    return [describePredicted({ feature, version: written.version, pointer }, { environment: alias, model })];
  });
  if (said.length === 0) return;
  await tx.runLog.createMany({
    data: said.map(({ isServed, sentence }) => ({
      runId: run.id,
      level: isServed ? "info" : "warn",
      message: capitalise(sentence),
    })),
  });
  await tx.run.update({
    where: { id: run.id },
    data: { message: ["Done.", ...said.map(({ sentence }) => capitalise(sentence))].join(" ") },
  });
}

const capitalise = (sentence: string) => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** The distributions of the window, all with the first file that was written: that is the dataset that people look at. */
async function recordServed(
  tx: Transaction,
  { run }: RunContext,
  { profiles }: Prediction,
  result: VariantResult,
  versions: RecordedVersions,
  outputs: Map<string, string>,
): Promise<void> {
  const [first] = outputs.values();
  const served = [...result.profiles, ...profiles.known.map(({ profile }) => profile)].flatMap((profile) => {
    const datasetVersionId = outputs.get(splitColumn(profile.column)[0]) ?? first;
    if (!datasetVersionId) return [];
    const owner = {
      workspaceId: run.workspaceId,
      featureVersionId: versions.all.get(profile.column)?.id ?? null,
      datasetVersionId,
      runId: run.id,
      fingerprint: profiles.fingerprintOf(profile),
    };
    return [{ profile, owner }];
  });
  if (served.length === 0) return;
  await createProfiles(tx, served);
  await enqueue(tx, "evaluate-monitors", { workspaceId: run.workspaceId });
}

/** What the model reads, or, where nothing is fitted, what every writer of an output reads. */
async function recordServing(
  tx: Transaction,
  context: RunContext,
  { scorer, sources, closure }: Prediction,
  result: VariantResult,
  versions: RecordedVersions,
): Promise<void> {
  const { run, params } = context;
  const upstream = findUpstream(context);
  const numbers = new Map([...sources].map(([name, source]) => [name, source.version]));
  const model = scorer?.instance ? closure.find(({ key }) => key === scorer.instance) : undefined;
  const readers = model ? [model] : closure.filter(({ key }) => isOutput(context, key));
  const rows = result.outputs.reduce((sum, output) => sum + output.snapshot.rows, 0);
  await tx.usage.createMany({
    data: readers.flatMap((reader) => {
      const { definition } = stageOf(context, reader);
      const { sources: read } = upstream.get(reader.key) as Upstream;
      const known = [...read].filter((name) => numbers.has(name));
      const rowSet = rowSetOf(context, definition.entity, known, null, numbers).map((box) => ({
        ...box,
        ...(params.window && { time: params.window }),
      }));
      return featuresRead(context, definition.inputs).flatMap((column) => {
        const featureVersionId = versions.all.get(column)?.id;
        return featureVersionId
          ? [
              {
                workspaceId: run.workspaceId,
                featureVersionId,
                runId: run.id,
                consumer: model && scorer ? scorer.model : reader.stage,
                role: "serve",
                mode: "applied",
                rowSet: asJson(rowSet),
                rows: BigInt(rows),
                actor: run.createdBy,
              },
            ]
          : [];
      });
    }),
    skipDuplicates: true,
  });
}

function isOutput(context: RunContext, key: string): boolean {
  return context.pipeline.outputs.some((column) => context.writers.get(column) === key);
}
