import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import { type ColumnType, splitColumn } from "@/lib/domain/definitions";
import type { Histogram } from "@/lib/domain/drift/histogram";
import { DomainError } from "@/lib/domain/errors";
import type { RowSet } from "@/lib/domain/leakage/types";
import type {
  DatasetSnapshot,
  EngineInstance,
  FittedModel,
  RowSelection,
  VariantPlan,
  WrittenColumn,
} from "@/lib/engines/engine";
import { digestOf } from "@/lib/registry/record-event";
import { entitiesOf, type Instance, isDeclared, type RunContext, stageOf } from "./run-context";
import { findUpstream, fitRowsOf, policyNamed, rowSetOf, type Split, splitOf, type Upstream } from "./row-sets";

/** Types whose values have a distribution and fit one cell of a file. */
export const SCALARS: ReadonlySet<ColumnType> = new Set(["boolean", "bigint", "double", "string", "date", "timestamp"]);

/** A dataset version that the run reads, with the files that the engine found. */
export interface ResolvedSource {
  datasetVersionId: string;
  version: number;
  snapshot: DatasetSnapshot;
}

/** Rows in one role of the model that the pipeline ends in. */
export interface RoleRows {
  role: "train" | "validation" | "test";
  split: Split | null;
  rowSet: RowSet;
}

/** The estimator that the pipeline ends in, and how it is judged. */
export interface Judged {
  model: string;
  instance: Instance;
  prediction: string;
  label: string;
  roles: RoleRows[];
}

export interface RunPlan {
  plan: VariantPlan;
  sources: Map<string, ResolvedSource>;
  upstream: Map<string, Upstream>;
  judged: Judged | null;
}

/** Sources that the variant reads, and those that describe the entities it is about. */
export function sourcesOfRun(context: RunContext) {
  const entities = entitiesOf(context);
  return context.catalogue.sources.filter((source) => entities.has(source.entity));
}

/** What the engine is asked to do. Reads earlier fits and profiles, and writes nothing. */
export async function buildRunPlan(context: RunContext, sources: Map<string, ResolvedSource>): Promise<RunPlan> {
  const upstream = findUpstream(context);
  const versions = new Map([...sources].map(([name, source]) => [name, source.version]));
  const judged = judgedOf(context, upstream, versions);
  const materialise = columnsToMaterialise(context);
  const selections: RowSelection[] = (judged?.roles ?? []).map(({ role, split }) => ({
    part: role,
    split,
    window: null,
  }));
  const profiled = await columnsToProfile(context, materialise, sources);
  return {
    sources,
    upstream,
    judged,
    plan: {
      entities: context.catalogue.entities,
      sources: context.catalogue.sources.flatMap((definition) => {
        const source = sources.get(definition.name);
        return source ? [{ definition, snapshot: source.snapshot }] : [];
      }),
      instances: await toEngineInstances(context, upstream, versions),
      materialise: materialise.map((column) => ({ ...writerIn(context, column), name: splitColumn(column)[1] })),
      ...(judged && {
        evaluate: {
          prediction: writerIn(context, judged.prediction),
          label: writerIn(context, judged.label),
          selections,
        },
      }),
      profile: {
        columns: profiled,
        selections: [{ part: "all", split: null, window: null }, ...selections],
        byMonth: true,
      },
      outputDirectory: outputDirectory(context),
    },
  };
}

/** A column with its writer in the run's variant. */
function writerIn(context: RunContext, column: string): WrittenColumn {
  return { column, instance: context.writers.get(column) ?? null };
}

/** Every attempt writes into a folder of its own, which disappears unless the attempt is recorded. */
function outputDirectory({ scope, run }: RunContext): string {
  const { TRIBUTARY_DATA } = environment();
  return path.join(TRIBUTARY_DATA, "offline", scope.workspace.name, `run-${run.number}`, String(run.attempt));
}

function columnsToMaterialise(context: RunContext): string[] {
  const wanted = new Set(context.pipeline.outputs);
  const types = new Map(
    [...context.stages.values()].flatMap(({ definition }) =>
      definition.outputs.map(({ column, type }) => [column, type]),
    ),
  );
  return [...context.writers.keys()].filter(
    (column) => (wanted.has(column) || isDeclared(context, column)) && SCALARS.has(types.get(column) as ColumnType),
  );
}

