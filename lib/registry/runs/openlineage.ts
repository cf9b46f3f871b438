import { environment } from "@/lib/config/environment";
import { version } from "@/lib/config/version";
import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { placeOf, type SourceDefinition } from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { createOriginTracer } from "@/lib/domain/lineage/trace-origins";
import { type DatasetFacts, type OpenLineageEvent, type OutputFacts, runEvents, type RunFacts } from "@/lib/domain/openlineage/run-events"; // prettier-ignore
import type { Principal } from "@/lib/domain/principal";
import { openRun } from "./runs";
import { loadSqlTrees } from "../lineage/sql-trees";
import { anyParamsOf, definitionOf, writtenFilesOf } from "../stored-json";

/** The OpenLineage events of a run so far. */
export async function getRunOpenLineage(principal: Principal, runId: string): Promise<OpenLineageEvent[]> {
  await openRun(principal, runId, "workspace:read");
  return openLineageEventsOf(prisma(), runId);
}

/** The same inside a transaction, by whoever writes about the run. */
export async function openLineageEventsOf(db: Prisma | Transaction, runId: string): Promise<OpenLineageEvent[]> {
  const facts = await loadRunFacts(db, runId);
  return runEvents(facts, { namespace: environment().OPENLINEAGE_NAMESPACE, producer: `urn:tributary:${version}` });
}

const ENDS = { succeeded: "COMPLETE", failed: "FAIL", canceled: "ABORT" } as const;

async function loadRunFacts(db: Prisma | Transaction, runId: string): Promise<RunFacts> {
  const run = await db.run.findUniqueOrThrow({
    where: { id: runId },
    include: {
      workspace: { select: { name: true } },
      job: { select: { kind: true, deployment: { select: { name: true } } } },
      backfillChunk: { select: { backfillId: true } },
      variant: { select: { choice: true } },
      inputs: { select: { datasetVersion: true }, orderBy: { datasetVersion: { dataset: "asc" } } },
      outputs: { orderBy: { dataset: "asc" } },
      values: { include: { featureVersion: { select: { feature: { select: { name: true, type: true } } } } } },
    },
  });
  const params = anyParamsOf(run);
  const workspace = run.workspace.name;
  const stageVersions = await db.stageVersion.findMany({
    where: { id: { in: Object.values(params.stageVersions ?? {}) } },
    select: { definition: true },
  });
  const stages = new Map(
    stageVersions.map(({ definition }) => {
      const stage = definitionOf("Stage", { definition });
      return [stage.name, stage];
    }),
  );
  const writers = writersOf(stages, (run.variant?.choice ?? params.choice ?? {}) as Record<string, string>);
  const sources = await db.source.findMany({
    where: { workspaceId: run.workspaceId, OR: [{ retiredAt: null }, { id: { in: run.inputs.flatMap(({ datasetVersion }) => datasetVersion.sourceId ?? []) } }] },
    orderBy: { name: "asc" },
  }); // prettier-ignore
  const declared = sources.map(({ definition }) => definitionOf("Source", { definition }));
  const read = new Set(run.inputs.map(({ datasetVersion }) => datasetVersion.dataset));
  const sourceOf = createSourceFinder(declared, read);
  const wanted = new Set([...stages.values()].flatMap((stage) => [...stage.inputs, ...(stage.fitInputs ?? [])]));
  const needed = new Set([...wanted].filter((column) => !writers.has(column)).map((column) => sourceOf(column)?.name));
  const inputOf = (source: SourceDefinition, number: number | null): DatasetFacts => ({
    name: `${workspace}.${source.name}`,
    uri: uriOf(placeOf(source)),
    version: number,
    fields: source.columns.map(({ name, type }) => ({ name, type })),
  });
  const originsOf = createOriginTracer(stages, writers, await loadSqlTrees(db, run.workspaceId, [...stages.values()]));
  const deployment = run.job && `${workspace}.${run.job.deployment.name}`;
  return {
    id: run.id,
    job: deployment ? `${deployment}.${run.job?.kind}` : `${workspace}.${params.pipeline ?? run.kind}`,
    kind: run.kind,
    engine: run.engine === null ? null : { name: run.engine, version },
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    nominal: { start: params.window?.[0] ?? run.createdAt.toISOString(), end: params.window?.[1] ?? null },
    parent: run.backfillChunk ? { runId: run.backfillChunk.backfillId, job: `${deployment}.backfill` } : null,
    end: ENDS[run.state as keyof typeof ENDS] ?? null,
    error: (run.error as { message?: string } | null)?.message ?? null,
    inputs: {
      declared: declared.filter(({ name }) => needed.has(name)).map((source) => inputOf(source, null)),
      read: run.inputs.flatMap(({ datasetVersion }) => {
        const source = declared.find(({ name }) => name === datasetVersion.dataset);
        return source ? [inputOf(source, datasetVersion.version)] : [];
      }),
    },
    outputs: run.outputs.map((output): OutputFacts => {
      const files = writtenFilesOf(output.files);
      const columns = columnsOf(
        output.dataset,
        run.values.filter((value) => value.datasetVersionId === output.id),
        stages,
        writers,
      );
      return {
        name: `${workspace}.${output.dataset}`,
        uri: `tributary://${workspace}/${encodeURIComponent(output.dataset)}`,
        version: output.version,
        fields: columns.map(({ field, type }) => ({ name: field, type })),
        rows: Number(output.rows),
        bytes: files.reduce((sum, file) => sum + file.bytes, 0),
        files: files.length,
        origins: Object.fromEntries(
          columns.map(({ field, column }) => [
            field,
            [...originsOf(column)].flatMap(([origin, kind]) => {
              const source = sourceOf(origin);
              return source ? [{ dataset: `${workspace}.${source.name}`, field: splitColumn(origin)[1], kind }] : [];
            }),
          ]),
        ),
      };
    }),
  };
}

