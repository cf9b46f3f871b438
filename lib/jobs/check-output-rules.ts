import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { judgePlaced } from "@/lib/domain/rules/judge-placed";
import { type PlacedRule, placeRules } from "@/lib/domain/rules/place-rules";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
import type { OutputToCheck } from "@/lib/domain/rules/output-to-check";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { Engine } from "@/lib/engines/engine";
import { recordRuleCheck } from "@/lib/registry/rules/checks";
import type { CheckedOutput } from "@/lib/registry/rules/output-checks";
import { definitionsOfRun } from "@/lib/registry/definitions/pins";
import type { RunParams } from "@/lib/domain/runs/run-params";
import { outputColumns, placedOnOutput } from "@/lib/registry/rules/placement";
import type { Scope } from "@/lib/registry/scope";
import { queueMaterialisations } from "@/lib/registry/execution/queue-materialisations";
import type { RunContext } from "@/lib/registry/execution/run-context";

/** Checks every output of a run that carries a feature with rules. Throws `invalid` when a file cannot be read. */
export async function checkOutputs(
  { catalogue, pipeline }: Pick<RunContext, "catalogue" | "pipeline">,
  result: VariantResult,
  engine: Engine,
): Promise<CheckedOutput[]> {
  const checked: CheckedOutput[] = [];
  const seconds = new Map(result.stages.map(({ instance, seconds }) => [instance, seconds]));
  for (const { entity, snapshot, columns } of result.outputs) {
    const named = columns.map((column) => ({ ...column, bare: splitColumn(column.column)[1] }));
    const placed = placeRules(
      entity,
      named.map(({ bare }) => bare),
      catalogue.features,
    );
    const definition = catalogue.entities.find(({ name }) => name === entity);
    if (placed.length === 0 || !definition) continue;
    const output: OutputToCheck = {
      entity: definition,
      files: snapshot.files.map((file) => file.path),
      columns: named.map(({ bare, name, type }) => ({ name: bare, file: name, type })),
      train: trainSplit(pipeline, catalogue.splits),
      milliseconds: Object.fromEntries(
        named.flatMap(({ bare, instance }) => {
          const taken = instance === null ? undefined : seconds.get(instance);
          return taken === undefined ? [] : [[bare, 1000 * taken]];
        }),
      ),
    };
    checked.push({ entity, placed, results: await measure(engine, output, placed) });
  }
  return checked;
}

/** Checks the newest version of an output with the rules as they are worded now. */
export async function checkNewestOutput(scope: Scope, dataset: string, engine: Engine): Promise<void> {
  const workspaceId = scope.workspace.id;
  const version = await prisma().datasetVersion.findFirst({
    where: { workspaceId, dataset },
    orderBy: { version: "desc" },
    include: {
      values: { include: { featureVersion: { include: { feature: true, stageVersion: { include: { stage: true } } } } } },
      run: { include: { stages: true } },
    },
  }); // prettier-ignore
  if (!version) return;
  const placed = await placedOnOutput(prisma(), workspaceId, version.id);
  if (placed.length === 0) return;
  const { entity, columns } = await outputColumns(prisma(), version.id);
  const features = await prisma().feature.findMany({
    where: { workspaceId, entity },
    select: { name: true, type: true },
  });
  const types = new Map(features.map(({ name, type }) => [name, type as ColumnType]));
  const files = new Map(version.values.map((value) => [value.featureVersion.feature.name, value.column]));
  const seconds = new Map(version.run?.stages.map((stage) => [stage.stage, stage.seconds]));
  const { definition } = await prisma().entity.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId, name: entity } },
    select: { definition: true },
  });
  const splits = version.run && (await definitionsOfRun(version.run, "SplitPolicy"));
  const pipeline = (version.run?.params as unknown as Partial<RunParams> | undefined)?.definition;
  const output: OutputToCheck = {
    entity: definition as unknown as EntityDefinition,
    files: (version.files as unknown as { path: string }[]).map((file) =>
      path.resolve(environment().TRIBUTARY_DATA, file.path),
    ),
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
  const results = await measure(engine, output, placed);
  await openQueue();
  await prisma().$transaction(async (tx) => {
    const checked = { dataset, datasetVersionId: version.id, version: version.version, placed, results };
    const failed = await recordRuleCheck(tx, scope, checked);
    // Views that were kept from these values get them now.
    if (version.quarantinedAt !== null && failed.length === 0 && version.run)
      await queueMaterialisations(tx, version.run, [...files.keys()]);
  });
}

async function measure(engine: Engine, output: OutputToCheck, placed: readonly PlacedRule[]): Promise<RuleResult[]> {
  const measured = await engine.measureOutputRules(
    output,
    placed.map(({ rule }) => rule),
  );
  return placed.map((one, at) => judgePlaced(one, measured[at] as NonNullable<(typeof measured)[number]>));
}

/** Rows that the pipeline's models are fitted on; null when they are all rows. */
function trainSplit({ fit }: PipelineDefinition, splits: readonly SplitPolicyDefinition[]): OutputToCheck["train"] {
  if (!fit || !("split" in fit)) return null;
  const policy = splits.find(({ name }) => name === fit.split);
  return policy ? { policy, parts: fit.parts } : null;
}
