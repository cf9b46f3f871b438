/** Reproductions of runs and training datasets: asked for, carried out by a job, read. */
import type { Reproduction } from "@/lib/contracts/reproductions";
import { prisma, type Transaction } from "@/lib/db/client";
import type { Prisma, Reproduction as Row } from "@/lib/db/generated/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import type { ReproductionReport } from "@/lib/domain/reproductions/report";
import { actorNames } from "../actor-names";
import { pageOf, type PageQuery } from "../paging";
import { recordEvent } from "../record-event";
import { openRun } from "../runs/runs";
import { type Scope, scopeIn, systemScope } from "../scope";
import { asJson, reproductionReportOf } from "../stored-json";
import { openTrainingDataset } from "../training-datasets/row";

const SUBJECT = {
  workspace: { select: { id: true, name: true } },
  run: { select: { id: true, number: true } },
  trainingDataset: { select: { id: true, name: true } },
} as const satisfies Prisma.ReproductionInclude;

type Subject = { runId: string; number: number } | { trainingDatasetId: string; name: string };

/** Asks for a run to be done again. Throws `conflict` for one that did not succeed, and while it is being done again already. */
export async function reproduceRun(principal: Principal, runId: string): Promise<Reproduction> {
  const { scope, run } = await openRun(principal, runId, "run:start");
  if (run.state !== "succeeded")
    throw new DomainError("conflict", `Run ${run.number} is ${run.state}: only what succeeded has a result to be reproduced.`); // prettier-ignore
  return start(scope, { runId, number: run.number });
}

/** The same of the freezing of a training dataset. */
export async function reproduceTrainingDataset(
  principal: Principal,
  ref: { workspace: string; name: string },
): Promise<Reproduction> {
  const { scope, row } = await openTrainingDataset(principal, ref, "run:start");
  return start(scope, { trainingDatasetId: row.id, name: row.name });
}

async function start(scope: Scope, subject: Subject): Promise<Reproduction> {
  const of = "runId" in subject ? { runId: subject.runId } : { trainingDatasetId: subject.trainingDatasetId };
  const object = "runId" in subject ? `run/${subject.number}` : `training-dataset/${subject.name}`;
  await openQueue();
  const { id } = await prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`reproduction:${scope.workspace.id}:${object}`}, 0))`;
    const unfinished = await tx.reproduction.count({ where: { ...of, state: { in: ["queued", "running"] } } });
    if (unfinished > 0)
      throw new DomainError("conflict", `${object.replace("/", " ")} is being reproduced already. Wait until that has ended.`); // prettier-ignore
    const row = await tx.reproduction.create({
      data: { ...of, workspaceId: scope.workspace.id, message: "Waiting for a worker.", requestedBy: scope.actor.id },
    });
    await enqueue(tx, "reproduce", { reproductionId: row.id });
    await recordEvent(tx, scope, { action: actionOf(subject), object });
    return row;
  });
  return toReproduction(await prisma().reproduction.findUniqueOrThrow({ where: { id }, include: SUBJECT }));
}

const actionOf = (subject: Subject) => ("runId" in subject ? "run.reproduce" : "training.reproduce");

/** Throws `not_found`. */
export async function getReproduction(principal: Principal, id: string): Promise<Reproduction> {
  const row = await prisma().reproduction.findUnique({ where: { id }, include: SUBJECT });
  scopeIn(principal, row?.workspace, "reproduction with this id");
  return toReproduction(row as SubjectRow);
}

/** Reproductions of a run, the newest first. */
export async function listRunReproductions(principal: Principal, { runId, ...query }: PageQuery & { runId: string }) {
  await openRun(principal, runId, "workspace:read");
  return listOf({ runId }, query);
}

/** Reproductions of a training dataset, the newest first. */
export async function listTrainingReproductions(
  principal: Principal,
  { workspace, name, ...query }: PageQuery & { workspace: string; name: string },
) {
  const { row } = await openTrainingDataset(principal, { workspace, name }, "feature:read");
  return listOf({ trainingDatasetId: row.id }, query);
}

async function listOf(where: Prisma.ReproductionWhereInput, query: PageQuery) {
  const rows = await prisma().reproduction.findMany({ where, include: SUBJECT, orderBy: { createdAt: "desc" } });
  const page = pageOf(rows, query);
  return { ...page, items: await Promise.all(page.items.map(toReproduction)) };
}

type SubjectRow = Prisma.ReproductionGetPayload<{ include: typeof SUBJECT }>;

async function toReproduction(row: SubjectRow): Promise<Reproduction> {
  const nameOf = await actorNames([row.requestedBy]);
  return {
    id: row.id,
    run: row.run,
    trainingDataset: row.trainingDataset?.name ?? null,
    state: row.state as Reproduction["state"],
    progress: row.progress,
    message: row.message,
    verdict: row.verdict as Reproduction["verdict"],
    report: row.report === null ? null : reproductionReportOf(row.report),
    error: row.error,
    requestedBy: nameOf(row.requestedBy),
    requestedAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** Begins one, or begins it again for a worker that died. Null when it has ended. */
export async function beginReproduction(id: string): Promise<Row | null> {
  const [row] = await prisma().reproduction.updateManyAndReturn({
    where: { id, state: { not: "done" } },
    data: { state: "running", progress: 0, message: "Looking for what it read.", error: null, finishedAt: null },
  });
  return row ?? null;
}

export async function sayReproduction(id: string, progress: number, message: string): Promise<void> {
  await prisma().reproduction.updateMany({ where: { id, state: "running" }, data: { progress, message } });
}

/** Writes what was found, with its event. */
export async function finishReproduction(id: string, report: ReproductionReport): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const [moved] = await tx.reproduction.updateManyAndReturn({
      where: { id, state: "running" },
      data: { state: "done", progress: 1, message: "Done.", verdict: report.verdict, report: asJson(report), finishedAt: new Date() }, // prettier-ignore
    });
    if (moved) await recordVerdict(tx, id, report);
  });
}

async function recordVerdict(tx: Transaction, id: string, { verdict, summary }: ReproductionReport): Promise<void> {
  const row = await tx.reproduction.findUniqueOrThrow({ where: { id }, include: SUBJECT });
  await recordEvent(tx, systemScope(row.workspace), {
    action: row.run ? "run.reproduced" : "training.reproduced",
    object: row.run ? `run/${row.run.number}` : `training-dataset/${row.trainingDataset?.name ?? ""}`,
    after: { verdict, summary, requestedBy: row.requestedBy },
  });
}

/** One that could not be carried out says why; a later attempt of its job begins again. */
export async function recordReproductionFailure(id: string, reason: string): Promise<void> {
  await prisma().reproduction.updateMany({
    where: { id, state: { not: "done" } },
    data: { state: "failed", error: reason, message: reason, finishedAt: new Date() },
  });
}
