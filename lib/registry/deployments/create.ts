import { type JobKind, JOB_KINDS } from "@/lib/domain/runs/job-kinds";
import type { CreateDeployment, NewDataTriggers, Schedules } from "@/lib/contracts/deployments";
import { prisma, type Transaction } from "@/lib/db/client";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { finalEstimators, severalModels } from "@/lib/domain/plans/evaluation-target";
import type { Instance } from "@/lib/domain/plans/instances";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { loadCatalogue } from "../catalogue/catalogue";
import { nextTime, parseSchedule } from "@/lib/domain/schedule/schedule";
import { ensureVariant, type PlannedRun, planRun } from "../plans/planned-run";
import type { Support } from "../plans/support";
import { setTriggers } from "./new-data";
import { recordEvent } from "../record-event";
import { openScopeFor, type Scope } from "../scope";
import { lockSpecs } from "../catalogue/workspace-documents";
import { asJson } from "../stored-json";

/** Job → the member of a request that schedules it. */
const SCHEDULED_BY = {
  fit: "fit",
  predict_staging: "predictStaging",
  predict_production: "predictProduction",
} as const satisfies Record<JobKind, keyof Schedules>;

/** Job → whether it runs on new data; jobs that the request does not name are left out. */
export function parseTriggers(triggers: NewDataTriggers = {}): Map<JobKind, boolean> {
  return new Map(
    JOB_KINDS.flatMap((kind): [JobKind, boolean][] => {
      const asked = triggers[SCHEDULED_BY[kind]];
      return asked === undefined ? [] : [[kind, asked]];
    }),
  );
}

/** Job → schedule; jobs that the request does not name are left out. Throws `invalid` for one that cannot be kept. */
export function parseSchedules(schedules: Schedules = {}): Map<JobKind, string | null> {
  return new Map(
    JOB_KINDS.flatMap((kind): [JobKind, string | null][] => {
      const text = schedules[SCHEDULED_BY[kind]];
      if (text === undefined) return [];
      return [[kind, text === null ? null : parseSchedule(text, ["schedules", SCHEDULED_BY[kind]])]];
    }),
  );
}

/**
 * Deploys a variant: deployment, jobs and audit event appear together. Throws `not_found` and `invalid` when it cannot be
 * planned, `unsupported` naming the stages that the engine cannot run, and `conflict` when the variant is deployed already,
 * naming by whom, or when its name or model is taken.
 * @returns the deployment's name
 */
export async function createDeployment(
  principal: Principal,
  request: CreateDeployment,
  engine: Support,
  now = new Date(),
): Promise<string> {
  const scope = await openScopeFor(principal, request.workspace, "deployment:edit");
  const schedules = parseSchedules(request.schedules);
  const made = await prisma().$transaction(async (tx) => {
    // Nobody retires a stage, or deploys the same, between the plan and the rows.
    await lockSpecs(tx, scope.workspace.name);
    const planned = await planRun(scope, await loadCatalogue(scope.workspace.id, tx), request, engine);
    const variantId = await ensureVariant(tx, scope, planned);
    const openKey = `${scope.workspace.id}/${variantId}`;
    const first = await tx.deployment.findUnique({ where: { openKey } });
    if (first) return { first };
    const name = await chooseName(tx, scope, request, planned);
    const model = await chooseModel(tx, scope, request, planned, name);
    const triggers = parseTriggers(request.onNewData);
    const { id } = await tx.deployment.create({
      data: {
        workspaceId: scope.workspace.id,
        name,
        description: request.description ?? "",
        variantId,
        state: "active",
        params: asJson(planned.params),
        model,
        openKey,
        createdBy: scope.actor.id,
        updatedBy: scope.actor.id,
        jobs: {
          create: JOB_KINDS.map((kind) => {
            const schedule = schedules.get(kind) ?? null;
            return { kind, schedule, nextRunAt: schedule && nextTime(schedule, now), updatedBy: scope.actor.id };
          }),
        },
      },
    });
    await setTriggers(tx, scope, { id, variantId, params: planned.params }, triggers);
    const { pipeline, pins, variant, engine: on } = planned.params;
    await recordEvent(tx, scope, {
      action: "deployment.create",
      object: `deployment/${name}`,
      after: {
        pipeline,
        pins,
        variant,
        ...(on && { engine: on }),
        choice: planned.variant.choice,
        model,
        schedules: Object.fromEntries(schedules),
        ...(triggers.size > 0 && { onNewData: Object.fromEntries(triggers) }),
      },
    });
    return { name };
  });
  const { first } = made;
  if (!first) return made.name;
  const author = (await actorNames([first.createdBy]))(first.createdBy);
  throw new DomainError(
    "conflict",
    `This variant of ${request.pipeline} is deployed already: ${first.name}, by ${author} on ${first.createdAt.toISOString().slice(0, 10)}. Use that deployment, retire it first, or choose another variant.`,
    { deployment: first.name, author, createdAt: first.createdAt.toISOString() },
  );
}

