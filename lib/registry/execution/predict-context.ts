import { prisma } from "@/lib/db/client";
import type { ModelVersion } from "@/lib/db/generated/client";
import { DomainError } from "@/lib/domain/errors";
import type { Instance } from "@/lib/domain/plans/instances";
import { predictClosure } from "@/lib/domain/plans/predict-closure";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import { aliasOf, missingAlias } from "../deployments/row";
import { loadFits, type ScoringFit } from "../models/version-fits";
import { fittedElsewhere } from "../models/where-kept";
import { pinDefinitions } from "../plans/pin-definitions";
import { paramsOf } from "../stored-json";
import { beginRun } from "./begin-run";
import type { ClaimedRun } from "./claims";
import type { Scorer } from "./record-predictions";
import { loadRunContext, type RunContext } from "./run-context";

export interface PredictContext {
  context: RunContext;
  kind: JobKind;
  deployment: string;
  alias: "staging" | "production";
  /** The version that the alias names now; null for a deployment without a model. */
  scorer: Scorer | null;
  /** What the outputs need, in the order in which it runs. */
  closure: Instance[];
  /** Instance key → the version's fit there. */
  fits: Map<string, ScoringFit>;
}

/**
 * Begins a run that only predicts: finds the version that its alias names now and writes down that the run scores with it, and the
 * stages that it runs, which are those of the version and not those that were deployed. Throws `conflict` when the alias names
 * nothing, or a version without fits, before anything runs.
 */
export async function beginPredictRun(run: ClaimedRun): Promise<PredictContext> {
  const job =
    run.jobId && (await prisma().deploymentJob.findUnique({ where: { id: run.jobId }, include: { deployment: true } }));
  if (!job)
    throw new DomainError("invalid", `Run ${run.number} is of no deployment's job. Start one from a deployment.`);
  const { deployment } = job;
  const kind = job.kind as JobKind;
  const alias = aliasOf(kind) ?? "staging";
  const version = deployment.model === null ? null : await versionUnder(run, alias, deployment.model, deployment.name);
  const made = version && { id: version.variantId, params: paramsOf(version.run) };
  const context = await loadRunContext(run, made ?? undefined);
  await pinDefinitions(run, context);
  const scoring = await loadScoring(context, version);
  await beginRun(
    run,
    { modelVersionId: version?.id ?? null, ...(version && { variantId: version.variantId }) },
    scoring.closure,
  );
  return { context, kind, deployment: deployment.name, alias, ...scoring };
}

/** What scoring with a model version takes; of what is not fitted where there is none. */
export async function loadScoring(
  context: RunContext,
  version: (Pick<ModelVersion, "id" | "version" | "fits" | "fitId"> & { model: { name: string } }) | null,
): Promise<Pick<PredictContext, "scorer" | "closure" | "fits">> {
  const ids = (version?.fits ?? {}) as Record<string, string>;
  const scorer: Scorer | null = version && {
    id: version.id,
    model: version.model.name,
    version: version.version,
    instance: Object.keys(ids).find((key) => ids[key] === version.fitId) ?? null,
  };
  return { scorer, closure: predictClosure(context, context.pipeline.outputs), fits: await loadFits(ids) };
}

async function versionUnder(run: ClaimedRun, alias: "staging" | "production", model: string, deployment: string) {
  const row = await prisma().modelAlias.findFirst({
    where: { alias, model: { workspaceId: run.workspaceId, name: model } },
    include: {
      modelVersion: { include: { model: { select: { name: true } }, run: { select: { params: true } } } },
    },
  });
  if (!row) throw new DomainError("conflict", missingAlias({ alias, model, deployment }), { model, alias });
  const { modelVersion: version } = row;
  const { run: made, variantId } = version;
  if (!made || variantId === null)
    throw new DomainError(
      "conflict",
      `${fittedElsewhere(model, version)} Score with it there, or have alias ${alias} moved to a version that a run of ${deployment} made.`,
      { model, version: version.version },
    );
  if (version.fits === null)
    throw new DomainError(
      "conflict",
      `Version ${version.version} of model ${model} was made before its fits were kept, so nothing can be scored with it. Run the fit job of ${deployment}, then have alias ${alias} moved to the new version.`,
      { model, version: version.version },
    );
  return { ...version, run: made, variantId };
}
