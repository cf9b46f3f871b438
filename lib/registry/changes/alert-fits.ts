import type { Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { SYSTEM } from "@/lib/domain/principal";
import { insertChange } from "./insert";
import { activeRun, lockJob, queueJobRun } from "../deployments/jobs";
import { lockDeployment } from "../deployments/row";
import { findAlias } from "../models/aliases";
import { type Scope, systemScope } from "../scope";

/** Continuous training: an alert starts a fit, and what is fitted is proposed to people. Nothing here moves an alias. */

interface Of {
  monitorId: string;
  /** The monitor's name. */
  monitor: string;
}

/**
 * Starts the deployment's fit job for every live alert of the monitor that has not asked for one yet: once for each alert, and
 * what keeps it from starting stands in the alert's history. Call it late in the transaction, after `openQueue()`.
 */
export async function startFitsOfAlerts(tx: Transaction, scope: Scope, of: Of, deployment: string): Promise<void> {
  const alerts = await tx.alert.findMany({
    where: { monitorId: of.monitorId, liveKey: { not: null }, events: { none: { action: { startsWith: "fit_" } } } },
    orderBy: { number: "asc" },
    select: { id: true, number: true },
  });
  for (const alert of alerts) {
    const started = await startFit(tx, scope, deployment, `alert ${alert.number} of ${of.monitor}`);
    if ("skipped" in started) {
      await say(tx, alert.id, "fit_skipped", `The fit job of ${deployment} was not started: ${started.skipped}`);
      continue;
    }
    await tx.alert.update({ where: { id: alert.id }, data: { fitRunId: started.runId } });
    await say(tx, alert.id, "fit_started", `Run ${started.number} of the fit job of ${deployment} was started.`);
  }
}

async function startFit(
  tx: Transaction,
  scope: Scope,
  name: string,
  because: string,
): Promise<{ runId: string; number: number } | { skipped: string }> {
  const deployment = await tx.deployment.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
  });
  if (!deployment) return { skipped: `there is no deployment \`${name}\` here.` };
  // Locked, so that two alerts that open at once do not both find the job idle.
  const state = await lockDeployment(tx, deployment.id);
  if (state !== "active") return { skipped: `the deployment is ${state}.` };
  const job = await lockJob(tx, deployment.id, "fit");
  const going = await activeRun(tx, job.id);
  if (going) return { skipped: `run ${going.number} of it is still ${going.state}.` };
  const runId = await queueJobRun(tx, scope, deployment, { id: job.id, kind: "fit" });
  const run = await tx.run.findUniqueOrThrow({ where: { id: runId }, select: { number: true } });
  await tx.runLog.create({ data: { runId, level: "info", message: `Started by ${because}.` } });
  return { runId, number: run.number };
}

interface EndedRun {
  id: string;
  number: number;
  workspaceId: string;
  retryOfId: string | null;
}

/** In the transaction that ends a fit run without success. */
export async function recordFitFailure(tx: Transaction, run: EndedRun, what: string): Promise<void> {
  for (const { id } of await alertsOf(tx, run)) await say(tx, id, "fit_failed", `Run ${run.number} ${what}`);
}

/**
 * In the transaction that records a fit run: proposes the version that it made, with the alert as the reason. Production takes
 * only what staging has, so a version that staging has not seen is proposed there first.
 */
export async function proposeFitOfAlert(
  tx: Transaction,
  run: EndedRun,
  model: { name: string; version: number; isNew: boolean } | null,
): Promise<void> {
  for (const alert of await alertsOf(tx, run)) {
    if (!model?.isNew) {
      const why = model
        ? `it used every fit again, so version ${model.version} of ${model.name} stays the newest.`
        : "it made no version of a model.";
      await say(tx, alert.id, "fit_unchanged", `Run ${run.number} changed nothing: ${why}`);
      continue;
    }
    const { id: modelId } = await tx.model.findUniqueOrThrow({
      where: { workspaceId_name: { workspaceId: run.workspaceId, name: model.name } },
      select: { id: true },
    });
    const staged = await findAlias(tx, modelId, "staging");
    const environment = staged?.version === model.version ? "production" : "staging";
    await propose(tx, run.workspaceId, alert, {
      model: model.name,
      version: model.version,
      environment,
      run: run.number,
    });
  }
}

/** In the transaction that gives `staging` to a version: what an alert asked for goes on to production, as a request. */
export async function proposeStagedFitOfAlert(
  tx: Transaction,
  workspaceId: string,
  model: string,
  modelVersionId: string,
): Promise<void> {
  const { version, run } = await tx.modelVersion.findUniqueOrThrow({
    where: { id: modelVersionId },
    select: { version: true, run: { select: { id: true, number: true, workspaceId: true, retryOfId: true } } },
  });
  if (!run) return;
  for (const alert of await alertsOf(tx, run))
    await propose(tx, workspaceId, alert, { model, version, environment: "production", run: run.number });
}

async function propose(
  tx: Transaction,
  workspaceId: string,
  alert: { id: string; number: number; monitor: { name: string } | null; explanation: string },
  wanted: { model: string; version: number; environment: "staging" | "production"; run: number },
): Promise<void> {
  const { model, version, environment, run } = wanted;
  const workspace = await tx.workspace.findUniqueOrThrow({
    where: { id: workspaceId },
    select: { id: true, name: true },
  });
  const scope = systemScope(workspace);
  const description = `Alert ${alert.number} of monitor ${alert.monitor?.name} asked for a fit, and run ${run} made version ${version} of ${model}. The alert: ${alert.explanation}${environment === "staging" ? " Production follows by a request of its own once staging has the version." : ""}`;
  try {
    const { number } = await insertChange(tx, scope, {
      workspace: workspace.name,
      model,
      version,
      environment,
      description,
    });
    await say(tx, alert.id, "fit_proposed", `Run ${run} made version ${version} of ${model}; change request ${number} asks for ${environment}.`); // prettier-ignore
  } catch (error) {
    // Refused before anything was written, so that the transaction can go on.
    if (!(error instanceof DomainError)) throw error;
    await say(tx, alert.id, "fit_not_proposed", `Run ${run} made version ${version} of ${model}, which was not proposed for ${environment}: ${error.message}`); // prettier-ignore
  }
}

/** A retry of the run that an alert asked for ends it in its place. */
function alertsOf(tx: Transaction, run: Pick<EndedRun, "id" | "retryOfId">) {
  return tx.alert.findMany({
    where: { fitRunId: { in: [run.id, ...(run.retryOfId ? [run.retryOfId] : [])] } },
    select: { id: true, number: true, explanation: true, monitor: { select: { name: true } } },
    orderBy: { number: "asc" },
  });
}

async function say(tx: Transaction, alertId: string, action: string, comment: string): Promise<void> {
  await tx.alertEvent.create({ data: { alertId, action, actor: SYSTEM.id, comment } });
}
