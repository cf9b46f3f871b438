import type { DeploymentDetail } from "@/lib/contracts/deployments";
import { prisma } from "@/lib/db/client";
import { actorNames } from "../actor-names";
import type { Scope } from "../scope";
import { worstVerdict } from "../models/verdicts";
import { paramsOf } from "../stored-json";
import type { Prisma } from "@/lib/db/generated/client";

const VERSIONS_SHOWN = 20;

/** What the rows of deployments are read with, whichever they are. */
export interface Known {
  nameOf: (id: string) => string;
  /** Stage version → what it is. */
  stages: Map<string, { version: number; newest: number; operator: string; kind: "transformer" | "estimator" }>;
  /** Source → when it was read for new data, of those that some job waits for. */
  watches: Map<string, { readAt: Date | null; error: string | null }>;
  /** Model → its aliases. */
  aliases: Map<string, { alias: string; version: number; updatedAt: Date; updatedBy: string }[]>;
}

interface Loaded {
  model: string | null;
  params: Prisma.JsonValue;
  createdBy: string;
  jobs: { onNewData: boolean; runs: { createdBy: string }[]; backfills?: { createdBy: string }[] }[];
}

/** Names, stage versions and aliases that the rows speak of, in three queries. */
export async function loadKnown(scope: Scope, rows: readonly Loaded[]): Promise<Known> {
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
  const watches = rows.some(({ jobs }) => jobs.some(({ onNewData }) => onNewData))
    ? await prisma().sourceWatch.findMany({
        where: { source: { workspaceId: scope.workspace.id } },
        select: { readAt: true, error: true, source: { select: { name: true } } },
      })
    : [];
  const aliases = models.flatMap((model) => model.aliases);
  const people = rows.flatMap((row) => [
    row.createdBy,
    ...row.jobs.flatMap((job) => [...job.runs, ...(job.backfills ?? [])].map((one) => one.createdBy)),
  ]);
  return {
    watches: new Map(watches.map(({ source, ...watch }) => [source.name, watch])),
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
export function estimatorsOf(row: { params: Prisma.JsonValue }, known: Known): Set<string> {
  const versions = Object.entries(paramsOf(row).stageVersions);
  return new Set(versions.flatMap(([stage, id]) => (known.stages.get(id)?.kind === "estimator" ? [stage] : [])));
}

/** The newest versions of a deployment's model, newest first. */
export async function modelVersionsOf(
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
    runNumber: row.run?.number ?? null,
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
export async function savedBy(
  deploymentId: string,
  estimators: ReadonlySet<string>,
): Promise<DeploymentDetail["saved"]> {
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
