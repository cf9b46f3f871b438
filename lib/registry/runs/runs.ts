import { prisma } from "@/lib/db/client";
import type { Prisma, Run as RunRow } from "@/lib/db/generated/client";
import { type ListRunsQuery, type Run, type RunLogLine, type RunSummary } from "@/lib/contracts/runs";
import { parseRunQuery, type RunQuery } from "@/lib/domain/runs/run-query";
import { hasEnded, type RunState } from "@/lib/domain/runs/run-states";
import type { ObjectKind } from "@/lib/contracts/definitions";
import { DomainError } from "@/lib/domain/errors";
import { describeRecordedRows } from "@/lib/domain/leakage/describe-row-set";
import type { PromisedReuse } from "@/lib/domain/plans/promised-reuse";
import { assertCan, can, type Verb } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { loadPolicies } from "../catalogue/split-policies";
import { findEarlierFits, loadRunGraph } from "./graph";
import { figureIn, figuresOf, loadParams, type ParamsOfStages, sortRuns, whereFigure } from "./run-figures";
import { numberOf } from "../paging";
import { openScopeFor, type Scope, scopeIn } from "../scope";
import { mlflowStateOfRun } from "../models/mlflow-state";
import { whereKept } from "../models/where-kept";
import { worstVerdict } from "../models/verdicts";
import { anyParamsOf, crossValidationOf, rowSetOf, runEnvironmentOf, searchResultOf, seedsOfRun } from "../stored-json";

const iso = (at: Date | null) => at?.toISOString() ?? null;

const SUMMARY = {
  variant: { include: { pipeline: { select: { name: true } } } },
  stages: { select: { reused: true } },
  job: { select: { kind: true, deployment: { select: { name: true } } } },
  modelVersions: { select: { version: true, model: { select: { name: true } } } },
} as const satisfies Prisma.RunInclude;
type SummaryRow = Prisma.RunGetPayload<{ include: typeof SUMMARY }>;

/** A run by its id, when the principal has the verb in its workspace. Throws `not_found` otherwise. */
export async function openRun(principal: Principal, runId: string, verb: Verb): Promise<{ scope: Scope; run: RunRow }> {
  const found = await prisma().run.findUnique({
    where: { id: runId },
    include: { workspace: { select: { id: true, name: true } } },
  });
  const scope = scopeIn(principal, found?.workspace, "run with this id");
  if (!found) throw new DomainError("not_found", "There is no run with this id.");
  assertCan(scope.actor, verb);
  return { scope, run: found };
}

/** Throws `invalid`, naming what is wrong, for comparisons and figures that no run has. */
export async function listRuns(
  principal: Principal,
  query: ListRunsQuery,
): Promise<{ items: RunSummary[]; total: number; nextCursor: string | null }> {
  const scope = await openScopeFor(principal, query.workspace, "workspace:read");
  const asked = parseRunQuery(query.q ?? "", query.sort);
  const { issues } = asked;
  if (issues.length > 0) throw new DomainError("invalid", issues.map(({ message }) => message).join(" "), { issues });
  const params = await loadParams(scope.workspace.id, asked);
  const where: Prisma.RunWhereInput = {
    workspaceId: scope.workspace.id,
    ...(query.state && { state: query.state }),
    ...(query.kind && { kind: query.kind }),
    ...((query.deployment || query.job) && {
      job: {
        ...(query.job && { kind: query.job }),
        ...(query.deployment && { deployment: { name: query.deployment } }),
      },
    }),
    ...(query.pipeline && { variant: { pipeline: { name: query.pipeline } } }),
    AND: [...asked.words.map(whereWord), ...asked.comparisons.map((one) => whereFigure(one, params))],
  };
  const { rows, total, nextCursor } = asked.sort
    ? await sortedPage(where, scope.workspace.id, asked.sort, params, query)
    : await newestPage(where, query);
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  const shown = figuresOf(asked);
  return {
    items: rows.map((row) => ({
      ...toSummary(row, nameOf),
      figures: Object.fromEntries(
        shown.flatMap((figure) => {
          const value = figureIn(row, figure, params);
          return value === undefined ? [] : [[figure.name, value]];
        }),
      ),
    })),
    total,
    nextCursor,
  };
}

