/** A real MLflow server: what it is told, what its own client loads and predicts, and what its people do to aliases. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { type Deliveries, startDeliveries } from "@/lib/jobs/deliveries";
import { MlflowClient } from "@/lib/mlflow/mlflow-client";
import { getModel } from "@/lib/registry/models/models";
import { type Alias, findAlias, moveAlias } from "@/lib/registry/models/aliases";
import { getRun } from "@/lib/registry/runs/runs";
import { systemScope } from "@/lib/registry/scope";
import { setEnvironment } from "../channel-fixture";
import { type OnlineWorkspace, openOnlineWorkspace } from "../online-workspace";
import { MlflowServer } from "./mlflow-server";
import { mlflowPython, run as execute } from "./python-environment";

const SPECS = (regParam: number) => `
kind: Workspace
name: shop
title: Shop
---
kind: Entity
name: visit
joinKeys: [{ name: id, type: bigint }]
---
kind: Source
name: visits
entity: visit
format: parquet
location: "{folder}/visits.parquet"
columns:
  - { name: id, type: bigint }
  - { name: pages, type: bigint }
  - { name: minutes, type: double }
  - { name: bought, type: boolean }
rowKey: [id]
---
{ kind: SplitPolicy, name: s, type: hash, algo: md5-32, key: id, salt: x, buckets: 100, parts: { train: [[0, 70]], test: [[70, 100]] } }
---
kind: Stage
name: longer
entity: visit
transformer: sql
inputs: [visit.minutes]
outputs: [{ column: visit.seconds, type: double }]
params: { statement: "SELECT *, minutes * 60 AS seconds FROM __THIS__ /* ${"seconds of a visit ".repeat(400)} */" }
---
kind: Stage
name: assembled
entity: visit
transformer: VectorAssembler
inputs: [visit.pages, visit.seconds]
outputs: [{ column: visit.vector, type: vector }]
params: { handleInvalid: skip }
---
kind: Stage
name: buys
entity: visit
estimator: LogisticRegression
inputs: [visit.vector]
fitInputs: [visit.bought]
outputs: [{ column: visit.buys, type: double }]
params: { regParam: ${regParam} }
---
kind: Pipeline
name: buyers
outputs: [visit.buys]
fit: { split: s, parts: [train] }
evaluate: { split: s, test: [test], label: visit.bought, model: buyers, unit: [id] }
`;
const ROWS = `SELECT i::BIGINT AS id, (i * 7 % 13)::BIGINT AS pages, CASE WHEN i % 17 <> 0 THEN (i * 37 % 101) / 7.0 END AS minutes,
  (i * 37 % 101) + 5 * (i * 7 % 13) + 30 * (i % 3) > 100 AS bought FROM range(600) r(i)`;
const NAME = "shop.buyers";

const READ = `
import json, mlflow
client = mlflow.MlflowClient()
run = client.search_runs([client.get_experiment_by_name("shop.buyers").experiment_id], order_by=["attributes.start_time ASC"])
version = client.get_model_version("${NAME}", "1")
print(json.dumps({
    "runs": len(run), "params": run[0].data.params, "metrics": run[0].data.metrics, "tags": run[0].data.tags, "status": run[0].info.status,
    "inputs": [[one.dataset.name, one.dataset.digest, json.loads(one.dataset.profile)] for one in run[0].inputs.dataset_inputs],
    "long": json.loads(mlflow.artifacts.load_text(run[0].info.artifact_uri + "/tributary/parameters.json")),
    "version": {"run": version.run_id, "tags": version.tags}, "run": run[0].info.run_id,
}))
`;
const PREDICT = `
import json, sys
import mlflow, pandas
alias = sys.argv[1]
rows = json.load(sys.stdin)
model = mlflow.pyfunc.load_model("models:/${NAME}@" + alias)
answer = model.predict(pandas.DataFrame({"pages": pandas.Series(rows["pages"], dtype="int64"), "seconds": pandas.Series(rows["seconds"], dtype="float64")}))
print(json.dumps({"buys": [None if value != value else value for value in answer["buys"]], "inputs": model.metadata.get_input_schema().to_dict(), "outputs": model.metadata.get_output_schema().to_dict()}))
`;

const python = await mlflowPython();

describe.skipIf(!python)("MLflow", () => {
  let world: OnlineWorkspace;
  let server: MlflowServer;
  let deliveries: Deliveries;
  const predictions: Record<string, unknown>[][] = [];

  beforeAll(async () => {
    world = await openOnlineWorkspace("shop");
    const folder = path.join(world.folder, "mlflow");
    mkdirSync(folder);
    server = await MlflowServer.start(python, folder);
    setEnvironment({
      TRIBUTARY_DATA: world.folder,
      MLFLOW_TRACKING_URI: `${server.url}/`,
      TRIBUTARY_MLFLOW_POLL_SECONDS: "1",
    });
    await world.write("visits.parquet", ROWS);
    for (const regParam of [0, 0.05]) {
      await world.apply(SPECS(regParam));
      const run = await world.runPipeline("buyers");
      expect([run.state, run.error]).toEqual(["succeeded", null]);
      const rows: Record<string, unknown>[] = [];
      const file = (run.outputs[0]?.files as { path: string }[])[0]?.path ?? "";
      for await (const batch of world.engine.readRows(path.join(world.folder, file), {
        columns: ["id", "buys"],
        keys: ["id"],
      }))
        // prettier-ignore
        rows.push(...batch);
      predictions.push(rows);
    }
    deliveries = startDeliveries();
    await told();
  }, 900_000);
  afterAll(async () => {
    await deliveries?.stop();
    await server?.stop();
    await world?.close();
    setEnvironment({});
  });

  /** Until MLflow was told everything. */
  async function told(): Promise<void> {
    await until("no message waits", async () => {
      const rows = await prisma().outboxMessage.findMany({ where: { channel: "mlflow", state: { not: "sent" } } });
      const failed = rows.find(({ state }) => state === "failed");
      if (failed) throw new Error(failed.lastError ?? "");
      return rows.length === 0;
    });
  }

  async function until(what: string, done: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 120_000; !(await done()); await new Promise((resolve) => setTimeout(resolve, 100)))
      if (Date.now() > end) throw new Error(`Not within two minutes: ${what}`);
  }

  async function move(alias: Alias, version: number): Promise<void> {
    const workspace = await prisma().workspace.findFirstOrThrow({ where: { name: "shop" } });
    const model = await prisma().model.findFirstOrThrow({ include: { versions: true } });
    await prisma().$transaction(async (tx) => {
      const modelVersionId = model.versions.find((one) => one.version === version)?.id ?? "";
      const base = await findAlias(tx, model.id, alias);
      await moveAlias(tx, systemScope(workspace), { modelId: model.id, alias, modelVersionId, baseVersionId: base?.modelVersionId ?? null }); // prettier-ignore
    });
  }

  const inPython = <Answer>(code: string, args: string[] = [], input: unknown = null) =>
    JSON.parse(execute(python, ["-c", code, ...args], JSON.stringify(input), { MLFLOW_TRACKING_URI: server.url }).trim().split("\n").at(-1) ?? "") as Answer; // prettier-ignore
  const theirs = () => new MlflowClient({ url: server.url, authorization: null }).getAliases(NAME);

  it("has the runs with parameters, metrics, tags, datasets and what is too long in a file", async () => {
    const [first] = await prisma().run.findMany({ orderBy: { number: "asc" } });
    const read = inPython<{
      runs: number;
      run: string;
      params: Record<string, string>;
      metrics: Record<string, number>;
      tags: Record<string, string>;
      status: string;
      inputs: unknown[];
      long: Record<string, string>;
      version: { run: string; tags: Record<string, string> };
    }>(READ);
    expect(read).toMatchObject({ runs: 2, status: "FINISHED" });
    expect(read.params).toMatchObject({ "buys.regParam": "0", "assembled.handleInvalid": "skip", "choice.visit.buys": "buys" }); // prettier-ignore
    expect(read.params["longer.statement"]).toMatch(/^76\d\d characters, in full in the artifact tributary\/parameters\.json$/); // prettier-ignore
    expect(read.long["longer.statement"]).toContain("SELECT *, minutes * 60 AS seconds FROM __THIS__");
    const metrics = (first?.metrics as Record<string, Record<string, number>>).test ?? {};
    expect(read.metrics["test/auc"]).toBe(metrics.auc);
    expect(Object.keys(metrics).every((name) => read.metrics[`test/${name}`] === metrics[name])).toBe(true);
    expect(read.tags["tributary.run_id"]).toBe(first?.id);
    expect(read.tags["tributary.data.visits"]).toBe("v1");
    expect(read.inputs).toEqual([["shop.visits", expect.stringMatching(/^v1-[0-9a-f]{33}$/), { num_rows: 600 }]]);
    expect(read.version.run).toBe(read.run);
    expect(read.version.tags).toMatchObject({ "tributary.version": "1", "tributary.artifact": "python_function" });
    const run = await getRun(SYSTEM, first?.id ?? "");
    expect(run.modelVersions).toMatchObject([{ model: "buyers", version: 1 }]);
    const model = await getModel(SYSTEM, "shop", "buyers");
    expect(model.versions.map(({ where }) => where.externalId)).toEqual([`${NAME}/2`, `${NAME}/1`]);
  });

  it("loads the version that an alias names, which predicts what our runs wrote", async () => {
    await move("production", 2);
    await told();
    expect(await theirs()).toEqual(new Map([["staging", "1"], ["production", "2"]])); // prettier-ignore
    const rows: Record<string, unknown>[] = [];
    for await (const batch of world.engine.readRows(path.join(world.folder, "visits.parquet"), {
      columns: ["id", "pages", "minutes"],
      keys: ["id"],
    }))
      // prettier-ignore
      rows.push(...batch);
    const given = {
      pages: rows.map(({ pages }) => Number(pages)),
      seconds: rows.map(({ minutes }) => (minutes === null ? null : Number(minutes) * 60)),
    };
    for (const [alias, own] of [
      ["staging", predictions[0]],
      ["production", predictions[1]],
    ] as const) {
      // prettier-ignore
      const answer = inPython<{ buys: (number | null)[]; inputs: unknown; outputs: unknown }>(PREDICT, [alias], given);
      expect(answer.inputs).toEqual([
        { type: "long", name: "pages", required: true },
        { type: "double", name: "seconds", required: true },
      ]);
      expect(answer.outputs).toEqual([{ type: "double", name: "buys", required: true }]);
      expect(answer.buys).toHaveLength(600);
      expect(answer.buys.filter((value) => value === null)).toHaveLength(36);
      answer.buys.forEach((value, at) => {
        const ours = own?.[at]?.buys as number | null;
        if (ours === null) return expect(value).toBeNull();
        expect(Math.abs((value ?? NaN) - ours)).toBeLessThanOrEqual(1e-12);
      });
    }
    expect(predictions[0]?.[1]?.buys).not.toBe(predictions[1]?.[1]?.buys);
  });

  it("whose people move an alias makes a change request, and is put back", async () => {
    inPython(`import mlflow; mlflow.MlflowClient().set_registered_model_alias("${NAME}", "staging", "2"); print("{}")`);
    await until("a request is open", async () => (await prisma().changeRequest.count()) > 0);
    const [change] = await prisma().changeRequest.findMany();
    expect(change).toMatchObject({ title: "Promote buyers v2 to staging", authorName: "MLflow" });
    await until("the alias is put back", async () => (await theirs())?.get("staging") === "1");
  });

  it("that is away is told when it is back", async () => {
    await server.stop();
    await move("production", 1);
    await until("an attempt failed", async () => {
      const waiting = await prisma().outboxMessage.findFirst({ where: { channel: "mlflow", state: "pending" } });
      return waiting?.lastError?.startsWith(`MLflow at 127.0.0.1:${server.port} did not answer`) ?? false;
    });
    await server.start();
    await told();
    expect((await theirs())?.get("production")).toBe("1");
    // Nothing of it is taken for somebody's move.
    expect(await prisma().changeRequest.count()).toBe(1);
  });
});
