import { prisma } from "@/lib/db/client";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { definitionsOfRun } from "../definitions/pins";
import { anyParamsOf, definitionOf } from "../stored-json";
import type { Prisma } from "@/lib/db/generated/client";

/** A stage of a run, as its graph and its table show it. */
export interface RunStageFacts {
  operator: string;
  kind: "transformer" | "estimator";
  /** Keys of the instances that it reads, and `source:NAME` for sources. */
  reads: string[];
  versionId: string;
}

/**
 * Instance key → what the stage is and reads, for the instances of one variant: from the stage versions that the run was
 * planned with, so that it says what was run and not what would be run now.
 */
export async function loadRunGraph(
  { params, ...run }: { id: string; workspaceId: string; params: Prisma.JsonValue },
  choice: Record<string, string>,
  instances: readonly { instance: string; stage: string }[],
): Promise<Map<string, RunStageFacts>> {
  const { stageVersions = {} } = anyParamsOf({ params });
  const versions = await prisma().stageVersion.findMany({
    where: { id: { in: Object.values(stageVersions) } },
    include: { stage: { select: { name: true } } },
  });
  const sources = await definitionsOfRun(run, "Source");
  const byStage = new Map(versions.map((version) => [version.stage.name, version]));
  const keyOf = new Map(instances.map(({ instance, stage }) => [stage, instance]));
  const writers = writersOf(
    versions.map(({ stage, definition }) => ({
      stage: stage.name,
      definition: definitionOf("Stage", { definition }),
    })),
    choice,
  );
  const sourceOf = new Map<string, string>(
    [...sources.values()].flatMap(({ name, entity, columns }) =>
      columns.map((column) => [`${entity}.${column.name}`, name] as const),
    ),
  );
  return new Map(
    instances.flatMap(({ instance, stage }): [string, RunStageFacts][] => {
      const version = byStage.get(stage);
      if (!version) return [];
      const { inputs, fitInputs = [] } = definitionOf("Stage", version);
      const reads = [...inputs, ...fitInputs].flatMap((column) => {
        const writer = writers.get(column);
        const key = writer === undefined || writer === stage ? undefined : keyOf.get(writer);
        const source = sourceOf.get(column);
        return key !== undefined ? [key] : source !== undefined ? [`source:${source}`] : [];
      });
      const kind = version.kind === "estimator" ? "estimator" : "transformer";
      return [[instance, { operator: version.operator, kind, reads: [...new Set(reads)], versionId: version.id }]];
    }),
  );
}

/** `entity.column` → the stage that writes it in the variant. */
function writersOf(
  stages: readonly { stage: string; definition: StageDefinition }[],
  choice: Record<string, string>,
): Map<string, string> {
  const writers = new Map<string, string>();
  for (const { stage, definition } of stages) for (const { column } of definition.outputs) writers.set(column, stage);
  for (const [column, stage] of Object.entries(choice)) writers.set(column, stage);
  return writers;
}

export interface EarlierFit {
  runId: string;
  run: number;
}

/** Instance key → the run that made the fit which was used again: the newest before this run that took as long. */
export async function findEarlierFits(
  workspaceId: string,
  runNumber: number,
  stages: readonly { instance: string; reused: boolean; savedSeconds: number | null }[],
  facts: ReadonlyMap<string, RunStageFacts>,
): Promise<Map<string, EarlierFit>> {
  const reused = stages.filter((stage) => stage.reused && stage.savedSeconds !== null);
  if (reused.length === 0) return new Map();
  const fits = await prisma().fit.findMany({
    where: {
      workspaceId,
      stageVersionId: { in: reused.flatMap(({ instance }) => facts.get(instance)?.versionId ?? []) },
      run: { number: { lt: runNumber } },
    },
    select: { stageVersionId: true, seconds: true, run: { select: { id: true, number: true } } },
    orderBy: { run: { number: "desc" } },
  });
  return new Map(
    reused.flatMap(({ instance, savedSeconds }): [string, EarlierFit][] => {
      const versionId = facts.get(instance)?.versionId;
      const fit = fits.find((one) => one.stageVersionId === versionId && one.seconds === savedSeconds);
      return fit ? [[instance, { runId: fit.run.id, run: fit.run.number }]] : [];
    }),
  );
}
