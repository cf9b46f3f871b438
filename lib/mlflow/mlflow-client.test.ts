import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeMlflow } from "./fake-mlflow.test-support";
import { MlflowClient } from "./mlflow-client";
import { MlflowError } from "./mlflow-error";

let server: FakeMlflow;
beforeEach(async () => {
  server = new FakeMlflow();
  await server.start();
});
afterEach(() => server.stop());

const client = (authorization: string | null = null, url = server.url) => new MlflowClient({ url, authorization });
const errorOf = async (work: Promise<unknown>): Promise<MlflowError> => {
  const error = await work.then(() => null).catch((reason: unknown) => reason);
  if (!(error instanceof MlflowError)) throw new Error(`expected a refusal, not ${String(error)}`);
  return error;
};
const newRun = async () => {
  const experimentId = await client().ensureExperiment("w.p", []);
  return client().createRun({ experimentId, name: "run", startTime: 1, tags: [{ key: "t", value: "x" }] });
};

describe("the client of MLflow", () => {
  it("creates an experiment once, also when somebody else is quicker", async () => {
    expect(await client().ensureExperiment("w.p", [])).toBe("1");
    expect(await client().ensureExperiment("w.p", [])).toBe("1");
    const both = await Promise.all([client().ensureExperiment("w.q", []), client().ensureExperiment("w.q", [])]);
    expect(both).toEqual(["2", "2"]);
    (server.experiments.get("w.p") as { deleted: boolean }).deleted = true;
    expect((await errorOf(client().ensureExperiment("w.p", []))).message).toContain(
      "w.p is deleted in MLflow. Restore it",
    );
  });

  it("finds a run by its tag", async () => {
    const run = await newRun();
    expect(run).toEqual({ runId: "r1", experimentId: "1", artifactUri: "mlflow-artifacts:/1/r1/artifacts" });
    expect(await client().findRun("1", { key: "t", value: "x" })).toEqual(run);
    expect(await client().findRun("1", { key: "t", value: "y" })).toBeNull();
  });

  it("sends any number of parameters, metrics and tags, within what a call may hold", async () => {
    const { runId } = await newRun();
    const many = (count: number) => Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: `v${i}` }));
    const metrics = Array.from({ length: 2001 }, (_, i) => ({ key: `m${i}`, value: i / 3, timestamp: 1, step: 0 }));
    await client().logBatch(runId, { params: many(250), metrics, tags: many(101) });
    const [run] = server.runs;
    expect(run?.params.size).toBe(250);
    expect(run?.metrics).toEqual(metrics);
    expect(run?.tags.get("k100")).toBe("v100");
    expect(server.calls.filter((call) => call === "runs/log-batch")).toHaveLength(3);
  });

  it("registers versions, finds them again, and moves aliases", async () => {
    const { runId } = await newRun();
    await client().ensureRegisteredModel("w.m", "", []);
    await client().ensureRegisteredModel("w.m", "", []);
    const tags = [{ key: "v", value: "1" }];
    const version = { name: "w.m", source: "s", runId, description: "", tags };
    expect(await client().findModelVersion("w.m", runId, { key: "v", value: "1" })).toBeNull();
    expect(await client().createModelVersion(version)).toBe("1");
    expect(await client().findModelVersion("w.m", runId, { key: "v", value: "1" })).toBe("1");
    expect(await client().getAliases("w.m")).toEqual(new Map());
    await client().setAlias("w.m", "production", "1");
    expect(await client().getAliases("w.m")).toEqual(new Map([["production", "1"]]));
    await client().deleteAlias("w.m", "production");
    expect(await client().getAliases("w.m")).toEqual(new Map());
    expect(await client().getAliases("other")).toBeNull();
    expect((await errorOf(client().setAlias("w.m", "production", "7"))).details).toMatchObject({ status: 404, isFinal: false }); // prettier-ignore
  });

  it("writes files through the server's proxy, and only there", async () => {
    const run = await newRun();
    await client().putFile(run, "model/a b.json", "{}");
    expect([...server.files]).toEqual([["1/r1/artifacts/model/a b.json", "{}"]]);
    const elsewhere = { ...run, artifactUri: "s3://bucket/1/r1/artifacts" };
    expect((await errorOf(client().putFile(elsewhere, "x", ""))).message).toContain(
      "are at s3://bucket/1/r1/artifacts",
    );
  });

  it("is let in by token or by name, and never says the secret", async () => {
    server.authorization = "Bearer a-secret-token";
    expect(await client("Bearer a-secret-token").ensureExperiment("w.p", [])).toBe("1");
    const anonymous = await errorOf(client().ensureExperiment("w.p", []));
    expect(anonymous.message).toContain("answered experiments/get-by-name with 401");
    expect(anonymous.message).toContain("Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and");
    // The server repeats the header in what it says.
    const wrong = await errorOf(client("Bearer another-secret").ensureExperiment("w.p", []));
    expect(wrong.message).toContain("Check that the account of MLFLOW_TRACKING_TOKEN");
    expect(wrong.message).not.toContain("another-secret");
    expect(wrong.details.isFinal).toBe(false);
  });

  it("tells an outage from a refusal, by host and call", async () => {
    const host = server.url.replace("http://", "");
    server.faults = [{ call: /get-by-name/, how: 500, times: 1 }];
    const broken = await errorOf(client().ensureExperiment("w.p", []));
    expect(broken.message).toBe(
      `MLflow at ${host} answered experiments/get-by-name with 500 INTERNAL_ERROR: Not today. It is tried again.`,
    );
    expect(broken.details.isFinal).toBe(false);
    const { runId } = await newRun();
    const params = [{ key: "a", value: "1" }];
    await client().logBatch(runId, { params, metrics: [], tags: [] });
    const changed = client().logBatch(runId, { params: [{ key: "a", value: "2" }], metrics: [], tags: [] });
    expect((await errorOf(changed)).details).toMatchObject({ status: 400, isFinal: true });
    await server.stop();
    const away = await errorOf(client().ensureExperiment("w.p", []));
    expect(away.message).toMatch(
      new RegExp(`^MLflow at ${host} did not answer experiments/get-by-name: .*(ECONNREFUSED|closed)`),
    );
  });

  it("gives up on a call when whoever asked does", async () => {
    server.faults = [{ call: /get-by-name/, how: "hang", times: 1 }];
    const impatient = new MlflowClient({ url: server.url, authorization: null }, AbortSignal.timeout(200));
    expect((await errorOf(impatient.ensureExperiment("w.p", []))).details.status).toBeNull();
  });

  it("does not take another server for MLflow", async () => {
    const wrong = await errorOf(client(null, `${server.url}/elsewhere`).ensureExperiment("w.p", []));
    expect(wrong.details).toMatchObject({ status: 404, isFinal: false });
  });
});
