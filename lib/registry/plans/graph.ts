import type { PlanGraph, PlanInstance, PlanReuse, PlanVariant } from "@/lib/contracts/plan-graph";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { drawInstances } from "@/lib/domain/plans/draw-plan";
import { planFits } from "@/lib/domain/plans/fit-fingerprints";
import type { SourceVersion } from "@/lib/domain/plans/leakage-input";
import { type MergedPlan, mergeVariants, signatures } from "@/lib/domain/plans/instances";
import { findUpstream, fitRowsOf } from "@/lib/domain/plans/row-sets";
import type { PlannedVariant, PlanStage } from "@/lib/domain/plans/types";
import { fingerprintValues } from "@/lib/domain/plans/value-fingerprints";
import { estimatorClass, operatorName } from "@/lib/domain/operators/operator-table";
import { planInputOf } from "../catalogue/catalogue";
import { newestVersions } from "../datasets/versions";
import { declaredAmong, type PlanCatalogue } from "./catalogue";
import type { ChosenConsumer } from "./consumer";
import { explainFits, findFits, findValues } from "./reuse";
import { describeVariants } from "./variants";
import { type PlannedGraph, valuesOf } from "./planned-graph";
import { digestOf, sha256 } from "../record-event";
import { describeFitRows } from "@/lib/domain/leakage/describe-fit-rows";

/** The listed variants merged, with the rows of their fits and what was done before. */
export async function planGraph(
  workspaceId: string,
  catalogue: PlanCatalogue,
  pipeline: PipelineDefinition,
  variants: readonly PlannedVariant[],
): Promise<PlannedGraph & { known: Map<string, SourceVersion> }> {
  const used = new Set(variants.flatMap((variant) => variant.stages));
  const stages = catalogue.stages.filter((stage) => used.has(stage.name));
  const input = planInputOf({ stages, sources: catalogue.sources });
  const merged = mergeVariants(input.stages, input.sources, variants);
  const digests = new Map(stages.map((stage) => [stage.name, stage.digest]));
  const columns = merged.instances.flatMap(({ inputs, outputs }) => [...Object.keys(inputs), ...outputs]);
  const [known, declared] = await Promise.all([
    newestVersions(workspaceId),
    declaredAmong(workspaceId, catalogue, [...new Set(columns)]),
  ]);
  const world = {
    catalogue,
    declared,
    pipeline,
    stages: new Map(
      stages.map((stage): [string, { definition: StageDefinition; digest: string }] => [
        stage.name,
        { definition: stage, digest: stage.digest },
      ]),
    ),
    instances: new Map(merged.instances.map((instance) => [instance.key, instance])),
    graph: { signatures: signatures(merged.instances, (stage) => digests.get(stage) as string, sha256) },
    writers: new Map<string, string>(),
  };
  // A source that was never read gets version 1 when it is: nothing follows from it yet, and rows can be named.
  const sources = new Map(catalogue.sources.map(({ name }) => [name, known.get(name) ?? { version: 1, time: null }]));
  const versions = new Map([...sources].map(([name, { version }]) => [name, version]));
  const upstream = findUpstream(world);
  const fits = planFits(world, upstream, versions, digestOf);
  const fingerprints = fingerprintValues(world, upstream, fits, versions, digestOf);
  const [reasons, knownFits, knownValues] = await Promise.all([
    explainFits(workspaceId, pipeline.name, fits),
    findFits(
      workspaceId,
      [...fits.values()].map((fit) => fit.fingerprint),
    ),
    findValues(workspaceId, [...fingerprints.values()]),
  ]);
  return {
    merged,
    variants,
    world,
    fits,
    sources,
    known,
    fitted: pickKnown(fits, (fit) => knownFits.get(fit.fingerprint)),
    values: pickKnown(fingerprints, (fingerprint) => knownValues.get(fingerprint)),
    reasons,
  };
}

