import type { Transaction } from "@/lib/db/client";
import type { RowSet } from "@/lib/domain/leakage/types";
import type { EvaluationTarget } from "@/lib/domain/plans/evaluation-target";
import type { Instance } from "@/lib/domain/plans/instances";
import { featuresRead, stageOf } from "@/lib/domain/plans/variant-world";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { RecordedVersions } from "./record-feature-versions";
import type { RunContext } from "./run-context";
import type { RunPlan } from "./run-plan";
import { asJson } from "../stored-json";

/** The rows in each role; those that cross-validation scored are validation rows, beside the pipeline's own. */
function rolesOf(
  { roles }: EvaluationTarget,
  { metrics }: VariantResult,
  folds: { rowSet: RowSet; rows: number },
): { role: string; rowSet: RowSet; rows: number }[] {
  const counted = roles.map(({ role, rowSet }) => ({ role: role as string, rowSet, rows: metrics[role]?.rows ?? 0 }));
  if (folds.rowSet.length === 0) return counted;
  const own = counted.find(({ role }) => role === "validation");
  const all = { role: "validation", rowSet: [...(own?.rowSet ?? []), ...folds.rowSet], rows: (own?.rows ?? 0) + folds.rows }; // prettier-ignore
  return [...counted.filter((one) => one !== own), all];
}

/**
 * Writes the ledger: what every fit learned from, which rows the model was applied to, and by which its parameters were chosen.
 * @param searched rows that every trial of a search was scored on; null without a search
 */
export async function recordUsage(
  tx: Transaction,
  context: RunContext,
  { plan, target }: RunPlan,
  result: VariantResult,
  versions: RecordedVersions,
  folds: { rowSet: RowSet; rows: number } = { rowSet: [], rows: 0 },
  searched: number | null = null,
): Promise<void> {
  const { workspaceId, id: runId, createdBy } = context.run;
  const entry = (
    column: string,
    use: { consumer: string; role: string; mode: string; rowSet: RowSet; rows: number },
  ) => {
    const featureVersionId = versions.all.get(column)?.id;
    return featureVersionId
      ? [
          {
            ...use,
            workspaceId,
            featureVersionId,
            runId,
            rowSet: asJson(use.rowSet),
            rows: BigInt(use.rows),
            actor: createdBy,
          },
        ]
      : [];
  };
  const rowSets = new Map(plan.instances.map((instance) => [instance.key, instance.fit?.rowSet ?? []]));
  const fitted = result.fits
    .filter((fit) => !fit.reused)
    .flatMap((fit) => {
      const { inputs, fitInputs = [] } = stageOf(context, context.instances.get(fit.instance) as Instance).definition;
      const instance = context.instances.get(fit.instance) as Instance;
      const consumer = target?.instance.key === fit.instance ? target.model : instance.stage;
      return featuresRead(context, [...inputs, ...fitInputs]).flatMap((column) =>
        entry(column, {
          consumer,
          role: "train",
          mode: "fitted",
          rowSet: rowSets.get(fit.instance) ?? [],
          rows: fit.rows,
        }),
      );
    });
  const applied = target
    ? rolesOf(target, result, folds).flatMap(({ role, rowSet, rows }) =>
        featuresRead(context, stageOf(context, target.instance).definition.inputs).flatMap((column) =>
          entry(column, {
            consumer: target.model,
            role,
            mode: "applied",
            rowSet,
            rows,
          }),
        ),
      )
    : [];
  const selected = applied.flatMap((use) =>
    searched !== null && use.role === "validation" ? [{ ...use, mode: "selected", rows: BigInt(searched) }] : [],
  );
  await tx.usage.createMany({ data: [...fitted, ...applied, ...selected], skipDuplicates: true });
}
