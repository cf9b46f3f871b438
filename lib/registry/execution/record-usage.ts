import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { RowSet } from "@/lib/domain/leakage/types";
import type { Instance } from "@/lib/domain/plans/instances";
import { featuresRead, stageOf } from "@/lib/domain/plans/variant-world";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { RecordedVersions } from "./record-feature-versions";
import type { RunContext } from "./run-context";
import type { RunPlan } from "./run-plan";

/** Writes the ledger: what every fit learned from, and which rows the model was applied to. */
export async function recordUsage(
  tx: Transaction,
  context: RunContext,
  { plan, target }: RunPlan,
  result: VariantResult,
  versions: RecordedVersions,
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
            rowSet: use.rowSet as unknown as Prisma.InputJsonValue,
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
    ? target.roles.flatMap(({ role, rowSet }) =>
        featuresRead(context, stageOf(context, target.instance).definition.inputs).flatMap((column) =>
          entry(column, {
            consumer: target.model,
            role,
            mode: "applied",
            rowSet,
            rows: result.metrics[role]?.rows ?? 0,
          }),
        ),
      )
    : [];
  await tx.usage.createMany({ data: [...fitted, ...applied], skipDuplicates: true });
}
