import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import type { OutputToCheck } from "@/lib/domain/rules/output-to-check";
import type { PlacedRule } from "@/lib/domain/rules/place-rules";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
import { trainSplit } from "@/lib/domain/rules/train-split";
import { definitionsOfRun } from "../definitions/pins";
import { recordRuleCheck } from "../rules/checks";
import { outputColumns, placedOnOutput } from "../rules/placement";
import type { Scope } from "../scope";
import { anyParamsOf, definitionOf, writtenFilesOf } from "../stored-json";
import { queueMaterialisations } from "../catalogue/queue-materialisations";

export interface NewestOutput {
  output: OutputToCheck;
  placed: PlacedRule[];
  datasetVersionId: string;
}

/** The newest version of an output with the rules that it must keep as they are worded now; null where there is nothing to check. */
export async function findNewestOutput(scope: Scope, dataset: string): Promise<NewestOutput | null> {
  const workspaceId = scope.workspace.id;
  const version = await prisma().datasetVersion.findFirst({
    where: { workspaceId, dataset },
    orderBy: { version: "desc" },
    include: {
      values: { include: { featureVersion: { include: { feature: true, stageVersion: { include: { stage: true } } } } } },
      run: { include: { stages: true } },
    },
  }); // prettier-ignore
  if (!version) return null;
  const placed = await placedOnOutput(prisma(), workspaceId, version.id);
  if (placed.length === 0) return null;
  const { entity, columns } = await outputColumns(prisma(), version.id);
  const features = await prisma().feature.findMany({
    where: { workspaceId, entity },
    select: { name: true, type: true },
  });
  const types = new Map(features.map(({ name, type }) => [name, type as ColumnType]));
  const files = new Map(version.values.map((value) => [value.featureVersion.feature.name, value.column]));
  const seconds = new Map(version.run?.stages.map((stage) => [stage.stage, stage.seconds]));
  const declared = await prisma().entity.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId, name: entity } },
    select: { definition: true },
  });
  const splits = version.run && (await definitionsOfRun(version.run, "SplitPolicy"));
  const pipeline = version.run && anyParamsOf(version.run).definition;
  const output: OutputToCheck = {
    entity: definitionOf("Entity", declared),
    files: writtenFilesOf(version.files).map((file) => path.resolve(environment().TRIBUTARY_DATA, file.path)),
    columns: columns.flatMap((name) => {
      const type = types.get(`${entity}.${name}`);
      return type ? [{ name, file: files.get(`${entity}.${name}`) ?? name, type }] : [];
    }),
    train: pipeline && splits ? trainSplit(pipeline, [...splits.values()]) : null,
    milliseconds: Object.fromEntries(
      version.values.flatMap(({ featureVersion: { feature, stageVersion } }) => {
        const taken = stageVersion && seconds.get(stageVersion.stage.name);
        return typeof taken === "number" ? [[splitColumn(feature.name)[1], 1000 * taken]] : [];
      }),
    ),
  }; // prettier-ignore
  return { output, placed, datasetVersionId: version.id };
}

/** Records what the rules found on an output. Views that were kept from values that are good now get them. */
export async function recordOutputCheck(
  scope: Scope,
  { datasetVersionId, placed }: Pick<NewestOutput, "datasetVersionId" | "placed">,
  results: RuleResult[],
): Promise<void> {
  await openQueue();
  await prisma().$transaction(async (tx) => {
    const { dataset, version, quarantinedAt, run, values } = await tx.datasetVersion.findUniqueOrThrow({
      where: { id: datasetVersionId },
      include: {
        run: { select: { id: true, workspaceId: true } },
        values: { select: { featureVersion: { select: { feature: { select: { name: true } } } } } },
      },
    });
    const failed = await recordRuleCheck(tx, scope, { dataset, datasetVersionId, version, placed, results });
    if (quarantinedAt === null || failed.length > 0 || !run) return;
    const features = values.map(({ featureVersion }) => featureVersion.feature.name);
    await queueMaterialisations(tx, run, [...new Set(features)]);
  });
}
