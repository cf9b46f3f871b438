/**
 * The calls of MLflow's tracking server and model registry that the product makes, the same for 2.x and 3.x. What is created can be
 * found again by a tag, so that a caller who died between creating and remembering creates nothing twice.
 */
import { z } from "zod";
import type { MlflowConnection } from "./connection";
import { isMlflowCode, MlflowError } from "./mlflow-error";
import { callMlflow, type MlflowCall, putArtifact } from "./request";

export interface Tag {
  key: string;
  value: string;
}

export interface Metric {
  key: string;
  value: number;
  /** Milliseconds since 1970. */
  timestamp: number;
  step: number;
}

/** A dataset that a run read, as MLflow describes one. */
export interface DatasetInput {
  /** `schema`, `profile` and `source` are JSON texts. */
  dataset: { name: string; digest: string; source_type: string; source: string; schema: string; profile: string };
  tags: Tag[];
}

export interface MlflowRun {
  runId: string;
  experimentId: string;
  /** Where its files are, such as `mlflow-artifacts:/1/RUN/artifacts`. */
  artifactUri: string;
}

/** What one call of log-batch may hold: at most 100 parameters, 100 tags, and 1000 of all three together. */
const BATCH = { metrics: 800, params: 100, tags: 100 } as const;

const Experiment = z.object({ experiment_id: z.string(), lifecycle_stage: z.string().default("active") });
const Run = z.object({
  info: z.object({ run_id: z.string(), experiment_id: z.string(), artifact_uri: z.string().default("") }),
});
const ModelVersion = z.object({
  version: z.coerce.string(),
  tags: z.array(z.object({ key: z.string(), value: z.string().default("") })).default([]),
});
const RegisteredModel = z.object({
  aliases: z.array(z.object({ alias: z.string(), version: z.coerce.string() })).default([]),
});

export class MlflowClient {
  /** @param signal ends whatever is under way */
  constructor(
    private readonly connection: MlflowConnection,
    private readonly signal?: AbortSignal,
  ) {}

  /** The id of the experiment of this name, which is created where there is none. */
  async ensureExperiment(name: string, tags: Tag[]): Promise<string> {
    const found = await this.findExperiment(name);
    if (found !== null) return found;
    try {
      const made = await this.post("experiments/create", { name, tags }, z.object({ experiment_id: z.string() }));
      return made.experiment_id;
    } catch (error) {
      // Somebody else was quicker.
      if (!isMlflowCode(error, "RESOURCE_ALREADY_EXISTS")) throw error;
      const theirs = await this.findExperiment(name);
      if (theirs === null) throw error;
      return theirs;
    }
  }

  private async findExperiment(name: string): Promise<string | null> {
    try {
      const { experiment } = await this.get(
        "experiments/get-by-name",
        { experiment_name: name },
        z.object({ experiment: Experiment }),
      );
      if (experiment.lifecycle_stage === "active") return experiment.experiment_id;
    } catch (error) {
      if (isMlflowCode(error, "RESOURCE_DOES_NOT_EXIST")) return null;
      throw error;
    }
    throw new MlflowError(
      `Experiment ${name} is deleted in MLflow. Restore it there, or delete it for good; then runs go on being sent.`,
      { status: null, code: null, isFinal: false },
    );
  }

  /** The run of an experiment that has this tag; null for none. */
  async findRun(experimentId: string, tag: Tag): Promise<MlflowRun | null> {
    const { runs } = await this.post(
      "runs/search",
      { experiment_ids: [experimentId], filter: `tags.\`${tag.key}\` = '${tag.value}'`, max_results: 1 },
      z.object({ runs: z.array(Run).default([]) }),
    );
    return runs[0] ? toRun(runs[0]) : null;
  }

  async createRun(run: { experimentId: string; name: string; startTime: number; tags: Tag[] }): Promise<MlflowRun> {
    const made = await this.post(
      "runs/create",
      { experiment_id: run.experimentId, run_name: run.name, start_time: run.startTime, tags: run.tags },
      z.object({ run: Run }),
    );
    return toRun(made.run);
  }

  /** Parameters, metrics and tags in as many calls as they need. The same again changes nothing. */
  async logBatch(runId: string, data: { params: Tag[]; metrics: Metric[]; tags: Tag[] }): Promise<void> {
    const { params, metrics, tags } = data;
    const calls = Math.max(
      Math.ceil(params.length / BATCH.params),
      Math.ceil(metrics.length / BATCH.metrics),
      Math.ceil(tags.length / BATCH.tags),
    );
    const part = <Item>(items: Item[], size: number, at: number) => items.slice(at * size, (at + 1) * size);
    for (let at = 0; at < calls; at += 1)
      await this.post("runs/log-batch", {
        run_id: runId,
        params: part(params, BATCH.params, at),
        metrics: part(metrics, BATCH.metrics, at),
        tags: part(tags, BATCH.tags, at),
      });
  }

