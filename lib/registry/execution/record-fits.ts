import type { Transaction } from "@/lib/db/client";
import { uuidV7 } from "@/lib/db/uuid-v7";
import { estimatorClass } from "@/lib/domain/operators/operator-table";
import type { Instance } from "@/lib/domain/plans/instances";
import { stageOf } from "@/lib/domain/plans/variant-world";
import type { EngineIdentity } from "@/lib/domain/runs/engine-identity";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { addressOfFit } from "../models/where-kept";
import type { RunContext } from "./run-context";
import { environmentDigests } from "./run-environment";
import type { RunPlan } from "./run-plan";
import { asJson } from "../stored-json";

/**
 * Records what the run's estimators learned. An equal fingerprint is an equal fit: the first one stays.
 * @param fold the fold that they left out, where only cross-validation asked for them
 * @returns instance key → id of its fit
 */
export async function recordFits(
  tx: Transaction,
  context: RunContext,
  { plan, fits }: RunPlan,
  result: VariantResult,
  engine: EngineIdentity,
  fold: string | null = null,
): Promise<Map<string, string>> {
  const { workspaceId, id: runId, createdBy } = context.run;
  const rowSets = new Map(plan.instances.map((instance) => [instance.key, instance.fit?.rowSet]));
  const { codeDigest, environmentDigest } = environmentDigests(engine);
  await tx.fit.createMany({
    data: result.fits
      .filter((fit) => !fit.reused)
      .map((fit) => {
        const stage = stageOf(context, context.instances.get(fit.instance) as Instance);
        const rowSet = rowSets.get(fit.instance);
        const basis = fits.get(fit.instance)?.basis;
        const id = uuidV7();
        return {
          id,
          engine: engine.name,
          format: engine.format,
          uri: addressOfFit(id),
          codeDigest,
          environmentDigest,
          workspaceId,
          stageVersionId: stage.versionId,
          runId,
          fingerprint: fit.fingerprint,
          signature: context.graph.signatures.get(fit.instance) as string,
          class: estimatorClass(stage.definition) ?? "statistic",
          ...(rowSet && { rowSet: asJson(rowSet) }),
          ...(basis && { basis: asJson(basis) }),
          rows: BigInt(fit.rows),
          seconds: fit.seconds,
          model: asJson(fit.model),
          fold,
          createdBy,
        };
      }),
    skipDuplicates: true,
  });
  // What a fold left out before may be what a pipeline is fitted on now.
  if (fold === null)
    await tx.fit.updateMany({
      where: {
        workspaceId,
        fold: { not: null },
        fingerprint: { in: [...fits.values()].map((fit) => fit.fingerprint) },
      },
      data: { fold: null },
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
