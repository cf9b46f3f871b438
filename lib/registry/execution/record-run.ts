import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { EngineIdentity } from "@/lib/domain/runs/engine-identity";
import type { SearchResult } from "@/lib/domain/runs/parameter-search";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { type FoldPlan, recordFolds, rowsOfFolds, scoreFolds } from "./cross-validation";
import { postRunEvent } from "./post-run-event";
import { proposeFitOfAlert } from "../changes/alert-fits";
import { syncLineage } from "../lineage/sync";
import { postToMlflow } from "../models/mlflow-outbox";
import { recordEvents } from "../record-event";
import { type CheckedOutput, recordOutputChecks } from "../rules/output-checks";
import { queueMaterialisations } from "../catalogue/queue-materialisations";
import { holdBackOutputs } from "./hold-back-outputs";
import { claimEnd, lockVersions, recordOutputs, recordStages } from "./record-end";
import { movePointers, recordFeatureVersions } from "./record-feature-versions";
import { recordFits } from "./record-fits";
import { recordModel } from "./record-model";
import { recordProfiles } from "./record-profiles";
import { reasonsOf, recordReuse, savedSecondsOf, secondsOfValues, withSpared } from "./record-reuse";
import { recordSearch } from "./record-search";
import { recordUsage } from "./record-usage";
import { recordValues } from "./record-values";
import type { RunContext } from "./run-context";
import type { RunPlan } from "./run-plan";

/**
 * Writes everything that a run did in one transaction: output versions with what rules found on them, fits, feature versions
 * with lineage, profiles and drift, dev pointers, the model with its verdicts, trials of its search, scores and fits of its folds, usage, and the jobs
 * that follow. Only the attempt that holds the run may: throws `conflict` when another worker took it or it was canceled, and then nothing is written.
 */
export async function recordRun(
  searched: RunContext,
  plan: RunPlan,
  result: VariantResult,
  engine: EngineIdentity,
  checked: readonly CheckedOutput[] = [],
  folds: { plans: readonly FoldPlan[]; results: readonly VariantResult[] } = { plans: [], results: [] },
  found: SearchResult | null = null,
): Promise<void> {
  const scores = scoreFolds(searched, folds.plans, folds.results);
  await openQueue();
  await prisma().$transaction(async (tx) => {
    await claimEnd(tx, searched, result, engine);
    await lockVersions(tx, searched);
    const context = await recordSearch(tx, searched, found);
    const outputs = await recordOutputs(tx, context, context.pipeline.name, result);
    const fits = await recordFits(tx, context, plan, result, engine);
    const versions = await recordFeatureVersions(tx, context);
    const columns = result.outputs.flatMap((output) => output.columns.map(({ column }) => column));
    // What is computed on data of before is looked at, and never in the place of what is computed on those of now.
    const isOfNow = context.params.versionAsOf === undefined;
    if (isOfNow) {
      await movePointers(tx, context, versions, columns);
      await recordValues(tx, context, result, versions, outputs, {
        fingerprints: plan.fingerprints,
        environment: null,
      });
    }
    await recordProfiles(tx, context, plan, result, versions, outputs);
    const failed = await recordOutputChecks(tx, context, checked, outputs);
    await holdBackOutputs(tx, context, outputs, failed);
    const model = await recordModel(tx, context, plan, result, versions, fits, engine, failed.size === 0);
    if (model) await syncLineage(tx, context.run.workspaceId, { model: [model.name] });
    // Fits of folds are of the same versions of the stages as the run's own.
    const plans = folds.plans.map((fold) => ({ ...fold, context: { ...fold.context, stages: context.stages } }));
    if (scores) await recordFolds(tx, context, plans, folds.results, engine, scores);
    await recordUsage(
      tx,
      context,
      plan,
      result,
      versions,
      {
        rowSet: rowsOfFolds(folds.plans),
        rows: (scores?.folds ?? []).reduce((sum, { rows }) => sum + rows, 0),
      },
      found?.rows ?? null,
    );
    const saved = await savedSecondsOf(tx, result, fits);
    await recordStages(
      tx,
      context,
      withSpared(result, plan),
      new Map([...saved, ...secondsOfValues(plan)]),
      reasonsOf(plan),
    );
    await recordReuse(tx, context, plan, saved, model);
    const views = isOfNow ? await queueMaterialisations(tx, context.run, columns, new Set(failed.keys())) : [];
    if (context.run.kind === "fit") await proposeFitOfAlert(tx, context.run, model);
    await postRunEvent(tx, context.run, "end");
    if (model)
      await postToMlflow(tx, { workspaceId: context.run.workspaceId, model: model.name }, { kind: "run", runId: context.run.id }); // prettier-ignore
    await recordEvents(tx, context.scope, [
      {
        action: "run.complete",
        object: `run/${context.run.number}`,
        after: {
          pipeline: context.pipeline.name,
          startedBy: context.run.createdBy,
          metrics: result.metrics,
          features: Object.fromEntries([...versions.written].map(([column, { version }]) => [column, version])),
          views,
          ...(failed.size > 0 && { quarantined: Object.fromEntries(failed) }),
          ...(model && { model: { name: model.name, version: model.version, isNew: model.isNew } }),
        },
      },
      ...(model?.firstAlias
        ? [
            {
              action: "model.alias",
              object: `model/${model.name}`,
              after: { alias: "staging", version: model.version, run: context.run.number },
            },
          ]
        : []),
    ]);
  });
}