/** The asked name, when nobody has it; else the pipeline's, or the first after it that is free. */
async function chooseName(
  tx: Transaction,
  scope: Scope,
  { name: asked }: CreateDeployment,
  { pipeline }: PlannedRun,
): Promise<string> {
  const rows = await tx.deployment.findMany({
    where: { workspaceId: scope.workspace.id },
    select: { name: true, state: true },
  });
  const taken = new Map(rows.map((row) => [row.name, row.state]));
  if (asked === undefined) return firstFree(pipeline.name, (name) => taken.has(name));
  if (taken.has(asked))
    throw new DomainError(
      "conflict",
      taken.get(asked) === "retired"
        ? `A retired deployment had the name ${asked}, and its history keeps it. Choose another name.`
        : `There is already a deployment ${asked}. Choose another name.`,
      { deployment: asked },
    );
  return asked;
}

/** Two live deployments never share a model: the versions of one would be scored with by the other. */
async function chooseModel(
  tx: Transaction,
  scope: Scope,
  { model: asked }: CreateDeployment,
  { pipeline, stages, graph }: PlannedRun,
  deployment: string,
): Promise<string | null> {
  const workspaceId = scope.workspace.id;
  if (!stages.some((stage) => stage.estimator)) {
    if (asked === undefined) return null;
    throw new DomainError(
      "invalid",
      `Nothing in this variant of ${pipeline.name} is fitted, so there is nothing for a model ${asked} to be. Leave \`model\` out.`,
      { issues: [{ path: ["model"], message: "expected no model: nothing is fitted", found: asked }] },
    );
  }
  const definitionOf = ({ stage }: Instance) => stages.find(({ name }) => name === stage) as StageDefinition;
  const final = finalEstimators(graph.plan.instances, definitionOf, pipeline.outputs);
  if (!pipeline.evaluate && final.length > 1)
    throw new DomainError("invalid", `Pipeline ${pipeline.name} fits ${severalModels(final)}`, {
      candidates: final.map(({ stage }) => stage),
    });
  const live = await tx.deployment.findMany({
    where: { workspaceId, state: { not: "retired" }, model: { not: null } },
    select: { name: true, model: true },
  });
  const owners = new Map(live.map((row) => [row.model as string, row.name]));
  if (asked !== undefined) {
    if (owners.has(asked))
      throw new DomainError(
        "conflict",
        `Deployment ${owners.get(asked)} already fits model ${asked}. Choose another name, or retire that deployment first.`,
        { model: asked, deployment: owners.get(asked) },
      );
    return asked;
  }
  const own = pipeline.evaluate?.model;
  if (own !== undefined && !owners.has(own)) return own;
  const known = await tx.model.findMany({ where: { workspaceId }, select: { name: true } });
  const names = new Set(known.map((row) => row.name));
  return firstFree(own ?? deployment, (name) => owners.has(name) || names.has(name));
}

/** `name`, else `name_2`, `name_3` … */
function firstFree(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let n = 2; isTaken(free); n += 1) free = `${name}_${n}`;
  return free;
}
