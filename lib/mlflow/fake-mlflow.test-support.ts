/** For tests: the part of an MLflow server that the product calls, in memory, with the errors and limits of 3.17, and faults on demand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface FakeRun {
  runId: string;
  experimentId: string;
  name: string;
  status: string;
  startTime: number;
  endTime: number | null;
  params: Map<string, string>;
  metrics: { key: string; value: number; timestamp: number; step: number }[];
  tags: Map<string, string>;
  inputs: { dataset: Record<string, string>; tags: { key: string; value: string }[] }[];
}

interface FakeModel {
  versions: { version: string; source: string; run_id: string; tags: { key: string; value: string }[] }[];
  aliases: Map<string, string>;
}

interface Fault {
  /** Of the call's path. */
  call: RegExp;
  /** A status to answer with; `hang` never answers; `lost` does it and cuts the line before the answer. */
  how: number | "hang" | "lost";
  /** How many calls it hits. */
  times: number;
}

type Body = Record<string, never>;

export class FakeMlflow {
  readonly experiments = new Map<string, { id: string; deleted: boolean }>();
  readonly runs: FakeRun[] = [];
  readonly models = new Map<string, FakeModel>();
  readonly files = new Map<string, string>();
  /** Paths of the calls so far. */
  readonly calls: string[] = [];
  faults: Fault[] = [];
  /** The `authorization` header that is asked for; null lets everybody in. */
  authorization: string | null = null;
  artifactRoot = "mlflow-artifacts:";
  private server: Server | null = null;
  port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Begins to listen, on the port that it had before. */
  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.answer(request, response));
    await new Promise<void>((resolve) => this.server?.listen(this.port, "127.0.0.1", resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(null)));
    this.server = null;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url ?? "", this.url);
    const call = url.pathname.replace("/api/2.0/mlflow/", "").replace("/api/2.0/mlflow-artifacts/artifacts/", "put ");
    this.calls.push(call);
    const send = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (this.authorization !== null && request.headers.authorization !== this.authorization)
      return void response.writeHead(401).end(`You are not authenticated as ${request.headers.authorization ?? "anybody"}.`); // prettier-ignore
    const fault = this.faults.find((one) => one.times > 0 && one.call.test(call));
    if (fault) fault.times -= 1;
    if (fault?.how === "hang") return;
    if (typeof fault?.how === "number")
      return void send(fault.how, { error_code: "INTERNAL_ERROR", message: "Not today." });
    let done: object;
    try {
      if (request.method === "PUT") {
        this.files.set(decodeURIComponent(call.slice("put ".length)), text);
        done = {};
      } else
        done = this.perform(call, request.method ?? "", {
          ...Object.fromEntries(url.searchParams),
          ...(text === "" ? {} : (JSON.parse(text) as Body)),
        });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return void send(error.status, { error_code: error.code, message: error.message });
    }
    if (fault?.how === "lost") return void request.socket.destroy();
    send(200, done);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies as they come, read by name
  private perform(call: string, method: string, body: any): object {
    switch (`${method} ${call}`) {
      case "GET experiments/get-by-name": {
        const found = this.experiments.get(body.experiment_name as string);
        if (!found) throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment");
        return { experiment: { experiment_id: found.id, lifecycle_stage: found.deleted ? "deleted" : "active" } };
      }
      case "POST experiments/create": {
        if (this.experiments.has(body.name as string)) throw new Refusal(400, "RESOURCE_ALREADY_EXISTS", "exists");
        const id = String(this.experiments.size + 1);
        this.experiments.set(body.name as string, { id, deleted: false });
        return { experiment_id: id };
      }
      case "POST runs/search": {
        const [, key, value] = /^tags\.`([^`]+)` = '([^']*)'$/.exec(body.filter as string) ?? [];
        const found = this.runs.filter(
          (run) =>
            (body.experiment_ids as string[]).includes(run.experimentId) && run.tags.get(key as string) === value,
        );
        return found.length === 0 ? {} : { runs: found.map((run) => this.toRun(run)) };
      }
      case "POST runs/create": {
        const run: FakeRun = {
          runId: `r${this.runs.length + 1}`,
          experimentId: body.experiment_id as string,
          name: body.run_name as string,
          status: "RUNNING",
          startTime: body.start_time as number,
          endTime: null,
          params: new Map(),
          metrics: [],
          tags: new Map(),
          inputs: [],
        };
        this.runs.push(run);
        setTags(run.tags, body.tags as Tags);
        return { run: this.toRun(run) };
      }
      case "POST runs/log-batch": {
        const run = this.runOf(body.run_id as string);
        const { params = [], metrics = [], tags = [] } = body as { params?: Tags; metrics?: FakeRun["metrics"]; tags?: Tags }; // prettier-ignore
        if (params.length > 100 || tags.length > 100 || params.length + metrics.length + tags.length > 1000)
          throw new Refusal(400, "INVALID_PARAMETER_VALUE", "A batch logging request can contain at most 1000 values");
        for (const { key, value } of params) {
          if (run.params.get(key) !== undefined && run.params.get(key) !== value)
            throw new Refusal(400, "INVALID_PARAMETER_VALUE", "Changing param values is not allowed.");
          // As 3.17 does, in silence.
          run.params.set(key, value.slice(0, 6000));
        }
        for (const metric of metrics)
          if (!run.metrics.some((one) => JSON.stringify(one) === JSON.stringify(metric))) run.metrics.push(metric);
        setTags(run.tags, tags);
        return {};
      }
      case "POST runs/log-inputs": {
        const run = this.runOf(body.run_id as string);
        for (const input of body.datasets as FakeRun["inputs"]) {
          if ((input.dataset.digest?.length ?? 0) > 36)
            throw new Refusal(400, "INVALID_PARAMETER_VALUE", "Dataset digest exceeds the maximum length of 36");
          if (!run.inputs.some((one) => one.dataset.name === input.dataset.name && one.dataset.digest === input.dataset.digest)) run.inputs.push(input); // prettier-ignore
        }
        return {};
      }
      case "POST runs/update": {
        const run = this.runOf(body.run_id as string);
        run.status = body.status as string;
        run.endTime = body.end_time as number;
        return { run_info: {} };
      }
      case "POST registered-models/create":
        if (this.models.has(body.name as string)) throw new Refusal(400, "RESOURCE_ALREADY_EXISTS", "exists");
        this.models.set(body.name as string, { versions: [], aliases: new Map() });
        return { registered_model: { name: body.name as string } };
      case "GET registered-models/get": {
        const { aliases } = this.modelOf(body.name as string);
        const list = [...aliases].map(([alias, version]) => ({ alias, version }));
        return { registered_model: { name: body.name as string, ...(list.length > 0 && { aliases: list }) } };
      }
      case "POST model-versions/create": {
        const { versions } = this.modelOf(body.name as string);
        const version = String(versions.length + 1);
        const { source, run_id: runId, tags } = body as { source: string; run_id: string; tags: Tags };
        versions.push({ version, source, run_id: runId, tags });
        return { model_version: { name: body.name as string, version, tags } };
      }
      case "GET model-versions/search": {
        const [, name, runId] = /^name='([^']*)' and run_id='([^']*)'$/.exec(body.filter as string) ?? [];
        return {
          model_versions: (this.models.get(name as string)?.versions ?? []).filter((one) => one.run_id === runId),
        };
      }
      case "POST registered-models/alias": {
        const { versions, aliases } = this.modelOf(body.name as string);
        if (!versions.some(({ version }) => version === body.version))
          throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "Model Version not found");
        aliases.set(body.alias as string, body.version as string);
        return {};
      }
      case "DELETE registered-models/alias":
        this.modelOf(body.name as string).aliases.delete(body.alias as string);
        return {};
      default:
        throw new Refusal(404, "ENDPOINT_NOT_FOUND", `No ${method} ${call}`);
    }
  }

  private runOf(id: string): FakeRun {
    const run = this.runs.find(({ runId }) => runId === id);
    if (!run) throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", `Run with id=${id} not found`);
    return run;
  }

  private modelOf(name: string): FakeModel {
    const model = this.models.get(name);
    if (!model) throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", `Registered Model with name=${name} not found`);
    return model;
  }

  private toRun({ runId, experimentId }: FakeRun): object {
    const artifactUri = `${this.artifactRoot}/${experimentId}/${runId}/artifacts`;
    return { info: { run_id: runId, experiment_id: experimentId, artifact_uri: artifactUri } };
  }
}

type Tags = { key: string; value: string }[];

function setTags(tags: Map<string, string>, given: Tags = []): void {
  for (const { key, value } of given) tags.set(key, value);
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
