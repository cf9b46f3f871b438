/** Model versions judged again: asked for, carried out by a job, read. */
import type { NewVersionEvaluation, VersionEvaluation } from "@/lib/contracts/evaluations";
import type { ModelEvaluation } from "@/lib/contracts/models";
import { prisma } from "@/lib/db/client";
import type { Prisma, VersionEvaluation as Row } from "@/lib/db/generated/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import { describeRowSet } from "@/lib/domain/leakage/describe-row-set";
import { judgeEachFeature } from "@/lib/domain/leakage/judge-each-feature";
import type { LeakageInput, RowSet } from "@/lib/domain/leakage/types";
import { describeRequest, isOnOtherRows } from "@/lib/domain/outcomes/evaluation-request";
import type { Principal } from "@/lib/domain/principal";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { actorNames } from "../actor-names";
import { pageOf, type PageQuery } from "../paging";
import { recordEvent } from "../record-event";
import { openScopeFor, type Scope, systemScope } from "../scope";
import { asJson, evaluationRequestOf, leakageInputOf } from "../stored-json";
import { contextOfVersion, resolveRequest } from "./evaluable-version";
import { withTestUse } from "../models/test-use";
import { worstVerdict } from "../models/verdicts";
import { visibleEvaluations } from "../models/visible-evaluations";

interface VersionName {
  workspace: string;
  name: string;
  version: number;
}

const EVALUATED = {
  run: true,
  model: { select: { name: true, workspace: { select: { id: true, name: true } } } },
  verdicts: { select: { featureVersionId: true } },
} as const satisfies Prisma.ModelVersionInclude;

async function findVersion(scope: Scope, { name, version }: VersionName) {
  const row = await prisma().modelVersion.findFirst({
    where: { version, model: { name, workspaceId: scope.workspace.id } },
    include: EVALUATED,
  });
  if (!row)
    throw new DomainError("not_found", `There is no version ${version} of a model ${name} in ${scope.workspace.name}.`);
  return row;
}

/**
 * Asks for a version to be judged again. Throws `not_found` without such a version, `conflict` for one that cannot score here, and
 * `invalid`, by name, for features, versions of the data, parts and windows that it cannot be judged on.
 */
export async function evaluateModelVersion(
  principal: Principal,
  named: VersionName,
  body: NewVersionEvaluation,
): Promise<VersionEvaluation> {
  const scope = await openScopeFor(principal, named.workspace, "run:start");
  const version = await findVersion(scope, named);
  const request = await resolveRequest(await contextOfVersion(version), body);
  await openQueue();
  const row = await prisma().$transaction(async (tx) => {
    const created = await tx.versionEvaluation.create({
      data: {
        modelVersionId: version.id,
        request: asJson(request),
        message: "Waiting for a worker.",
        requestedBy: scope.actor.id,
      },
    });
    await enqueue(tx, "evaluate-version", { evaluationId: created.id });
    await recordEvent(tx, scope, {
      action: "model.evaluate",
      object: `model/${named.name}`,
      after: { version: named.version, ...request },
    });
    return created;
  });
  return toEvaluation(scope, row);
}

/** Evaluations of a version, the newest first. */
export async function listVersionEvaluations(
  principal: Principal,
  { limit, cursor, ...named }: VersionName & PageQuery,
) {
  const scope = await openScopeFor(principal, named.workspace, "workspace:read");
  const { id } = await findVersion(scope, named);
  const rows = await prisma().versionEvaluation.findMany({
    where: { modelVersionId: id },
    orderBy: { createdAt: "desc" },
  });
  const page = pageOf(rows, { limit, cursor });
  return { ...page, items: await Promise.all(page.items.map((row) => toEvaluation(scope, row))) };
}