/** The listed variants as one graph, with what was done before, and what each of them costs, reuses and is worth. */
export async function describeGraph(
  workspaceId: string,
  catalogue: PlanCatalogue,
  { pipeline, consumer }: ChosenConsumer,
  variants: readonly PlannedVariant[],
  outputsOf: (variant: number) => string[],
): Promise<{ graph: PlanGraph; details: PlanVariant[] }> {
  const { known, ...planned } = await planGraph(workspaceId, catalogue, pipeline, variants);
  const { merged } = planned;
  const input = planInputOf({ stages: catalogue.stages, sources: catalogue.sources });
  const graph = toGraph(input.stages, variants, merged, catalogue, outputsOf);
  return {
    graph: {
      ...graph,
      sources: graph.sources.map((source) => ({
        ...source,
        version: known.get(source.name ?? "")?.version ?? null,
        draft: catalogue.drafts.some(({ kind, name }) => kind === "Source" && name === source.name),
      })),
      instances: graph.instances.map((instance) => ({ ...instance, ...factsOf(planned, catalogue, instance) })),
    },
    details: describeVariants(planned, catalogue, consumer !== null, outputsOf),
  };
}

function pickKnown<From, To>(from: ReadonlyMap<string, From>, find: (value: From) => To | undefined): Map<string, To> {
  return new Map(
    [...from].flatMap(([key, value]) => {
      const found = find(value);
      return found === undefined ? [] : [[key, found] as const];
    }),
  );
}

/** The graph as far as the stages say; what only a registry knows is null. */
export function toGraph(
  stages: readonly PlanStage[],
  variants: readonly PlannedVariant[],
  merged: MergedPlan,
  { sources }: { sources: readonly SourceDefinition[] },
  outputsOf: (variant: number) => string[],
): PlanGraph {
  const sourceOf = sourcesByColumn(sources);
  const instances = drawInstances(stages, variants, merged).map((instance): PlanInstance => ({
    ...instance,
    inputs: instance.inputs.map((input) => ({
      ...input,
      source: input.writer === null ? (sourceOf.get(input.column) ?? null) : null,
    })),
    operator: null,
    class: null,
    entity: null,
    draft: false,
    signature: null,
    fingerprint: null,
    fitRows: null,
    reuse: null,
    reason: null,
  }));
  const made = new Set(merged.columns.map((column) => column.logical));
  const read = [
    ...instances.flatMap(({ inputs }) => inputs.flatMap(({ column, writer }) => (writer === null ? [column] : []))),
    ...variants.flatMap((_, index) => outputsOf(index)).filter((column) => !made.has(column)),
  ];
  const bySource = new Map<string | null, Set<string>>();
  for (const column of read) {
    const source = sourceOf.get(column) ?? null;
    bySource.set(source, (bySource.get(source) ?? new Set()).add(column));
  }
  return {
    instances,
    sources: [...bySource].map(([name, columns]) => ({ name, columns: [...columns], version: null, draft: false })),
    columns: merged.columns,
    physical: variants.map((_, index) => merged.physical[index] ?? {}),
  };
}

/** `entity.column` → the first source that has it. */
function sourcesByColumn(sources: readonly SourceDefinition[]): Map<string, string> {
  const byColumn = new Map<string, string>();
  for (const { name, entity, columns } of sources)
    for (const column of columns) {
      const key = `${entity}.${column.name}`;
      if (!byColumn.has(key)) byColumn.set(key, name);
    }
  return byColumn;
}

function factsOf(planned: PlannedGraph, { drafts }: PlanCatalogue, { key, stage, outputs }: PlanInstance) {
  const { world, fits } = planned;
  const instance = world.instances.get(key);
  const definition = world.stages.get(stage)?.definition as StageDefinition;
  const fit = fits.get(key);
  return {
    operator: operatorName(definition),
    class: estimatorClass(definition),
    entity: definition.entity,
    draft: drafts.some((draft) => draft.kind === "Stage" && draft.name === stage && draft.action !== "change"),
    signature: world.graph.signatures.get(key) ?? null,
    fingerprint: fit?.fingerprint ?? null,
    fitRows: fit && instance ? describeFitRows(fitRowsOf(world, instance)) : null,
    reason: planned.reasons.get(key) ?? null,
    reuse: reuseOf(
      planned,
      key,
      outputs.map(({ column }) => column),
    ),
  };
}

function reuseOf(planned: PlannedGraph, key: string, columns: readonly string[]): PlanReuse | null {
  const values = valuesOf(planned, key, columns);
  if (values) {
    const { run, at, dataset, version, seconds } = values;
    return { kind: "materialised", run, at: at.toISOString(), dataset, version, seconds };
  }
  const fit = planned.fitted.get(key);
  return fit ? { kind: "fitted", run: fit.run, at: fit.at.toISOString(), rows: fit.rows, seconds: fit.seconds } : null;
}
