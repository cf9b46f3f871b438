import type { Transaction } from "@/lib/db/client";
import { estimatorClass, operatorName } from "@/lib/domain/operators/operator-table";
import { stageKind } from "@/lib/domain/definitions/stage";
import type { RunParams } from "@/lib/domain/runs/run-params";
import { chosenTrial, type SearchResult } from "@/lib/domain/runs/parameter-search";
import type { VersionedStage } from "../plans/load-variant";
import { asJson } from "../stored-json";
import type { RunContext } from "./run-context";

/**
 * Records the trials, and gives every stage whose parameters were chosen a version of its own, so that whatever follows from it, predict
 * runs and reproductions, has the chosen parameters and not the declared ones. Plans go on with the declared version.
 * @param context with the chosen parameters
 * @returns the context with those versions
 */
export async function recordSearch(
  tx: Transaction,
  context: RunContext,
  found: SearchResult | null,
): Promise<RunContext> {
  if (!found) return context;
  const stages = new Map(context.stages);
  for (const name of Object.keys(chosenTrial(found).params)) {
    const stage = stages.get(name) as VersionedStage;
    stages.set(name, { ...stage, versionId: await ensureVersion(tx, context, stage) });
  }
  const params: RunParams = {
    ...context.params,
    stageVersions: Object.fromEntries([...stages].map(([name, { versionId }]) => [name, versionId])),
  };
  await tx.run.update({ where: { id: context.run.id }, data: { search: asJson(found), params: asJson(params) } });
  return { ...context, stages, params };
}

/** The version of the stage that computes just this: the one that ran, one that an earlier search chose, or a new one. */
async function ensureVersion(tx: Transaction, { run }: RunContext, stage: VersionedStage): Promise<string> {
  const { stageId, ...ran } = await tx.stageVersion.findUniqueOrThrow({
    where: { id: stage.versionId },
    select: { id: true, stageId: true, digest: true },
  });
  if (ran.digest === stage.digest) return ran.id;
  const known = await tx.stageVersion.findFirst({
    where: { stageId, digest: stage.digest },
    orderBy: { version: "asc" },
    select: { id: true },
  });
  if (known) return known.id;
  const { _max } = await tx.stageVersion.aggregate({ where: { stageId }, _max: { version: true } });
  const { definition } = stage;
  const columns = await tx.stageColumn.findMany({ where: { stageVersionId: ran.id } });
  const { id } = await tx.stageVersion.create({
    data: {
      stageId,
      version: (_max.version ?? 0) + 1,
      kind: stageKind(definition),
      operator: operatorName(definition),
      class: estimatorClass(definition),
      cost: definition.cost ?? 1,
      definition: asJson(definition),
      digest: stage.digest,
      chosenByRun: run.number,
      createdBy: run.createdBy,
    },
    select: { id: true },
  });
  await tx.stageColumn.createMany({ data: columns.map(({ id: _, ...column }) => ({ ...column, stageVersionId: id })) });
  return id;
}