async function toEvaluation(scope: Scope, row: Row): Promise<VersionEvaluation> {
  const request = evaluationRequestOf(row.request);
  const nameOf = await actorNames([row.requestedBy]);
  const input = row.leakageInput === null ? null : leakageInputOf(row.leakageInput);
  const [visible] = await visibleEvaluations(scope, [
    { label: input?.consumer.label ?? null, evaluation: row.evaluation as ModelEvaluation | null },
  ]);
  return {
    id: row.id,
    state: row.state as VersionEvaluation["state"],
    progress: row.progress,
    message: row.message,
    about: describeRequest(request),
    slices: request.slices,
    isOnOtherRows: isOnOtherRows(request),
    datasets: (row.datasets ?? {}) as Record<string, number>,
    testedOn: input && describeRowSet(input.consumer.test, input),
    metrics: row.metrics as VersionEvaluation["metrics"],
    evaluation: visible?.evaluation ?? null,
    verdict: row.verdict as VersionEvaluation["verdict"],
    sentence: row.sentence,
    error: row.error,
    requestedBy: nameOf(row.requestedBy),
    requestedAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** Begins one, or begins it again for a worker that died. Null when it has ended. */
export async function beginVersionEvaluation(id: string) {
  const [row] = await prisma().versionEvaluation.updateManyAndReturn({
    where: { id, state: { in: ["queued", "running", "failed"] } },
    data: { state: "running", progress: 0, message: "Looking for what it reads.", error: null, finishedAt: null },
  });
  if (!row) return null;
  const version = await prisma().modelVersion.findUniqueOrThrow({
    where: { id: row.modelVersionId },
    include: EVALUATED,
  });
  return { request: evaluationRequestOf(row.request), requestedBy: row.requestedBy, version };
}

export type BegunEvaluation = NonNullable<Awaited<ReturnType<typeof beginVersionEvaluation>>>;

export async function sayVersionEvaluation(id: string, progress: number, message: string): Promise<void> {
  await prisma().versionEvaluation.updateMany({ where: { id, state: "running" }, data: { progress, message } });
}

/** The data that it needs are gone: it ends, and says which. */
export async function expireVersionEvaluation(id: string, reason: string): Promise<void> {
  await prisma().versionEvaluation.updateMany({
    where: { id, state: "running" },
    data: { state: "expired", error: reason, message: reason, finishedAt: new Date() },
  });
}

/** One that could not be carried out says why; a later attempt of its job begins again. */
export async function recordVersionEvaluationFailure(id: string, reason: string): Promise<void> {
  await prisma().versionEvaluation.updateMany({
    where: { id, state: { in: ["queued", "running"] } },
    data: { state: "failed", error: reason, message: reason, finishedAt: new Date() },
  });
}

export interface EvaluatedVersion {
  result: Pick<VariantResult, "metrics" | "evaluation">;
  datasets: Record<string, number>;
  input: LeakageInput;
}

/** Writes what was found, with its verdict, and in the ledger that these rows were tested on. */
export async function finishVersionEvaluation(
  id: string,
  { version, requestedBy }: BegunEvaluation,
  { result, datasets, input: counted }: EvaluatedVersion,
): Promise<void> {
  const { workspace, name } = version.model;
  await prisma().$transaction(async (tx) => {
    const { input, testRows } = await withTestUse(tx, workspace.id, counted);
    const { verdict, severity, sentence } = worstVerdict(judgeEachFeature(input));
    const [moved] = await tx.versionEvaluation.updateManyAndReturn({
      where: { id, state: "running" },
      data: {
        state: "done",
        progress: 1,
        message: "Done.",
        metrics: result.metrics,
        ...(result.evaluation && { evaluation: asJson(result.evaluation) }),
        datasets,
        leakageInput: asJson(input),
        testRows,
        verdict,
        severity,
        sentence,
        finishedAt: new Date(),
      },
    });
    if (!moved) return;
    const use = (rowSet: RowSet, rows: number) => ({ rowSet: asJson(rowSet), rows: BigInt(rows) });
    await tx.usage.createMany({
      data: version.verdicts.map(({ featureVersionId }) => ({
        ...use(input.consumer.test, result.metrics.test?.rows ?? 0),
        workspaceId: workspace.id,
        featureVersionId,
        evaluationId: id,
        consumer: name,
        role: "test",
        mode: "applied",
        actor: requestedBy,
      })),
    });
    await recordEvent(tx, systemScope(workspace), {
      action: "model.evaluated",
      object: `model/${name}`,
      after: { version: version.version, verdict, rows: result.metrics.test?.rows ?? 0, requestedBy },
    });
  });
}
