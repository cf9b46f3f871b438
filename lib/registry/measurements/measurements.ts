/** Units that fits share with a model version's test rows: asked to be counted, counted by a job, read. */
import type { LeakageMeasurement, NewLeakageMeasurement } from "@/lib/contracts/leakage-measurements";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import { findMeasurable } from "@/lib/domain/leakage/measurable";
import { fitInWords, type MeasuredFit } from "@/lib/domain/leakage/measured-fit";
import type { LeakageInput, Measurement } from "@/lib/domain/leakage/types";
import { assertCan, type Verb } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { judgeVersion, lockVerdicts } from "../models/rejudge";
import { pageOf, type PageQuery } from "../paging";
import { recordEvent } from "../record-event";
import { scopeIn, systemScope } from "../scope";
import { asJson, leakageInputOf, measuredFitsOf } from "../stored-json";

const VERSION = {
  model: { select: { name: true, workspace: { select: { id: true, name: true } } } },
} as const satisfies Prisma.ModelVersionInclude;

async function openVersion(principal: Principal, modelVersionId: string, verb: Verb) {
  const row = await prisma().modelVersion.findUnique({ where: { id: modelVersionId }, include: VERSION });
  const scope = scopeIn(principal, row?.model.workspace, `model version \`${modelVersionId}\``);
  assertCan(scope.actor, verb);
  if (!row) throw new DomainError("not_found", `There is no model version \`${modelVersionId}\` that you can see.`);
  return { scope, row };
}

/**
 * Asks for units to be counted. Throws `not_found` without such a version, and `conflict` where nothing can be counted, saying why, or is
 * being counted already.
 */
export async function measureLeakage(
  principal: Principal,
  modelVersionId: string,
  { scope: wanted }: NewLeakageMeasurement,
): Promise<LeakageMeasurement> {
  const { scope, row } = await openVersion(principal, modelVersionId, "run:start");
  const { name } = row.model;
  const { asked, refused } = findMeasurable(leakageInputOf(row.leakageInput), wanted);
  if (asked.length === 0) {
    const reasons = refused.map(({ estimator, reason }) => `${fitInWords(estimator, name)}: ${reason}`);
    throw new DomainError("conflict", [`There is nothing to count for version ${row.version} of ${name}: ${reasons.length > 0 ? "what is undecided cannot be counted." : "its verdict is proved by what defines the rows."}`, ...reasons].join(" ")); // prettier-ignore
  }
  await openQueue();
  const created = await prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`measurement:${modelVersionId}`}, 0))`;
    if ((await tx.leakageMeasurement.count({ where: { modelVersionId, state: { in: ["queued", "running"] } } })) > 0)
      throw new DomainError("conflict", `Units of version ${row.version} of ${name} are being counted already. Wait until that has ended.`); // prettier-ignore
    const measurement = await tx.leakageMeasurement.create({
      data: { modelVersionId, scope: wanted, message: "Waiting for a worker.", requestedBy: scope.actor.id },
    });
    await enqueue(tx, "measure-leakage", { measurementId: measurement.id });
    await recordEvent(tx, scope, {
      action: "model.measure",
      object: `model/${name}`,
      after: { version: row.version, scope: wanted, fits: asked.map(({ estimator }) => estimator) },
    });
    return measurement;
  });
  return toMeasurement(created);
}

/** Measurements of a version, the newest first. */
export async function listMeasurements(
  principal: Principal,
  { modelVersionId, limit, cursor }: PageQuery & { modelVersionId: string },
) {
  await openVersion(principal, modelVersionId, "usage:read");
  const rows = await prisma().leakageMeasurement.findMany({
    where: { modelVersionId },
    orderBy: { createdAt: "desc" },
  });
  const page = pageOf(rows, { limit, cursor });
  return { ...page, items: await Promise.all(page.items.map(toMeasurement)) };
}

async function toMeasurement(row: Prisma.LeakageMeasurementGetPayload<object>): Promise<LeakageMeasurement> {
  const nameOf = await actorNames([row.requestedBy]);
  const findings = row.findings === null ? null : measuredFitsOf(row.findings);
  return {
    id: row.id,
    state: row.state as LeakageMeasurement["state"],
    scope: row.scope as LeakageMeasurement["scope"],
    progress: row.progress,
    message: row.message,
    findings:
      findings &&
      findings.map(({ estimator, measurement, text }) => ({ estimator, isMeasured: measurement !== null, text })),
    before: row.before as LeakageMeasurement["before"],
    after: row.after as LeakageMeasurement["after"],
    error: row.error,
    requestedBy: nameOf(row.requestedBy),
    requestedAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** Begins one, or begins it again for a worker that died. Null when it has ended. */
export async function beginMeasurement(id: string) {
  const [row] = await prisma().leakageMeasurement.updateManyAndReturn({
    where: { id, state: { not: "done" } },
    data: { state: "running", progress: 0, message: "Looking for the rows.", error: null, finishedAt: null },
  });
  if (!row) return null;
  const version = await prisma().modelVersion.findUniqueOrThrow({
    where: { id: row.modelVersionId },
    include: VERSION,
  });
  const input = leakageInputOf(version.leakageInput);
  return {
    scope: row.scope as NewLeakageMeasurement["scope"],
    requestedBy: row.requestedBy,
    owner: { workspaceId: version.model.workspace.id, runId: version.runId },
    input: { ...input, consumer: { ...input.consumer, name: version.model.name } },
  };
}

export async function sayMeasurement(id: string, progress: number, message: string): Promise<void> {
  await prisma().leakageMeasurement.updateMany({ where: { id, state: "running" }, data: { progress, message } });
}

/** One that could not be carried out says why; a later attempt of its job begins again. */
export async function recordMeasurementFailure(id: string, reason: string): Promise<void> {
  await prisma().leakageMeasurement.updateMany({
    where: { id, state: { not: "done" } },
    data: { state: "failed", error: reason, message: reason, finishedAt: new Date() },
  });
}

/** Writes what was counted into what the verdict is computed from, and judges the version anew, in one transaction. */
export async function finishMeasurement(id: string, findings: readonly MeasuredFit[]): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const [row] = await tx.leakageMeasurement.updateManyAndReturn({
      where: { id, state: "running" },
      data: { state: "done", progress: 1, message: "Done.", findings: findings.map(asJson), finishedAt: new Date() },
    });
    if (!row) return;
    const version = await lockVerdicts(tx, row.modelVersionId);
    const input = withMeasurements(leakageInputOf(version.leakageInput), findings);
    await tx.modelVersion.update({ where: { id: version.id }, data: { leakageInput: asJson(input) } });
    const { before, after, features } = await judgeVersion(tx, version, input, "measurement");
    await tx.leakageMeasurement.update({ where: { id }, data: { before, after } });
    await recordEvent(tx, systemScope(version.model.workspace), {
      action: "model.measured",
      object: `model/${version.model.name}`,
      before: { version: version.version, verdict: before },
      after: {
        version: version.version,
        verdict: after,
        features,
        found: findings.map(({ text }) => text),
        requestedBy: row.requestedBy,
      },
    });
  });
}

/** What was counted by one method is replaced by what was counted by it now. */
function withMeasurements(input: LeakageInput, findings: readonly MeasuredFit[]): LeakageInput {
  const found = findings.flatMap(({ measurement }) => (measurement ? [measurement] : []));
  const keyOf = ({ estimator, method }: Measurement) => `${method} ${estimator}`;
  const replaced = new Set(found.map(keyOf));
  return { ...input, measurements: [...input.measurements.filter((one) => !replaced.has(keyOf(one))), ...found] };
}
