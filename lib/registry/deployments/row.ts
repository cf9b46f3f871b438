import type { JobKind } from "@/lib/domain/runs/job-kinds";
import type { DeploymentRun, DeploymentState } from "@/lib/contracts/deployments";
import type { RunState } from "@/lib/domain/runs/run-states";
import { prisma, type Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { DomainError } from "@/lib/domain/errors";
import type { Verb } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor, type Scope } from "../scope";
import { paramsOf } from "../stored-json";

/** Where a deployment's run stands, with what it wrote, used again and scored with. */
export const RUN = {
  job: { select: { kind: true } },
  scoredWith: { select: { version: true } },
  modelVersions: { select: { version: true } },
  backfillChunk: { select: { backfillId: true } },
  stages: { select: { stage: true, reused: true, savedSeconds: true } },
  outputs: { select: { dataset: true, version: true, rows: true }, orderBy: { dataset: "asc" } },
} as const satisfies Prisma.RunInclude;
export type RunRow = Prisma.RunGetPayload<{ include: typeof RUN }>;

export type DeploymentRow = Prisma.DeploymentGetPayload<object>;

/**
 * A deployment by its name, when the principal has the verb in its workspace. Throws `not_found`.
 */
export async function openDeployment(
  principal: Principal,
  workspace: string,
  name: string,
  verb: Verb,
): Promise<{ scope: Scope; deployment: DeploymentRow }> {
  const scope = await openScopeFor(principal, workspace, verb);
  const deployment = await prisma().deployment.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
  });
  if (!deployment)
    throw new DomainError("not_found", `There is no deployment ${name} in ${workspace}. /deployments lists them.`);
  return { scope, deployment };
}

/** The deployment's state, locked until the transaction ends, so that two changes of it follow each other. */
export async function lockDeployment(tx: Transaction, id: string): Promise<DeploymentState> {
  const [row] = await tx.$queryRaw<{ state: DeploymentState }[]>`
    SELECT "state" FROM "Deployment" WHERE "id" = ${id} FOR UPDATE`;
  return row?.state ?? "retired";
}

/** The alias that a job scores with; null for the one that fits. */
export function aliasOf(kind: JobKind): "staging" | "production" | null {
  if (kind === "fit") return null;
  return kind === "predict_staging" ? "staging" : "production";
}

/** Why nothing can be scored yet, and what to do. */
export function missingAlias(of: { alias: "staging" | "production"; model: string; deployment: string }): string {
  return of.alias === "staging"
    ? `Model ${of.model} has no version under \`staging\` yet. Run the fit job of ${of.deployment}: its first version gets the alias.`
    : `Model ${of.model} has no version under \`production\` yet. Open a change request that promotes a version of it to production, and have it applied.`;
}

/** A job in words: `predict (staging)`. */
export function describeJob(kind: JobKind): string {
  return kind === "fit" ? "fit" : `predict (${aliasOf(kind)})`;
}

/** @param estimators names of the deployment's stages that are fitted */
export function toDeploymentRun(
  row: RunRow,
  nameOf: (id: string) => string,
  estimators: ReadonlySet<string>,
): DeploymentRun {
  const { window } = paramsOf(row);
  const kind = (row.job?.kind ?? "fit") as JobKind;
  const reused = row.stages.filter((one) => one.reused && estimators.has(one.stage));
  return {
    id: row.id,
    number: row.number,
    kind,
    state: row.state as RunState,
    progress: row.progress,
    message: row.message,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    createdBy: nameOf(row.createdBy),
    rows: row.rows === null ? null : Number(row.rows),
    window: window ? { from: window[0], to: window[1] } : null,
    backfillId: row.backfillChunk?.backfillId ?? null,
    modelVersion: row.scoredWith?.version ?? row.modelVersions[0]?.version ?? null,
    reuse:
      kind === "fit"
        ? {
            fits: reused.length,
            of: estimators.size,
            secondsSaved: reused.reduce((sum, stage) => sum + (stage.savedSeconds ?? 0), 0),
          }
        : null,
    datasets: row.outputs.map((output) => ({ ...output, rows: Number(output.rows) })),
  };
}
