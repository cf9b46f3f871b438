import {
  type DeploymentDetail,
  type DeploymentJob,
  type DeploymentList,
  type DeploymentState,
  type DeploymentSummary,
  JOB_KINDS,
  type JobKind,
  type ListDeploymentsQuery,
} from "@/lib/contracts/deployments";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { can } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "./actor-names";
import { BACKFILL, toBackfill } from "./backfill-row";
import { aliasOf, openDeployment, paramsOf, RUN, type RunRow, toDeploymentRun } from "./deployment-row";
import { upcomingTimes } from "./deployment-schedule";
import { openScopeFor, type Scope } from "./scope";
import { worstVerdict } from "./verdicts";

const RUNS_SHOWN = 10;
const BACKFILLS_SHOWN = 10;
const VERSIONS_SHOWN = 20;
const UPCOMING = 3;

/** Runs of a job that nobody asked a back-fill for. */
const OWN_RUNS = { backfillChunk: null } as const satisfies Prisma.RunWhereInput;

const SUMMARY = {
  variant: { select: { choice: true, stages: true, pipeline: { select: { name: true, outputs: true } } } },
  jobs: { include: { runs: { where: OWN_RUNS, include: RUN, orderBy: { createdAt: "desc" }, take: 1 } } },
} as const satisfies Prisma.DeploymentInclude;
type SummaryRow = Prisma.DeploymentGetPayload<{ include: typeof SUMMARY }>;

/** What the rows of deployments are read with, whichever they are. */
interface Known {
  nameOf: (id: string) => string;
  /** Stage version → what it is. */
  stages: Map<string, { version: number; newest: number; operator: string; kind: "transformer" | "estimator" }>;
  /** Model → its aliases. */
  aliases: Map<string, { alias: string; version: number; updatedAt: Date; updatedBy: string }[]>;
}

export async function listDeployments(principal: Principal, query: ListDeploymentsQuery): Promise<DeploymentList> {
  const scope = await openScopeFor(principal, query.workspace, "workspace:read");
  const where: Prisma.DeploymentWhereInput = {
    workspaceId: scope.workspace.id,
    ...(query.state === "live" && { state: { not: "retired" } }),
    ...(query.state !== "live" && query.state !== "all" && { state: query.state }),
    ...(query.pipeline && { variant: { pipeline: { name: query.pipeline } } }),
    ...(query.q && {
      OR: [
        { name: { contains: query.q, mode: "insensitive" } },
        { description: { contains: query.q, mode: "insensitive" } },
      ],
    }),
  };
  const total = await prisma().deployment.count({ where });
  const rows = await prisma().deployment.findMany({
    where: query.cursor === undefined ? where : { AND: [where, { name: { gt: query.cursor } }] },
    include: SUMMARY,
    orderBy: { name: "asc" },
    take: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const known = await loadKnown(scope, page);
  return {
    items: page.map((row) => toSummary(row, known)),
    total,
    nextCursor: rows.length > query.limit ? (page.at(-1)?.name ?? null) : null,
  };
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

type Loaded = Pick<SummaryRow, "model" | "params" | "createdBy"> & {
  jobs: { runs: { createdBy: string }[]; backfills?: { createdBy: string }[] }[];
};

async function loadKnown(scope: Scope, rows: readonly Loaded[]): Promise<Known> {
  const models = await prisma().model.findMany({
    where: { workspaceId: scope.workspace.id, name: { in: rows.flatMap((row) => row.model ?? []) } },
    select: {
      name: true,
      aliases: {
        select: { alias: true, updatedAt: true, updatedBy: true, modelVersion: { select: { version: true } } },
      },
    },
  });
  const versions = await prisma().stageVersion.findMany({
    where: { id: { in: rows.flatMap((row) => Object.values(paramsOf(row).stageVersions)) } },
    select: { id: true, version: true, operator: true, kind: true, stage: { select: { version: true } } },
  });
  const aliases = models.flatMap((model) => model.aliases);
  const people = rows.flatMap((row) => [
    row.createdBy,
    ...row.jobs.flatMap((job) => [...job.runs, ...(job.backfills ?? [])].map((one) => one.createdBy)),
  ]);
  return {
    nameOf: await actorNames([...people, ...aliases.map((one) => one.updatedBy)]),
    stages: new Map(
      versions.map((row) => [
        row.id,
        {
          version: row.version,
          newest: row.stage.version,
          operator: row.operator,
          kind: row.kind === "estimator" ? ("estimator" as const) : ("transformer" as const),
        },
      ]),
    ),
    aliases: new Map(
      models.map((model) => [
        model.name,
        model.aliases.map(({ modelVersion, ...alias }) => ({ ...alias, version: modelVersion.version })),
      ]),
    ),
  };
}

/** Names of the deployment's stages that are fitted. */
function estimatorsOf(row: Pick<SummaryRow, "params">, known: Known): Set<string> {
  const versions = Object.entries(paramsOf(row).stageVersions);
  return new Set(versions.flatMap(([stage, id]) => (known.stages.get(id)?.kind === "estimator" ? [stage] : [])));
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
          lastRun: last ? toDeploymentRun(last, known.nameOf, estimatorsOf(row, known)) : null,
        },
      ];
    }),
    createdAt: row.createdAt.toISOString(),
    createdBy: known.nameOf(row.createdBy),
  };
}

async function modelVersionsOf(
  scope: Scope,
  model: string | null,
  known: Known,
): Promise<DeploymentDetail["modelVersions"]> {
  if (model === null) return [];
  const rows = await prisma().modelVersion.findMany({
    where: { model: { workspaceId: scope.workspace.id, name: model } },
    orderBy: { version: "desc" },
    take: VERSIONS_SHOWN,
    include: { run: { select: { number: true } }, verdicts: true },
  });
  const aliases = known.aliases.get(model) ?? [];
  return rows.map((row) => ({
    version: row.version,
    runId: row.runId,
    runNumber: row.run.number,
    createdAt: row.createdAt.toISOString(),
    metrics: row.metrics as Record<string, Record<string, number>>,
    aliases: aliases
      .filter((one) => one.version === row.version)
      .map((one) => one.alias as "staging" | "production")
      .sort(),
    verdict: worstVerdict(row.verdicts).verdict,
  }));
}

/** Fits that all fit runs of the deployment used again, and what they took when they were made. */
async function savedBy(deploymentId: string, estimators: ReadonlySet<string>): Promise<DeploymentDetail["saved"]> {
  const saved = await prisma().runStage.aggregate({
    where: {
      reused: true,
      stage: { in: [...estimators] },
      run: { state: "succeeded", job: { deploymentId, kind: "fit" } },
    },
    _count: true,
    _sum: { savedSeconds: true },
  });
  return { fits: saved._count, seconds: saved._sum.savedSeconds ?? 0 };
}
