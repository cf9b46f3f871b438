import { OWN_ENGINE } from "@/lib/domain/definitions/engine-name";
import { JOB_KINDS, type JobKind } from "@/lib/domain/runs/job-kinds";
import type {
  DeploymentDetail,
  DeploymentJob,
  DeploymentList,
  DeploymentState,
  DeploymentSummary,
  ListDeploymentsQuery,
} from "@/lib/contracts/deployments";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { can } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { describedEntry, searchList } from "@/lib/domain/search/search-list";
import { BACKFILL, toBackfill } from "./backfill-row";
import { estimatorsOf, type Known, loadKnown, modelVersionsOf, savedBy } from "./facts";
import { aliasOf, openDeployment, RUN, type RunRow, toDeploymentRun } from "./row";
import { watchedBy } from "./new-data";
import { upcomingTimes } from "@/lib/domain/schedule/schedule";
import { pageOf, type PageQuery } from "../paging";
import { openScopeFor } from "../scope";
import { whatJobsServe } from "./serves";
import { paramsOf } from "../stored-json";

const RUNS_SHOWN = 10;
const BACKFILLS_SHOWN = 10;
const UPCOMING = 3;

/** Runs of a job that nobody asked a back-fill for. */
const OWN_RUNS = { backfillChunk: null } as const satisfies Prisma.RunWhereInput;

const SUMMARY = {
  variant: { select: { choice: true, stages: true, pipeline: { select: { name: true, outputs: true } } } },
  jobs: { include: { runs: { where: OWN_RUNS, include: RUN, orderBy: { createdAt: "desc" }, take: 1 } } },
} as const satisfies Prisma.DeploymentInclude;
type SummaryRow = Prisma.DeploymentGetPayload<{ include: typeof SUMMARY }>;

export async function listDeployments(principal: Principal, query: ListDeploymentsQuery): Promise<DeploymentList> {
  const scope = await openScopeFor(principal, query.workspace, "workspace:read");
  const where: Prisma.DeploymentWhereInput = {
    workspaceId: scope.workspace.id,
    ...(query.state === "live" && { state: { not: "retired" } }),
    ...(query.state !== "live" && query.state !== "all" && { state: query.state }),
    ...(query.pipeline && { variant: { pipeline: { name: query.pipeline } } }),
  };
  const { rows, ...page } = query.q ? await foundPage(where, query.q, query) : await namedPage(where, query);
  const known = await loadKnown(scope, rows);
  return { items: rows.map((row) => toSummary(row, known)), ...page };
}

interface DeploymentPage {
  rows: SummaryRow[];
  total: number;
  nextCursor: string | null;
}

