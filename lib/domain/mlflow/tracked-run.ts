/** A run that fitted a model, as MLflow keeps runs: parameters, metrics, tags and datasets. */

interface TrackedTag {
  key: string;
  value: string;
}

/** Everything that is told of a run. */
export interface RunFacts {
  id: string;
  number: number;
  /** Name of the workspace. */
  workspace: string;
  pipeline: string;
  title: string;
  kind: string;
  /** Deployment and job that it is a run of; null for none. */
  deployment: { name: string; job: string } | null;
  startedBy: string;
  /** Page of the portal. */
  url: string;
  startedAt: Date;
  finishedAt: Date;
  /** Digest of what the variant computes. */
  planSignature: string;
  /** Column → the stage that writes it. */
  choice: Record<string, string>;
  stages: { name: string; operator: string; params: Record<string, unknown>; digest: string }[];
  /** Part → metric → value. */
  metrics: Record<string, Record<string, number>>;
  engine: string;
  environment: Record<string, unknown>;
  inputs: DatasetFacts[];
  /** What it made; null when it made no new version. */
  model: { name: string; version: number; verdict: string; sentence: string } | null;
}

interface DatasetFacts {
  dataset: string;
  version: number;
  digest: string;
  rows: number;
  uri: string;
  columns: { name: string; type: string }[];
}

export interface TrackedRun {
  experiment: string;
  name: string;
  startTime: number;
  endTime: number;
  params: TrackedTag[];
  metrics: { key: string; value: number; timestamp: number; step: number }[];
  /** Those by which the run is found again come with its creation. */
  tags: TrackedTag[];
  datasets: { dataset: Record<DatasetField, string>; tags: TrackedTag[] }[];
  /** Parameters that are too long for MLflow, in full, for a file beside them. */
  longParams: Record<string, string>;
}

type DatasetField = "name" | "digest" | "source_type" | "source" | "schema" | "profile";

/** By which a run, and a model version, is found again. */
export const RUN_TAG = "tributary.run_id";
export const VERSION_TAG = "tributary.version";
/** Where parameters are that are too long, below a run's files. */
export const LONG_PARAMS_FILE = "tributary/parameters.json";

/** Characters of a parameter; above it, MLflow would cut the value in silence, or refuse it. */
const MOST_PARAM = 6000;
const MOST_KEY = 250;
/** Characters of a dataset's digest. */
const MOST_DIGEST = 36;

/** Names in MLflow, whose experiments and models are of all workspaces together. */
export const trackedName = (workspace: string, name: string): string => `${workspace}.${name}`;

export function toTrackedRun(facts: RunFacts): TrackedRun {
  const all: [string, string][] = [
    ...Object.entries(facts.choice).map(([column, stage]): [string, string] => [`choice.${column}`, stage]),
    ...facts.stages.flatMap(({ name, params }) =>
      Object.entries(params).map(([param, value]): [string, string] => [`${name}.${param}`, inWords(value)]),
    ),
  ];
  const isLong = ([key, value]: [string, string]) => value.length > MOST_PARAM || key.length > MOST_KEY;
  const long = all.filter(isLong);
  return {
    experiment: trackedName(facts.workspace, facts.pipeline),
    name: `${facts.kind} ${facts.number}`,
    startTime: facts.startedAt.getTime(),
    endTime: facts.finishedAt.getTime(),
    params: [
      ...all.filter((one) => !isLong(one)),
      ...long
        .filter(([key]) => key.length <= MOST_KEY)
        .map(([key, value]): [string, string] => [
          key,
          `${value.length} characters, in full in the artifact ${LONG_PARAMS_FILE}`,
        ]),
    ].map(([key, value]) => ({ key, value })),
    metrics: Object.entries(facts.metrics).flatMap(([part, values]) =>
      Object.entries(values)
        .filter(([, value]) => Number.isFinite(value))
        .map(([metric, value]) => ({
          key: `${part}/${metric}`,
          value,
          timestamp: facts.finishedAt.getTime(),
          step: 0,
        })),
    ),
    tags: tagsOf(facts),
    datasets: facts.inputs.map((input) => datasetOf(facts.workspace, input)),
    longParams: Object.fromEntries(long),
  };
}

function tagsOf(facts: RunFacts): TrackedTag[] {
  const { model, deployment, environment } = facts;
  const tags: Record<string, string> = {
    [RUN_TAG]: facts.id,
    "tributary.run": `${facts.workspace}/${facts.number}`,
    "tributary.url": facts.url,
    "tributary.title": facts.title,
    "tributary.plan_signature": facts.planSignature,
    "tributary.engine": facts.engine,
    ...(deployment && { "tributary.deployment": deployment.name, "tributary.job": deployment.job }),
    ...(model && {
      "tributary.model": `${model.name} v${model.version}`,
      "tributary.leakage_verdict": model.verdict,
    }),
    ...Object.fromEntries(
      facts.inputs.map(({ dataset, version }): [string, string] => [`tributary.data.${dataset}`, `v${version}`]),
    ),
    ...Object.fromEntries(
      facts.stages.map(({ name, operator, digest }): [string, string] => [`tributary.stage.${name}`, `${operator} ${digest.slice(0, 12)}`]), // prettier-ignore
    ),
    "mlflow.user": facts.startedBy,
    "mlflow.source.type": "JOB",
    "mlflow.source.name": facts.url,
    ...(typeof environment.commit === "string" && { "mlflow.source.git.commit": environment.commit }),
    "mlflow.note.content": `Run ${facts.number} of ${facts.title} in [Tributary](${facts.url}).${model ? ` ${model.sentence}` : ""}`,
  };
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** The whole digest is in the source; MLflow's own field holds its beginning, with the version before it. */
function datasetOf(workspace: string, input: DatasetFacts): TrackedRun["datasets"][number] {
  const { dataset, version, digest, rows, uri, columns } = input;
  return {
    dataset: {
      name: trackedName(workspace, dataset),
      digest: `v${version}-${digest}`.slice(0, MOST_DIGEST),
      source_type: "tributary",
      source: JSON.stringify({ uri, version, digest }),
      schema: JSON.stringify({ mlflow_colspec: columns.map(toColumnSpec) }),
      profile: JSON.stringify({ num_rows: rows }),
    },
    tags: [{ key: "mlflow.data.context", value: "training" }],
  };
}

const COLUMN_TYPES: Record<string, string> = {
  boolean: "boolean",
  bigint: "long",
  double: "double",
  date: "datetime",
  timestamp: "datetime",
};

function toColumnSpec({ name, type }: DatasetFacts["columns"][number]): object {
  if (type === "vector") return { type: "array", items: { type: "double" }, name, required: false };
  if (type === "strings") return { type: "array", items: { type: "string" }, name, required: false };
  return { type: COLUMN_TYPES[type] ?? "string", name, required: false };
}

function inWords(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
