import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { estimatorClass } from "@/lib/domain/operators/operator-table";
import type { Instance } from "@/lib/domain/plans/instances";
import { stageOf } from "@/lib/domain/plans/variant-world";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { RunContext } from "./run-context";
import type { RunPlan } from "./run-plan";

/**
 * Records what the run's estimators learned. An equal fingerprint is an equal fit: the first one stays.
 * @returns instance key → id of its fit
 */
export async function recordFits(
  tx: Transaction,
  context: RunContext,
  { plan, fits }: RunPlan,
  result: VariantResult,
): Promise<Map<string, string>> {
  const { workspaceId, id: runId, createdBy } = context.run;
  const rowSets = new Map(plan.instances.map((instance) => [instance.key, instance.fit?.rowSet]));
  await tx.fit.createMany({
    data: result.fits
      .filter((fit) => !fit.reused)
      .map((fit) => {
        const stage = stageOf(context, context.instances.get(fit.instance) as Instance);
        return {
          workspaceId,
          stageVersionId: stage.versionId,
          runId,
          fingerprint: fit.fingerprint,
          signature: context.graph.signatures.get(fit.instance) as string,
          class: estimatorClass(stage.definition) ?? "statistic",
          rowSet: rowSets.get(fit.instance) as unknown as Prisma.InputJsonValue,
          basis: fits.get(fit.instance)?.basis as unknown as Prisma.InputJsonValue,
          rows: BigInt(fit.rows),
          seconds: fit.seconds,
          model: fit.model as unknown as Prisma.InputJsonValue,
          createdBy,
        };
      }),
    skipDuplicates: true,
  });
  const rows = await tx.fit.findMany({
    where: { workspaceId, fingerprint: { in: [...fits.values()].map((fit) => fit.fingerprint) } },
    select: { id: true, fingerprint: true },
  });
  const ids = new Map(rows.map((row) => [row.fingerprint, row.id]));
  // Of every estimator, also of those that did not run because values after them were read.
  return new Map(
    [...fits].flatMap(([instance, { fingerprint }]) => {
      const id = ids.get(fingerprint);
      return id === undefined ? [] : [[instance, id] as const];
    }),
  );
}