/** A page by name, after the name that the cursor is. */
async function namedPage(where: Prisma.DeploymentWhereInput, { limit, cursor }: PageQuery): Promise<DeploymentPage> {
  const total = await prisma().deployment.count({ where });
  const rows = await prisma().deployment.findMany({
    where: cursor === undefined ? where : { AND: [where, { name: { gt: cursor } }] },
    include: SUMMARY,
    orderBy: { name: "asc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return { rows: page, total, nextCursor: rows.length > limit ? (page.at(-1)?.name ?? null) : null };
}

/** A page of those that have every word, the best first. */
async function foundPage(where: Prisma.DeploymentWhereInput, q: string, query: PageQuery): Promise<DeploymentPage> {
  const all = await prisma().deployment.findMany({
    where,
    select: { id: true, name: true, description: true },
    orderBy: { name: "asc" },
  });
  const { items, ...page } = pageOf(searchList(all, q, describedEntry), query);
  const place = new Map(items.map(({ id }, at) => [id, at]));
  const rows = await prisma().deployment.findMany({ where: { id: { in: [...place.keys()] } }, include: SUMMARY });
  return { rows: rows.sort((one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0)), ...page };
}

/** One deployment with everything that its page shows. Throws `not_found`. */
export async function getDeployment(principal: Principal, workspace: string, name: string): Promise<DeploymentDetail> {
  const { scope, deployment } = await openDeployment(principal, workspace, name, "workspace:read");
  const row = await prisma().deployment.findUniqueOrThrow({
    where: { id: deployment.id },
    include: {
      variant: SUMMARY.variant,
      jobs: {
        include: {
          runs: { where: OWN_RUNS, include: RUN, orderBy: { createdAt: "desc" }, take: RUNS_SHOWN },
          backfills: { include: BACKFILL, orderBy: { createdAt: "desc" }, take: BACKFILLS_SHOWN },
        },
      },
      arms: { include: { abTest: { select: { name: true, state: true } } }, orderBy: { name: "asc" } },
    },
  });
  const known = await loadKnown(scope, [row]);
  const params = paramsOf(row);
  const summary = toSummary(row, known);
  const live = row.state !== "retired";
  const served = await whatJobsServe(row.jobs, row.model);
  const mayEdit = can(scope.actor.roles, "deployment:edit");
  const mayRun = can(scope.actor.roles, "run:start");
  return {
    ...summary,
    pins: params.pins,
    variant: params.variant,
    stages: row.variant.stages.flatMap((stage) => {
      const version = known.stages.get(params.stageVersions[stage] ?? "");
      return version ? [{ stage, ...version }] : [];
    }),
    jobs: JOB_KINDS.flatMap((kind) => {
      const job = row.jobs.find((one) => one.kind === kind);
      const short = summary.jobs.find((one) => one.kind === kind);
      if (!job || !short) return [];
      const alias = aliasOf(kind);
      const target = alias && known.aliases.get(row.model ?? "")?.find((one) => one.alias === alias);
      const full: DeploymentJob = {
        ...short,
        upcoming:
          job.schedule && live
            ? upcomingTimes(job.schedule, new Date(), UPCOMING).map((time) => time.toISOString())
            : [],
        alias,
        follows: target
          ? { version: target.version, since: target.updatedAt.toISOString(), by: known.nameOf(target.updatedBy) }
          : null,
        serves: served.get(job.id) ?? [],
        runs: job.runs.map((run) => toDeploymentRun(run, known.nameOf, estimatorsOf(row, known))),
        backfills: job.backfills.map((one) => toBackfill(one, kind, known.nameOf, { live, may: mayRun })),
      };
      return [full];
    }),
    modelVersions: await modelVersionsOf(scope, row.model, known),
    saved: await savedBy(row.id, estimatorsOf(row, known)),
    abTests: row.arms.map((arm) => ({ name: arm.abTest.name, arm: arm.name, state: arm.abTest.state })),
    actions: live
      ? [
          ...(mayEdit ? ([row.state === "active" ? "pause" : "resume", "retire", "edit"] as const) : []),
          ...(mayRun ? (["run"] as const) : []),
          ...(mayRun && row.state === "active" ? (["backfill"] as const) : []),
        ]
      : [],
  };
}

function toSummary(
  row: Omit<SummaryRow, "jobs"> & { jobs: (Omit<SummaryRow["jobs"][number], "runs"> & { runs: RunRow[] })[] },
  known: Known,
): DeploymentSummary {
  const named = (alias: string) =>
    known.aliases.get(row.model ?? "")?.find((one) => one.alias === alias)?.version ?? null;
  return {
    name: row.name,
    description: row.description,
    state: row.state as DeploymentState,
    pipeline: row.variant.pipeline.name,
    outputs: paramsOf(row).definition.outputs,
    engine: paramsOf(row).engine ?? OWN_ENGINE,
    choice: row.variant.choice as Record<string, string>,
    model: row.model,
    aliases: { staging: named("staging"), production: named("production") },
    jobs: JOB_KINDS.flatMap((kind: JobKind) => {
      const job = row.jobs.find((one) => one.kind === kind);
      if (!job) return [];
      const [last] = job.runs;
      return [
        {
          kind,
          schedule: job.schedule,
          nextRunAt: job.nextRunAt?.toISOString() ?? null,
          onNewData: job.onNewData ? watchedBy(job, known) : null,
          lastRun: last ? toDeploymentRun(last, known.nameOf, estimatorsOf(row, known)) : null,
        },
      ];
    }),
    createdAt: row.createdAt.toISOString(),
    createdBy: known.nameOf(row.createdBy),
  };
}