/** Column → the stage that writes it in this variant. */
function writersOf(stages: ReadonlyMap<string, StageDefinition>, choice: Record<string, string>): Map<string, string> {
  const writers = new Map(Object.entries(choice));
  for (const stage of stages.values())
    for (const { column } of stage.outputs) if (!writers.has(column)) writers.set(column, stage.name);
  return writers;
}

/** The source of a column: join keys come with several, and one that the run read goes first. */
function createSourceFinder(sources: SourceDefinition[], read: ReadonlySet<string>) {
  const found = new Map<string, SourceDefinition>();
  for (const source of sources)
    for (const { name } of source.columns) {
      const column = `${source.entity}.${name}`;
      const before = found.get(column);
      if (!before || (read.has(source.name) && !read.has(before.name))) found.set(column, source);
    }
  return (column: string) => found.get(column);
}

interface OutputColumn {
  /** Its name in the file. */
  field: string;
  column: string;
  type: string;
}

/** The columns that the run recorded values of; for an output without such records, what its stages write of the entity. */
function columnsOf(
  dataset: string,
  values: { column: string; featureVersion: { feature: { name: string; type: string } } }[],
  stages: ReadonlyMap<string, StageDefinition>,
  writers: ReadonlyMap<string, string>,
): OutputColumn[] {
  if (values.length > 0)
    return values
      .map(({ column: field, featureVersion: { feature } }) => ({ field, column: feature.name, type: feature.type }))
      .sort((one, other) => (one.field < other.field ? -1 : 1));
  const entity = dataset.slice(0, dataset.indexOf("@"));
  return [...stages.values()].flatMap((stage) =>
    stage.outputs
      .filter(({ column }) => splitColumn(column)[0] === entity && writers.get(column) === stage.name)
      .map(({ column, type }) => ({ field: splitColumn(column)[1], column, type })),
  );
}

/** An address with a scheme stays; a path becomes one. */
const uriOf = (location: string): string =>
  /^[a-z][a-z0-9+.-]*:/i.test(location) ? encodeURI(location) : `file:${encodeURI(location)}`;