function whereWord(word: string): Prisma.RunWhereInput {
  return {
    OR: [
      { title: { contains: word, mode: "insensitive" } },
      ...(/^#?\d{1,9}$/.test(word) ? [{ number: Number(word.replace("#", "")) }] : []),
    ],
  };
}

interface RunPage {
  rows: SummaryRow[];
  total: number;
  nextCursor: string | null;
}

/** The cursor is the number of the last run that was seen. */
async function newestPage(where: Prisma.RunWhereInput, { cursor, limit }: ListRunsQuery): Promise<RunPage> {
  const before = numberOf(cursor);
  const page = before === undefined ? where : { AND: [where, { number: { lt: before } }] };
  const total = await prisma().run.count({ where });
  const rows = await prisma().run.findMany({
    where: page,
    include: SUMMARY,
    orderBy: { number: "desc" },
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  return { rows: shown, total, nextCursor: rows.length > limit ? String(shown.at(-1)?.number) : null };
}

/** The cursor is how many runs were seen. */
async function sortedPage(
  where: Prisma.RunWhereInput,
  workspaceId: string,
  sort: NonNullable<RunQuery["sort"]>,
  params: ParamsOfStages,
  { cursor, limit }: ListRunsQuery,
): Promise<RunPage> {
  const ids = await sortRuns(where, workspaceId, sort, params);
  const skip = numberOf(cursor) ?? 0;
  const page = ids.slice(skip, skip + limit);
  const rows = await prisma().run.findMany({ where: { id: { in: page } }, include: SUMMARY });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    rows: page.flatMap((id) => byId.get(id) ?? []),
    total: ids.length,
    nextCursor: skip + page.length < ids.length ? String(skip + page.length) : null,
  };
}

function toSummary(row: SummaryRow, nameOf: (id: string) => string): RunSummary {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    deployment: row.job?.deployment.name ?? null,
    job: row.job?.kind ?? null,
    window: windowOf(row.params),
    title: row.title,
    pipeline: row.variant?.pipeline.name ?? null,
    state: row.state as RunState,
    progress: row.progress,
    message: row.message,
    createdAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    createdBy: nameOf(row.createdBy),
    rows: row.rows === null ? null : Number(row.rows),
    stages: row.stages.length,
    reused: row.stages.filter((stage) => stage.reused).length,
    metrics: row.metrics as RunSummary["metrics"],
    figures: {},
    model: row.modelVersions[0]
      ? { name: row.modelVersions[0].model.name, version: row.modelVersions[0].version }
      : null,
  };
}

function windowOf(params: Prisma.JsonValue): RunSummary["window"] {
  const { window } = anyParamsOf({ params });
  return window ? { from: window[0], to: window[1] } : null;
}

/** When the run last changed, in one cheap query: what a watcher asks again and again. */
export async function runRevision(runId: string): Promise<{ updatedAt: Date; state: RunState } | null> {
  const row = await prisma().run.findUnique({ where: { id: runId }, select: { updatedAt: true, state: true } });
  return row && { updatedAt: row.updatedAt, state: row.state as RunState };
}

export async function getRun(principal: Principal, runId: string): Promise<Run> {
  const { scope } = await openRun(principal, runId, "workspace:read");
  const row = await prisma().run.findUniqueOrThrow({
    where: { id: runId },
    include: {
      ...SUMMARY,
      stages: { orderBy: { position: "asc" } },
      inputs: { include: { datasetVersion: true } },
      outputs: true,
      fits: { include: { stageVersion: { include: { stage: { select: { name: true } } } } } },
      values: {
        include: {
          featureVersion: {
            include: {
              feature: { select: { name: true } },
              stageVersion: { include: { stage: { select: { name: true } } } },
            },
          },
        },
      },
      modelVersions: { include: { model: { select: { name: true } }, verdicts: true } },
      materialisations: { include: { view: { select: { name: true } } }, orderBy: { createdAt: "asc" } },
      definitions: { select: { definitionVersion: { select: { kind: true, name: true, version: true } } } },
      scoredWith: { select: { version: true, model: { select: { name: true } } } },
      backfillChunk: {
        select: { position: true, backfill: { select: { id: true, _count: { select: { chunks: true } } } } },
      },
    },
  });
  const nameOf = await actorNames([row.createdBy]);
  const retried = row.retryOfId
    ? await prisma().run.findUnique({ where: { id: row.retryOfId }, select: { id: true, number: true } })
    : null;
  const choice = (row.variant?.choice ?? anyParamsOf(row).choice ?? {}) as Record<string, string>;
  const facts = await loadRunGraph(row, choice, row.stages);
  const earlier = await findEarlierFits(scope.workspace.id, row.number, row.stages, facts);
  const policies = await loadPolicies(scope.workspace.id);
  const state = row.state as RunState;
  const { roles } = scope.actor;
  return {
    ...toSummary(row, nameOf),
    outputs: row.outputs.map(toDataset).sort(byDataset),
    inputs: row.inputs.map((input) => toDataset(input.datasetVersion)).sort(byDataset),
    stageList: row.stages.map((stage) => ({
      instance: stage.instance,
      stage: stage.stage,
      operator: facts.get(stage.instance)?.operator ?? "",
      kind: facts.get(stage.instance)?.kind ?? "transformer",
      reads: facts.get(stage.instance)?.reads ?? [],
      saved:
        stage.savedSeconds === null
          ? null
          : {
              seconds: stage.savedSeconds,
              run: earlier.get(stage.instance)?.run ?? null,
              runId: earlier.get(stage.instance)?.runId ?? null,
            },
      state: stage.state as Run["stageList"][number]["state"],
      rows: stage.rows === null ? null : Number(stage.rows),
      seconds: stage.seconds,
      reused: stage.reused,
      promised: toPromised(stage.promised),
      reason: stage.reason,
    })),
    pins: (row.params as { pins?: Record<string, string> }).pins ?? {},
    choice,
    versionAsOf: anyParamsOf(row).versionAsOf ?? {},
    scoredWith: row.scoredWith && { model: row.scoredWith.model.name, version: row.scoredWith.version },
    backfill: row.backfillChunk && {
      id: row.backfillChunk.backfill.id,
      chunk: row.backfillChunk.position + 1,
      chunks: row.backfillChunk.backfill._count.chunks,
    },
    definitions: row.definitions
      .map(({ definitionVersion: { kind, name, version } }) => ({ kind: kind as ObjectKind, name, version }))
      .sort((one, other) => one.kind.localeCompare(other.kind) || one.name.localeCompare(other.name)),
    crossValidation: row.crossValidation === null ? null : crossValidationOf(row.crossValidation),
    search: row.search === null ? null : searchResultOf(row.search),
    fits: row.fits.map((fit) => ({
      stage: fit.stageVersion.stage.name,
      class: fit.class,
      rows: Number(fit.rows),
      seconds: fit.seconds,
      rowSet: describeRecordedRows(fit.rowSet === null ? null : rowSetOf(fit.rowSet), { policies }),
      where: whereKept(fit, fit),
    })),
    featureVersions: row.values
      .map(({ featureVersion: version }) => ({
        feature: version.feature.name,
        version: version.version,
        stage: version.stageVersion?.stage.name ?? version.source,
        created: row.finishedAt !== null && version.createdAt.getTime() >= (row.startedAt?.getTime() ?? Infinity),
      }))
      .sort((one, other) => (one.feature < other.feature ? -1 : 1)),
    modelVersions: row.modelVersions.map((version) => {
      const { verdict, sentence } = worstVerdict(version.verdicts);
      return { model: version.model.name, version: version.version, verdict, sentence };
    }),
    materialisations: row.materialisations.map((set) => ({
      view: set.view.name,
      rows: Number(set.rows),
      at: set.createdAt.toISOString(),
    })),
    attempt: row.attempt,
    retryOf: retried,
    engine: row.engine,
    environment: row.environment === null ? null : { ...NOT_RECORDED, ...runEnvironmentOf(row.environment) },
    seeds: row.seeds === null ? null : seedsOfRun(row.seeds),
    mlflow: await mlflowStateOfRun(row),
    error: toError(row.error),
    actions: [
      ...(!hasEnded(state) && !row.cancelRequestedAt && can(roles, "run:cancel") ? (["cancel"] as const) : []),
      ...((state === "failed" || state === "canceled") && can(roles, "run:start") ? (["retry"] as const) : []),
      ...(state === "succeeded" && can(roles, "run:start") ? (["reproduce"] as const) : []),
    ],
  };
}

/** What runs from before something was recorded say of it. */
const NOT_RECORDED: NonNullable<Run["environment"]> = {
  tributary: null,
  commit: null,
  dirty: null,
  lockfile: null,
  engine: null,
  node: null,
  platform: null,
  processors: null,
  memoryBytes: null,
  threads: null,
  engineMemory: null,
};

function toPromised(promised: unknown): Run["stageList"][number]["promised"] {
  if (promised === null) return null;
  const { kind, run } = promised as PromisedReuse;
  return { kind, run };
}

function toError(error: unknown): Run["error"] {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  return message === undefined ? null : { code: code ?? "unexpected", message };
}

function byDataset(one: { dataset: string }, other: { dataset: string }): number {
  return one.dataset < other.dataset ? -1 : 1;
}

function toDataset(row: Prisma.DatasetVersionGetPayload<object>): Run["inputs"][number] {
  return {
    dataset: row.dataset,
    version: row.version,
    rows: Number(row.rows),
    bytes: (row.files as { bytes: number }[]).reduce((sum, file) => sum + file.bytes, 0),
    digest: row.digest,
    timeFrom: iso(row.timeFrom),
    timeTo: iso(row.timeTo),
  };
}

export async function listRunLogs(
  principal: Principal,
  runId: string,
  query: { cursor?: string; limit: number },
): Promise<{ items: RunLogLine[]; total: number; nextCursor: string | null }> {
  await openRun(principal, runId, "workspace:read");
  const where = { runId, ...(query.cursor && { id: { gt: BigInt(query.cursor) } }) };
  const total = await prisma().runLog.count({ where: { runId } });
  const rows = await prisma().runLog.findMany({ where, orderBy: { id: "asc" }, take: query.limit + 1 });
  const items = rows.slice(0, query.limit);
  return {
    items: items.map((row) => ({
      id: String(row.id),
      at: row.at.toISOString(),
      level: row.level as RunLogLine["level"],
      message: row.message,
    })),
    total,
    nextCursor: rows.length > query.limit ? String(items[items.length - 1]?.id) : null,
  };
}
