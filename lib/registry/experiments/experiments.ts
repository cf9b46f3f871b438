import type { z } from "zod";
import type {
  createExperiment as createContract,
  Experiment,
  updateExperiment as updateContract,
} from "@/lib/contracts/experiments";
import { prisma, type Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { type ExperimentOutcome, FROZEN_WHEN_DECIDED } from "@/lib/domain/experiments/experiment";
import type { Principal } from "@/lib/domain/principal";
import { ensureOwners } from "../access/owners";
import { checkExperimentLinks } from "./links";
import { EXPERIMENT, type ExperimentRow, toExperiments } from "./row";
import { recordEvent } from "../record-event";
import { openScopeFor, type Scope } from "../scope";
import { asJson, experimentVariantsOf } from "../stored-json";

export interface ExperimentRef {
  workspace: string;
  number: number;
}

export async function getExperiment(principal: Principal, ref: ExperimentRef): Promise<Experiment> {
  const scope = await openScopeFor(principal, ref.workspace, "workspace:read");
  const row = await findExperiment(prisma(), scope, ref.number);
  return (await toExperiments(ref.workspace, [row]))[0] as Experiment;
}

async function findExperiment(tx: Transaction, scope: Scope, number: number): Promise<ExperimentRow> {
  const row = await tx.experiment.findUnique({
    where: { workspaceId_number: { workspaceId: scope.workspace.id, number } },
    include: EXPERIMENT,
  });
  if (!row)
    throw new DomainError(
      "not_found",
      `There is no experiment ${number} in ${scope.workspace.name}. /experiments lists them.`,
    );
  return row;
}

/** Writes a hypothesis down. Throws `invalid` for features, stages, pipelines and variants that are not there. */
export async function createExperiment(
  principal: Principal,
  input: z.output<(typeof createContract)["body"]>,
): Promise<Experiment> {
  const scope = await openScopeFor(principal, input.workspace, "experiment:edit");
  const number = await prisma().$transaction((tx) => insertExperiment(tx, scope, input));
  return getExperiment(principal, { workspace: input.workspace, number });
}

async function insertExperiment(
  tx: Transaction,
  scope: Scope,
  { workspace: _, ...input }: z.output<(typeof createContract)["body"]>,
): Promise<number> {
  // One at a time in a workspace, so that numbers have no gaps.
  await tx.$executeRaw`SELECT 1 FROM "Workspace" WHERE "id" = ${scope.workspace.id} FOR NO KEY UPDATE`;
  await checkExperimentLinks(tx, scope.workspace.id, input);
  const last = await tx.experiment.aggregate({ where: { workspaceId: scope.workspace.id }, _max: { number: true } });
  const number = (last._max.number ?? 0) + 1;
  const said = { ...input, ...tidied(input), owner: input.owner || scope.actor.name };
  await ensureOwners(tx, scope, [said.owner]);
  await tx.experiment.create({
    data: {
      workspaceId: scope.workspace.id,
      number,
      ...said,
      variants: asJson(said.variants),
      state: "open",
      createdBy: scope.actor.id,
      updatedBy: scope.actor.id,
    },
  });
  await recordEvent(tx, scope, { action: "experiment.create", object: `experiment/${number}`, after: said });
  return number;
}

/** Lists without repetitions. */
function tidied<Lists extends { tags?: string[]; features?: string[]; stages?: string[]; trainingDatasets?: string[] }>(
  lists: Lists,
) {
  return {
    ...(lists.tags && { tags: [...new Set(lists.tags)] }),
    ...(lists.features && { features: [...new Set(lists.features)] }),
    ...(lists.stages && { stages: [...new Set(lists.stages)] }),
    ...(lists.trainingDatasets && { trainingDatasets: [...new Set(lists.trainingDatasets)] }),
  } as Pick<Lists, "tags" | "features" | "stages" | "trainingDatasets">;
}

/**
 * Changes what is given. What a decided experiment was decided upon stays as it is (`conflict`): whoever wants it otherwise
 * reopens it, with a reason that the log keeps.
 */
export function updateExperiment(
  principal: Principal,
  ref: ExperimentRef,
  input: z.output<(typeof updateContract)["body"]>,
): Promise<Experiment> {
  return inExperiment(principal, ref, async (tx, scope, row) => {
    const given = { ...input, ...tidied(input) };
    const before = valuesOf(row, given);
    const changed = Object.keys(given).filter(
      (key) => JSON.stringify(given[key as keyof typeof given]) !== JSON.stringify(before[key]),
    );
    if (changed.length === 0) return;
    const frozen = FROZEN_WHEN_DECIDED.filter((key) => changed.includes(key));
    if (row.state === "decided" && frozen.length > 0)
      throw new DomainError(
        "conflict",
        `Experiment ${row.number} was decided: its ${frozen.join(" and ")} must stay what the outcome is about. Reopen it with a reason, or write a new experiment.`,
        { state: row.state },
      );
    await checkExperimentLinks(tx, scope.workspace.id, {
      features: changed.includes("features") ? (given.features ?? []) : [],
      stages: changed.includes("stages") ? (given.stages ?? []) : [],
      trainingDatasets: changed.includes("trainingDatasets") ? (given.trainingDatasets ?? []) : [],
      variants: changed.includes("variants") ? (given.variants ?? []) : [],
    });
    const after = Object.fromEntries(changed.map((key) => [key, given[key as keyof typeof given]]));
    if (changed.includes("owner")) await ensureOwners(tx, scope, [given.owner]);
    await tx.experiment.update({ where: { id: row.id }, data: { ...after, updatedBy: scope.actor.id } });
    await recordEvent(tx, scope, {
      action: "experiment.update",
      object: `experiment/${row.number}`,
      before: Object.fromEntries(changed.map((key) => [key, before[key]])),
      after,
    });
  });
}

function valuesOf(row: ExperimentRow, keys: object): Record<string, unknown> {
  const values: Record<string, unknown> = { ...row, variants: experimentVariantsOf(row.variants) };
  return Object.fromEntries(Object.keys(keys).map((key) => [key, values[key]]));
}

/** Throws `conflict` when it was decided before. */
export function decideExperiment(
  principal: Principal,
  ref: ExperimentRef,
  decision: { outcome: ExperimentOutcome; insight: string },
): Promise<Experiment> {
  return inExperiment(principal, ref, (tx, scope, row) => recordDecision(tx, scope, row, decision));
}

/** The decision inside a transaction of the caller's, who holds the row's lock. */
export async function recordDecision(
  tx: Transaction,
  scope: Scope,
  row: Pick<ExperimentRow, "id" | "number" | "state" | "outcome" | "insight">,
  decision: { outcome: ExperimentOutcome; insight: string },
): Promise<void> {
  if (row.state === "decided")
    throw new DomainError(
      "conflict",
      `Experiment ${row.number} was decided before: ${row.outcome}. Reopen it with a reason to decide again.`,
      { outcome: row.outcome },
    );
  await tx.experiment.update({
    where: { id: row.id },
    data: {
      state: "decided",
      ...decision,
      decidedAt: new Date(),
      decidedBy: scope.actor.id,
      updatedBy: scope.actor.id,
    },
  });
  await recordEvent(tx, scope, {
    action: "experiment.decide",
    object: `experiment/${row.number}`,
    before: { state: row.state, insight: row.insight },
    after: { state: "decided", ...decision },
  });
}

/** Opens a decided experiment again. Its insight stays: it is what was known. Throws `conflict` when it is open. */
export function reopenExperiment(
  principal: Principal,
  ref: ExperimentRef,
  { reason }: { reason: string },
): Promise<Experiment> {
  return inExperiment(principal, ref, async (tx, scope, row) => {
    if (row.state === "open")
      throw new DomainError("conflict", `Experiment ${row.number} is open: there is nothing to reopen.`);
    await tx.experiment.update({
      where: { id: row.id },
      data: { state: "open", outcome: null, decidedAt: null, decidedBy: null, updatedBy: scope.actor.id },
    });
    await recordEvent(tx, scope, {
      action: "experiment.reopen",
      object: `experiment/${row.number}`,
      before: { state: row.state, outcome: row.outcome },
      after: { state: "open", reason },
    });
  });
}

/** One step on one experiment in one transaction, with its row locked, so that steps come one after the other. */
async function inExperiment(
  principal: Principal,
  ref: ExperimentRef,
  step: (tx: Transaction, scope: Scope, row: ExperimentRow) => Promise<void>,
): Promise<Experiment> {
  const scope = await openScopeFor(principal, ref.workspace, "experiment:edit");
  await prisma().$transaction(async (tx) => {
    await lockExperiment(tx, scope, ref.number);
    await step(tx, scope, await findExperiment(tx, scope, ref.number));
  });
  return getExperiment(principal, ref);
}

export async function lockExperiment(tx: Transaction, scope: Scope, number: number): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM "Experiment" WHERE "workspaceId" = ${scope.workspace.id} AND "number" = ${number} FOR UPDATE`;
}