async function toEngineInstances(
  context: RunContext,
  upstream: Map<string, Upstream>,
  versions: Map<string, number>,
): Promise<EngineInstance[]> {
  const fingerprints = new Map<string, string>();
  const instances = [...context.instances.values()].map((instance): EngineInstance => {
    const { definition } = stageOf(context, instance);
    const inputs = Object.fromEntries(
      Object.entries(instance.inputs).map(([column, from]) => [column, "source" in from ? null : from.instance]),
    );
    if (!definition.estimator) return { key: instance.key, stage: definition, inputs };
    const { sources, estimators } = upstream.get(instance.key) as Upstream;
    const split = splitOf(context, fitRowsOf(context, instance));
    const rowSet = rowSetOf(context, definition.entity, sources, split, versions);
    const fingerprint = digestOf([
      context.graph.signatures.get(instance.key),
      rowSet,
      [...sources].sort().map((source) => [source, versions.get(source)]),
      // The same stage reads other values when what comes before it was fitted on other rows.
      [...estimators].map((key) => fingerprints.get(key)).sort(),
    ]);
    fingerprints.set(instance.key, fingerprint);
    return { key: instance.key, stage: definition, inputs, fit: { fingerprint, rowSet, split } };
  });
  const known = await prisma().fit.findMany({
    where: { workspaceId: context.run.workspaceId, fingerprint: { in: [...fingerprints.values()] } },
    select: { fingerprint: true, model: true },
  });
  const fitted = new Map(known.map((fit) => [fit.fingerprint, fit.model as unknown as FittedModel]));
  for (const { fit } of instances) {
    const model = fit && fitted.get(fit.fingerprint);
    if (model) fit.fitted = model;
  }
  return instances;
}

function judgedOf(context: RunContext, upstream: Map<string, Upstream>, versions: Map<string, number>): Judged | null {
  const { evaluate, fit, outputs, name } = context.pipeline;
  if (!evaluate) return null;
  const prediction = [...outputs].reverse().find((column) => {
    const writer = context.writers.get(column);
    return writer && stageOf(context, context.instances.get(writer) as Instance).definition.estimator;
  });
  if (!prediction)
    throw new DomainError(
      "invalid",
      `Pipeline ${name} is evaluated, but none of its outputs is written by an estimator.`,
    );
  const instance = context.instances.get(context.writers.get(prediction) as string) as Instance;
  const { entity } = stageOf(context, instance).definition;
  const { sources } = upstream.get(instance.key) as Upstream;
  const policy = policyNamed(context, evaluate.split);
  const rowsIn = (role: RoleRows["role"], split: Split | null): RoleRows => ({
    role,
    split,
    rowSet: rowSetOf(context, entity, sources, split, versions),
  });
  return {
    model: evaluate.model,
    instance,
    prediction,
    label: evaluate.label,
    roles: [
      rowsIn("train", splitOf(context, fit ?? { rows: "all" })),
      ...(evaluate.validation ? [rowsIn("validation", { policy, parts: evaluate.validation })] : []),
      rowsIn("test", { policy, parts: evaluate.test }),
    ],
  };
}

/**
 * What the run writes, and declared source columns of dataset versions that nobody profiled yet. Edges are those of the
 * feature version's first profile, else of the feature's, so that months of different runs stay comparable; another
 * version's values may be other words, so that categories are only shared within one.
 */
async function columnsToProfile(context: RunContext, written: string[], sources: Map<string, ResolvedSource>) {
  const { workspaceId } = context.run;
  const datasetVersionIds = [...sources.values()].map((source) => source.datasetVersionId);
  const raw = context.catalogue.sources.flatMap((source) =>
    sources.has(source.name)
      ? source.columns
          .filter((column) => SCALARS.has(column.type) && isDeclared(context, `${source.entity}.${column.name}`))
          .map((column) => `${source.entity}.${column.name}`)
      : [],
  );
  const profiles = await prisma().profile.findMany({
    where: { workspaceId, column: { in: [...written, ...raw] }, part: "all", windowFrom: null },
    orderBy: { createdAt: "asc" },
    select: { column: true, datasetVersionId: true, histogram: true, featureVersion: { select: { signature: true } } },
  });
  const profiled = new Set(
    profiles.filter((row) => datasetVersionIds.includes(row.datasetVersionId)).map((row) => row.column),
  );
  return [...written, ...raw.filter((column) => !context.writers.has(column) && !profiled.has(column))].map(
    (column) => {
      const earlier = profiles.filter((row) => row.column === column);
      const signature = context.graph.signatures.get(context.writers.get(column) ?? "");
      const own = earlier.find((row) => row.featureVersion?.signature === signature) ?? earlier[0];
      const histogram = own?.histogram as unknown as Histogram | undefined;
      const usable = histogram && (histogram.kind === "numeric" || own?.featureVersion?.signature === signature);
      return { ...writerIn(context, column), edges: usable ? histogram : null };
    },
  );
}
