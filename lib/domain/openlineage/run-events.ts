import type { OriginKind } from "../lineage/trace-origins";

/**
 * OpenLineage run events (spec 2-0-2): START when a run began, then COMPLETE, FAIL or ABORT. Only what the registry knows is said;
 * facets carry the address of the schema that they follow.
 */
const SPEC = "https://openlineage.io/spec";

export interface DatasetFacts {
  /** Unique in the namespace. */
  name: string;
  uri: string;
  /** Null when it is not known yet. */
  version: number | null;
  fields: { name: string; type: string }[];
}

export interface OutputFacts extends DatasetFacts {
  rows: number;
  bytes: number;
  files: number;
  /** Field → the fields that it is made of. */
  origins: Record<string, { dataset: string; field: string; kind: OriginKind }[]>;
}

export interface RunFacts {
  id: string;
  job: string;
  kind: string;
  /** Null before it ends: who runs it may change with every attempt. */
  engine: { name: string; version: string } | null;
  startedAt: string | null;
  finishedAt: string | null;
  /** What it is about: the window that it writes, else the moment that it was asked for. */
  nominal: { start: string; end: string | null };
  parent: { runId: string; job: string } | null;
  end: "COMPLETE" | "FAIL" | "ABORT" | null;
  error: string | null;
  /** As declared, for the start; as read, for the end. */
  inputs: { declared: DatasetFacts[]; read: DatasetFacts[] };
  outputs: OutputFacts[];
}

type Facet = { _producer: string; _schemaURL: string } & Record<string, unknown>;
type Facets = Record<string, Facet>;

interface OpenLineageDataset {
  namespace: string;
  name: string;
  facets: Facets;
  outputFacets?: Facets;
}

export interface OpenLineageEvent {
  eventType: "START" | "COMPLETE" | "FAIL" | "ABORT";
  eventTime: string;
  producer: string;
  schemaURL: string;
  run: { runId: string; facets: Facets };
  job: { namespace: string; name: string; facets: Facets };
  inputs: OpenLineageDataset[];
  outputs: OpenLineageDataset[];
}

/** The events of a run so far, in order; none before it began. */
export function runEvents(
  run: RunFacts,
  { namespace, producer }: { namespace: string; producer: string },
): OpenLineageEvent[] {
  const facet = (schema: string, content: Record<string, unknown>): Facet => ({
    _producer: producer,
    _schemaURL: `${SPEC}/facets/${schema}`,
    ...content,
  });
  const datasetFacets = ({ name, uri, version, fields }: DatasetFacts): Facets => ({
    schema: facet("1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet", {
      fields: fields.map((field, index) => ({ ...field, ordinal_position: index + 1 })),
    }),
    dataSource: facet("1-0-1/DatasourceDatasetFacet.json#/$defs/DatasourceDatasetFacet", { name, uri }),
    ...(version !== null && {
      version: facet("1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet", {
        datasetVersion: String(version),
      }),
    }),
  });
  const toInput = (dataset: DatasetFacts): OpenLineageDataset => ({
    namespace,
    name: dataset.name,
    facets: datasetFacets(dataset),
  });
  const toOutput = (dataset: OutputFacts): OpenLineageDataset => ({
    namespace,
    name: dataset.name,
    facets: {
      ...datasetFacets(dataset),
      columnLineage: facet("1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet", {
        fields: Object.fromEntries(
          Object.entries(dataset.origins).map(([field, origins]) => [
            field,
            {
              inputFields: origins.map(({ dataset: name, field: input, kind }) => ({
                namespace,
                name,
                field: input,
                transformations: [TRANSFORMATIONS[kind]],
              })),
            },
          ]),
        ),
      }),
    },
    outputFacets: {
      outputStatistics: facet(
        "1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet",
        {
          rowCount: dataset.rows,
          size: dataset.bytes,
          fileCount: dataset.files,
        },
      ),
    },
  });
  const runFacets: Facets = {
    nominalTime: facet("1-0-1/NominalTimeRunFacet.json#/$defs/NominalTimeRunFacet", {
      nominalStartTime: run.nominal.start,
      ...(run.nominal.end !== null && { nominalEndTime: run.nominal.end }),
    }),
    ...(run.parent && {
      parent: facet("1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet", {
        run: { runId: run.parent.runId },
        job: { namespace, name: run.parent.job },
      }),
    }),
  };
  const event = (
    eventType: OpenLineageEvent["eventType"],
    eventTime: string,
    more: Partial<OpenLineageEvent> & { runFacets?: Facets },
  ): OpenLineageEvent => ({
    eventType,
    eventTime,
    producer,
    schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: { runId: run.id, facets: { ...runFacets, ...more.runFacets } },
    job: {
      namespace,
      name: run.job,
      facets: {
        jobType: facet("2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet", {
          processingType: "BATCH",
          integration: "TRIBUTARY",
          jobType: run.kind.toUpperCase(),
        }),
      },
    },
    inputs: more.inputs ?? [],
    outputs: more.outputs ?? [],
  });

  if (run.startedAt === null) return [];
  const events = [event("START", run.startedAt, { inputs: run.inputs.declared.map(toInput) })];
  if (run.end !== null && run.finishedAt !== null)
    events.push(
      event(run.end, run.finishedAt, {
        inputs: run.inputs.read.map(toInput),
        outputs: run.end === "COMPLETE" ? run.outputs.map(toOutput) : [],
        runFacets: {
          ...(run.engine && {
            processing_engine: facet("1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet", run.engine),
          }),
          ...(run.end === "FAIL" && {
            errorMessage: facet("1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet", {
              message: run.error ?? "The run failed.",
              programmingLanguage: "TypeScript",
            }),
          }),
        },
      }),
    );
  return events;
}

/** The specification's names; what it has no name for says so in words. */
const TRANSFORMATIONS: Record<OriginKind, Record<string, string>> = {
  value: { type: "DIRECT", subtype: "TRANSFORMATION" },
  rows: { type: "INDIRECT", description: "Decides which rows, groups or partners there are." },
  fit: { type: "INDIRECT", description: "Learned from when a stage was fitted, and not read to predict." },
};