  async logInputs(runId: string, datasets: DatasetInput[]): Promise<void> {
    if (datasets.length > 0) await this.post("runs/log-inputs", { run_id: runId, datasets });
  }

  /** Ends a run that went well. */
  async finishRun(runId: string, endTime: number): Promise<void> {
    await this.post("runs/update", { run_id: runId, status: "FINISHED", end_time: endTime });
  }

  /** Writes a file of a run. @throws MlflowError when its files are not behind the server */
  async putFile(run: MlflowRun, path: string, text: string): Promise<void> {
    const root = proxiedPath(run);
    if (root === null)
      throw new MlflowError(`The files of run ${run.runId} are at ${run.artifactUri}, not behind MLflow's server.`, {
        status: null,
        code: null,
        isFinal: true,
      });
    await putArtifact(this.connection, `${root}/${path}`, text, this.signal);
  }

  async ensureRegisteredModel(name: string, description: string, tags: Tag[]): Promise<void> {
    try {
      await this.post("registered-models/create", { name, description, tags });
    } catch (error) {
      if (!isMlflowCode(error, "RESOURCE_ALREADY_EXISTS")) throw error;
    }
  }

  /** The version of a model that a run made and that has this tag; null for none. */
  async findModelVersion(name: string, runId: string, tag: Tag): Promise<string | null> {
    const { model_versions: versions } = await this.get(
      "model-versions/search",
      { filter: `name='${name}' and run_id='${runId}'`, max_results: "100" },
      z.object({ model_versions: z.array(ModelVersion).default([]) }),
    );
    const found = versions.find(({ tags }) => tags.some(({ key, value }) => key === tag.key && value === tag.value));
    return found?.version ?? null;
  }

  /** @returns the number that MLflow gave it */
  async createModelVersion(version: {
    name: string;
    source: string;
    runId: string;
    description: string;
    tags: Tag[];
  }): Promise<string> {
    const { name, source, runId, description, tags } = version;
    const made = await this.post(
      "model-versions/create",
      { name, source, run_id: runId, description, tags },
      z.object({ model_version: ModelVersion }),
    );
    return made.model_version.version;
  }

  /** Alias → version of a registered model; null when there is no such model. */
  async getAliases(name: string): Promise<Map<string, string> | null> {
    try {
      const { registered_model: model } = await this.get(
        "registered-models/get",
        { name },
        z.object({ registered_model: RegisteredModel }),
      );
      return new Map(model.aliases.map(({ alias, version }) => [alias, version]));
    } catch (error) {
      if (isMlflowCode(error, "RESOURCE_DOES_NOT_EXIST")) return null;
      throw error;
    }
  }

  async setAlias(name: string, alias: string, version: string): Promise<void> {
    await this.post("registered-models/alias", { name, alias, version });
  }

  async deleteAlias(name: string, alias: string): Promise<void> {
    await this.call({ call: "registered-models/alias", method: "DELETE", body: { name, alias } });
  }

  private call(request: MlflowCall): Promise<unknown> {
    return callMlflow(this.connection, { ...request, ...(this.signal && { signal: this.signal }) });
  }

  private async get<Answer>(call: string, query: Record<string, string>, shape: z.ZodType<Answer>): Promise<Answer> {
    return read(call, shape, await this.call({ call, method: "GET", query }));
  }

  private async post<Answer = unknown>(call: string, body: object, shape?: z.ZodType<Answer>): Promise<Answer> {
    const answer = await this.call({ call, body });
    return shape ? read(call, shape, answer) : (answer as Answer);
  }
}

/** The folder of a run's files below the root of the server's artifact proxy; null when they are elsewhere. */
export function proxiedPath({ artifactUri }: MlflowRun): string | null {
  const found = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(artifactUri);
  return found?.[1] ?? null;
}

function toRun({ info }: z.output<typeof Run>): MlflowRun {
  return { runId: info.run_id, experimentId: info.experiment_id, artifactUri: info.artifact_uri };
}

function read<Answer>(call: string, shape: z.ZodType<Answer>, answer: unknown): Answer {
  const parsed = shape.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MlflowError(
    `MLflow's answer to ${call} lacks \`${issue?.path.join(".") ?? ""}\`. Is MLFLOW_TRACKING_URI the address of an MLflow tracking server of version 2 or 3?`,
    { status: 200, code: null, isFinal: false },
  );
}
