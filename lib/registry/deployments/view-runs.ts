import type { Transaction } from "@/lib/db/client";
import type { FeatureView } from "@/lib/db/generated/client";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { queueRun } from "../runs/queue";
import type { ViewRun } from "@/lib/domain/runs/run-params";
import type { Scope } from "../scope";
import { definitionOf, paramsOf } from "../stored-json";

type View = Pick<FeatureView, "name" | "entity" | "features" | "workspaceId">;

/** What one feature version is made of: column → feature version, and stage → stage version. */
interface Strategy {
  id: string;
  column: string;
  columns: Map<string, string>;
  stages: Map<string, string>;
}

/**
 * The runs that compute everything that any environment serves of a view. Versions that are made of the same things share a run;
 * two versions of one column need two. A column that no environment serves is computed as the catalogue says now.
 * @param only columns to compute; all of the view's when left out
 */
export async function planViewRuns(
  tx: Transaction,
  view: View,
  only: readonly string[] = view.features,
): Promise<ViewRun[]> {
  const features = await tx.feature.findMany({
    where: { workspaceId: view.workspaceId, name: { in: [...only] } },
    select: { name: true, pointers: { select: { environment: true, versionId: true } } },
  });
  const pointed = ENVIRONMENTS.toReversed().flatMap((environment) =>
    only.flatMap((column) => {
      const feature = features.find(({ name }) => name === column);
      const pointer = feature?.pointers.find((one) => one.environment === environment);
      return pointer ? [pointer.versionId] : [];
    }),
  );
  const runs: { strategies: Strategy[]; columns: string[] }[] = [];
  for (const id of new Set(pointed)) {
    const strategy = await readStrategy(tx, id);
    const run = runs.find(({ strategies }) => strategies.every((other) => isCompatible(strategy, other)));
    if (run) run.strategies.push(strategy);
    else runs.push({ strategies: [strategy], columns: [] });
  }
  const served = new Set(runs.flatMap(({ strategies }) => strategies.map(({ column }) => column)));
  const without = only.filter((column) => !served.has(column));
  const read = await sourceColumns(tx, view);
  const raw = without.filter((column) => read.has(column));
  const made = without.filter((column) => !read.has(column));
  const [first] = runs;
  if (first) first.columns.push(...raw);
  else if (raw.length > 0) runs.push({ strategies: [], columns: raw });
  if (made.length > 0) runs.push({ strategies: [], columns: made });
  return runs.map(({ strategies, columns }) => ({
    name: view.name,
    versions: strategies.map(({ id }) => id),
    columns,
  }));
}

async function readStrategy(tx: Transaction, id: string): Promise<Strategy> {
  const rows = new Map<string, { name: string; stage: string | null; stageVersionId: string | null }>();
  for (let next = [id]; next.length > 0;) {
    const found = await tx.featureVersion.findMany({
      where: { id: { in: next } },
      select: {
        id: true,
        stageVersionId: true,
        stageVersion: { select: { stage: { select: { name: true } } } },
        feature: { select: { name: true } },
        inputs: { select: { inputVersionId: true } },
      },
    });
    for (const row of found)
      rows.set(row.id, {
        name: row.feature.name,
        stage: row.stageVersion?.stage.name ?? null,
        stageVersionId: row.stageVersionId,
      });
    next = [...new Set(found.flatMap(({ inputs }) => inputs.map(({ inputVersionId }) => inputVersionId)))].filter(
      (one) => !rows.has(one),
    );
  }
  return {
    id,
    column: rows.get(id)?.name ?? "",
    columns: new Map([...rows].map(([version, { name }]) => [name, version])),
    stages: new Map(
      [...rows.values()].flatMap(({ stage, stageVersionId }) =>
        stage !== null && stageVersionId !== null ? [[stage, stageVersionId] as const] : [],
      ),
    ),
  };
}

