import type { Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { judgeLeakage } from "@/lib/domain/leakage/judge-leakage";
import type { RowSet } from "@/lib/domain/leakage/types";
import { foldPipelines, summariseFolds } from "@/lib/domain/plans/cross-validation";
import { toLeakageInput } from "@/lib/domain/plans/leakage-input";
import type { CrossValidation, FoldScore } from "@/lib/domain/runs/cross-validation";
import type { EngineIdentity } from "@/lib/domain/runs/engine-identity";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { asJson } from "../stored-json";
import { recordFits } from "./record-fits";
import type { RunContext } from "./run-context";
import { buildRunPlan, type ResolvedSource, type RunPlan } from "./run-plan";
import { scoringOnly } from "./scoring-plan";

/** A fold that is left out: the run as it would be on the others. */
export interface FoldPlan {
  part: string;
  context: RunContext;
  plan: RunPlan;
}

/**
 * What the engine is asked to do for each fold of a pipeline that is cross-validated; it writes no values and no profiles.
 * @param trial number of the trial whose parameters the context has; null for the run's own
 */
export async function planFolds(
  context: RunContext,
  sources: Map<string, ResolvedSource>,
  trial: number | null = null,
): Promise<FoldPlan[]> {
  if (context.run.kind === "materialise") return [];
  const folds: FoldPlan[] = [];
  for (const { part, pipeline } of foldPipelines(context.pipeline)) {
    const own = { ...context, pipeline };
    const name = trial === null ? part : `trial-${trial}-${part}`;
    const plan = scoringOnly(own, await buildRunPlan(own, sources), "test", name);
    if (plan) folds.push({ part, context: own, plan });
  }
  return folds;
}

/** Scores by fold. Throws `invalid`, naming the fold, where the metric has no value: a fold without rows, or with labels of one class. */
export function scoreFolds(
  { pipeline }: Pick<RunContext, "pipeline">,
  folds: readonly FoldPlan[],
  results: readonly VariantResult[],
): CrossValidation | null {
  const metric = pipeline.crossValidate?.metric;
  if (metric === undefined || folds.length === 0) return null;
  const scores = folds.map(({ part, context, plan }, at): FoldScore => {
    const result = results[at] as VariantResult;
    const metrics = result.metrics.test ?? {};
    const score = metrics[metric];
    if (score === undefined)
      throw new DomainError(
        "invalid",
        `Pipeline ${pipeline.name} cannot be cross-validated by ${metric}: it has no value on ${part}, of which ${metrics.rows ?? 0} rows were scored. Take fewer folds, stratify them by the label, or choose another metric: ${Object.keys(metrics).join(", ")}.`,
        { expected: `a value of ${metric} in every fold`, found: `none in ${part}` },
      );
    const target = plan.target as NonNullable<RunPlan["target"]>;
    const { verdict, reasons } = judgeLeakage(toLeakageInput(context, plan.fits, plan.sources, target, metrics.rows));
    const fitted = result.fits.find(({ instance }) => instance === target.instance.key);
    return {
      part,
      rows: metrics.rows ?? 0,
      fitRows: fitted?.rows ?? 0,
      score,
      metrics,
      verdict,
      reasons,
    };
  });
  return { metric, folds: scores, ...summariseFolds(scores.map(({ score }) => score)) };
}

/** The rows of all folds, which the model's scores were read on. */
export function rowsOfFolds(folds: readonly FoldPlan[]): RowSet {
  return folds.flatMap(({ plan }) => plan.target?.roles.find(({ role }) => role === "test")?.rowSet ?? []);
}

/** Records the fits of every fold, with their rows, and the scores. */
export async function recordFolds(
  tx: Transaction,
  { run }: RunContext,
  folds: readonly FoldPlan[],
  results: readonly VariantResult[],
  engine: EngineIdentity,
  scores: CrossValidation,
): Promise<void> {
  const counted: CrossValidation = { ...scores, folds: [...scores.folds] };
  for (const [at, { part, context, plan }] of folds.entries()) {
    const ids = await recordFits(tx, context, plan, results[at] as VariantResult, engine, part);
    // A fit that was made before has its rows on record.
    const score = counted.folds[at] as FoldScore;
    const id = plan.target && ids.get(plan.target.instance.key);
    if (score.fitRows > 0 || !id) continue;
    const { rows } = await tx.fit.findUniqueOrThrow({ where: { id }, select: { rows: true } });
    counted.folds[at] = { ...score, fitRows: Number(rows) };
  }
  await tx.run.update({ where: { id: run.id }, data: { crossValidation: asJson(counted) } });
}