function isCompatible(one: Strategy, other: Strategy): boolean {
  const agree = (left: Map<string, string>, right: Map<string, string>) =>
    [...left].every(([key, value]) => (right.get(key) ?? value) === value);
  return agree(one.columns, other.columns) && agree(one.stages, other.stages);
}

/** The stage versions that the versions of a run are made by: stage → id. */
export async function stagesOfVersions(tx: Transaction, versions: readonly string[]): Promise<Map<string, string>> {
  const stages = new Map<string, string>();
  for (const id of versions)
    for (const [stage, version] of (await readStrategy(tx, id)).stages) stages.set(stage, version);
  return stages;
}

/** Columns of the view's entity that a source has. */
async function sourceColumns(tx: Transaction, { workspaceId, entity }: View): Promise<Set<string>> {
  const sources = await tx.source.findMany({
    where: { workspaceId, entity, retiredAt: null },
    select: { definition: true },
  });
  return new Set(
    sources.flatMap(({ definition }) =>
      definitionOf("Source", { definition }).columns.map(({ name }) => `${entity}.${name}`),
    ),
  );
}

/** Queues the run. Await `openQueue()` before the transaction begins, and call this last in it. */
export async function queueViewRun(tx: Transaction, scope: Scope, view: View, run: ViewRun): Promise<string> {
  const versions = await tx.featureVersion.findMany({
    where: { id: { in: run.versions } },
    select: { feature: { select: { name: true } } },
  });
  const wanted = new Set([...versions.map(({ feature }) => feature.name), ...run.columns]);
  const outputs = view.features.filter((column) => wanted.has(column));
  return queueRun(tx, scope, {
    kind: "materialise",
    variantId: null,
    title: `${view.name}: materialise ${outputs.join(", ")}`,
    params: {
      pipeline: view.name,
      definition: { kind: "Pipeline", name: `${view.name}.view`, outputs },
      pins: {},
      variant: 0,
      stageVersions: {},
      view: run,
    },
    instances: [],
  });
}

/**
 * Queues a run for every online view that has columns of the sources, unless one is waiting: a source's columns are computed by
 * nothing, so that no other run would write them.
 * @param of.datasetVersionId leaves out the views whose columns a run on this version has computed
 */
export async function queueViewsOfSources(
  tx: Transaction,
  scope: Scope,
  sources: readonly string[],
  of: { datasetVersionId: string },
): Promise<void> {
  const workspaceId = scope.workspace.id;
  const rows = await tx.source.findMany({
    where: { workspaceId, name: { in: [...sources] }, retiredAt: null },
    select: { entity: true, definition: true },
  });
  const columns = rows.flatMap(({ entity, definition }) =>
    definitionOf("Source", { definition }).columns.map(({ name }) => `${entity}.${name}`),
  );
  const views = await tx.featureView.findMany({
    where: { workspaceId, online: true, retiredAt: null, features: { hasSome: columns } },
    orderBy: { name: "asc" },
  });
  const known = new Set(columns);
  for (const view of views) {
    const own = view.features.filter((column) => known.has(column));
    const runs = await tx.run.findMany({
      where: {
        workspaceId,
        kind: "materialise",
        params: { path: ["view", "name"], equals: view.name },
        OR: [
          { state: "queued" },
          { state: { in: ["running", "succeeded"] }, inputs: { some: { datasetVersionId: of.datasetVersionId } } },
        ],
      },
      select: { params: true },
    });
    const there = runs.map(({ params }) => new Set(paramsOf({ params }).definition.outputs));
    if (there.some((outputs) => own.every((column) => outputs.has(column)))) continue;
    for (const run of await planViewRuns(tx, view, own)) await queueViewRun(tx, scope, view, run);
  }
}

/** Runs that are not yet at their end, of a view. */
export function goingViewRun(tx: Transaction, workspaceId: string, view: string) {
  return tx.run.findFirst({
    where: {
      workspaceId,
      kind: "materialise",
      params: { path: ["view", "name"], equals: view },
      state: { in: ["queued", "running"] },
    },
    select: { id: true, number: true, state: true },
  });
}
