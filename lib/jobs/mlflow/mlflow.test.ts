/** What MLflow is told, and what is learned from it, against a server in memory that can be away, broken or slow. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as contracts from "@/lib/contracts/models";
import { closeDatabase, prisma } from "@/lib/db/client";
import { FakeMlflow } from "@/lib/mlflow/fake-mlflow.test-support";
import { MlflowClient } from "@/lib/mlflow/mlflow-client";
import { deliverMessages } from "@/lib/notify/deliver-messages";
import { applyChange, openChange, reviewChange } from "@/lib/registry/changes/changes";
import { claimRun } from "@/lib/registry/execution/claims";
import { getModel } from "@/lib/registry/models/models";
import { mlflowMessages } from "@/lib/registry/models/mlflow-state";
import { getRun } from "@/lib/registry/runs/runs";
import { startRun } from "@/lib/registry/runs/start";
import { filledRegistry } from "@/test/filled-registry";
import { openTestDatabase } from "@/test/open-test-database";
import type { Fixture } from "@/test/registry-fixture";
import { executeRun } from "../run/execute-run";
import { ProgressWriter } from "../run/progress-writer";
import { createFakeEngine } from "../test-engine.test-support";
import { sendMlflow } from "./send-mlflow";
import { watchAliases } from "./watch-aliases";

const MODEL = "late_model";
const NAME = `flights.${MODEL}`;
const engine = createFakeEngine();
const data = mkdtempSync(path.join(tmpdir(), "tributary-mlflow-"));
const server = new FakeMlflow();
let fixture: Fixture;

beforeAll(async () => {
  await server.start();
  process.env.TRIBUTARY_DATA = data;
  process.env.MLFLOW_TRACKING_URI = server.url;
  process.env.MLFLOW_TRACKING_USERNAME = "ada";
  process.env.MLFLOW_TRACKING_PASSWORD = "pass:word";
  server.authorization = `Basic ${Buffer.from("ada:pass:word").toString("base64")}`;
  await openTestDatabase();
});
beforeEach(async () => {
  fixture = await filledRegistry();
  server.faults = [];
  server.runs.length = 0;
  server.calls.length = 0;
  for (const kept of [server.experiments, server.models, server.files]) kept.clear();
});
afterEach(() => prisma().outboxMessage.deleteMany());
afterAll(async () => {
  await server.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

/** A run that makes another version of the model. @returns the version's number here */
async function fit(): Promise<number> {
  const id = await startRun(fixture.people.ada, { workspace: "flights", pipeline: "late_departures" }, engine);
  const run = await claimRun(id);
  if (!run) throw new Error("The run was taken by somebody else.");
  await executeRun(run, engine, new ProgressWriter(run));
  const made = await prisma().modelVersion.findFirstOrThrow({ where: { runId: id } });
  return made.version;
}

/** Promotes a version to staging, which the first one that has no other before it gets by itself. */
async function stage(version: number): Promise<void> {
  if ((await ourAlias("staging")) === version) return;
  const change = await openChange(fixture.people.ada, { workspace: "flights", model: MODEL, environment: "staging", version }); // prettier-ignore
  await approve(change.id);
}

async function approve(id: string): Promise<void> {
  await reviewChange(fixture.people.chiara, id, { decision: "approve" });
  await applyChange(fixture.people.ada, id);
}

async function deliver(): Promise<void> {
  while ((await deliverMessages({ mlflow: sendMlflow })) > 0);
}

/** Lets the time pass that messages wait for. */
async function wait(): Promise<void> {
  await prisma().outboxMessage.updateMany({ where: { state: "pending" }, data: { nextAttemptAt: new Date(0) } });
}

const messages = () => prisma().outboxMessage.findMany({ where: { channel: "mlflow" }, orderBy: { id: "asc" } });
const watch = () => watchAliases(new MlflowClient({ url: server.url, authorization: server.authorization }));
const theirAlias = (alias: string) => server.models.get(NAME)?.aliases.get(alias);
const ourAlias = async (alias: string) =>
  (await prisma().modelAlias.findFirst({ where: { alias, model: { name: MODEL } }, select: { modelVersion: true } }))
    ?.modelVersion.version;
const requests = () =>
  prisma().changeRequest.findMany({ where: { authorId: "system:mlflow" }, orderBy: { number: "asc" } });

describe("a run that fitted a model", () => {
  it("arrives with parameters, metrics, tags and datasets, and its version is registered", async () => {
    const version = await fit();
    await deliver();
    const [run] = server.runs;
    expect(server.runs).toHaveLength(1);
    expect(run).toMatchObject({ status: "FINISHED", experimentId: "1" });
    expect([...server.experiments.keys()]).toEqual(["flights.late_departures"]);
    const made = await prisma().modelVersion.findFirstOrThrow({ where: { version, model: { name: MODEL } }, include: { run: true, variant: true } }); // prettier-ignore
    expect(run?.tags.get("tributary.run_id")).toBe(made.runId);
    expect(run?.tags.get("tributary.plan_signature")).toMatch(/^[0-9a-f]{64}$/);
    expect(run?.tags.get("tributary.url")).toContain(`/runs/${made.runId}?workspace=flights`);
    expect(run?.params.get("late_logistic.maxIter")).toBe("25");
    const metrics = (made.run?.metrics as Record<string, Record<string, number>>).test ?? {};
    expect(run?.metrics.find(({ key }) => key === "test/auc")?.value).toBe(metrics.auc);
    expect(run?.inputs.map(({ dataset }) => dataset.name)).toEqual(["flights.airports", "flights.flights"]);
    expect(server.models.get(NAME)?.versions).toMatchObject([{ version: "1", run_id: "r1", source: "mlflow-artifacts:/1/r1/artifacts/model" }]); // prettier-ignore
    const tags = new Map(server.models.get(NAME)?.versions[0]?.tags.map(({ key, value }) => [key, value]));
    expect(tags.get("tributary.version")).toBe(String(version));
    // The test's engine keeps what it learned in a form of its own.
    expect(tags.get("tributary.artifact")).toMatch(/^none: It was fitted by engine fake/);
    expect(made).toMatchObject({ externalId: `${NAME}/1`, run: { externalId: "1/r1" } });
  });

  it("is there once, whoever dies and whatever arrives twice", async () => {
    await fit();
    // MLflow did it, and nobody here heard: of the run, of its data, of the version.
    for (const call of [/^runs\/create$/, /log-batch/, /^runs\/update/, /model-versions\/create/]) {
      server.faults = [{ call, how: "lost", times: 1 }];
      await deliver();
      expect((await messages()).map(({ state }) => state)).toContain("pending");
      await wait();
    }
    server.faults = [];
    await deliver();
    await prisma().outboxMessage.updateMany({ data: { state: "pending", nextAttemptAt: new Date(0) } });
    await deliver();
    expect((await messages()).every(({ state }) => state === "sent")).toBe(true);
    expect(server.runs).toHaveLength(1);
    expect(server.runs[0]?.status).toBe("FINISHED");
    expect(server.models.get(NAME)?.versions).toHaveLength(1);
    const keys = server.runs[0]?.metrics.map(({ key }) => key) ?? [];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("waits while MLflow is away, in order, with what is wrong, and arrives when it is back", async () => {
    await server.stop();
    const version = await fit();
    await stage(version);
    for (let attempt = 1; attempt <= 40; attempt += 1) {
      await wait();
      await deliver();
    }
    const [first, second] = await messages();
    expect(first).toMatchObject({ state: "pending", attempts: 40 });
    expect(first?.lastError).toMatch(/^MLflow at 127\.0\.0\.1:\d+ did not answer experiments\/get-by-name/);
    expect(first?.lastError).not.toContain("pass:word");
    expect((first?.nextAttemptAt?.getTime() ?? Infinity) - Date.now()).toBeLessThan(61_000);
    expect(second).toMatchObject({ state: "pending", attempts: 0 });
    const waiting = { state: "waiting", url: null, waiting: 2, since: first?.createdAt.toISOString(), lastError: first?.lastError }; // prettier-ignore
    const runId = (first?.payload as { runId?: string }).runId ?? (second?.payload as { runId: string }).runId;
    expect((await getRun(fixture.people.ada, runId)).mlflow).toEqual(waiting);
    expect((await getModel(fixture.people.ada, "flights", MODEL)).mlflow).toEqual(waiting);
    expect(await mlflowMessages()).toEqual({ waiting: 2, refused: 0, since: waiting.since });
    await server.start();
    await wait();
    await deliver();
    expect((await messages()).map(({ state }) => state)).toEqual(["sent", "sent"]);
    const told = { state: "told", waiting: 0, since: null, lastError: null };
    expect((await getRun(fixture.people.ada, runId)).mlflow).toEqual({ ...told, url: `${server.url}/#/experiments/1/runs/r1` }); // prettier-ignore
    const model = contracts.getModel.response.parse(await getModel(fixture.people.ada, "flights", MODEL));
    expect(model.mlflow).toEqual({ ...told, url: `${server.url}/#/models/${NAME}` });
    expect(model.versions[0]?.mlflowUrl).toBe(`${server.url}/#/models/${NAME}/versions/1`);
    expect(await mlflowMessages()).toEqual({ waiting: 0, refused: 0, since: null });
    expect(theirAlias("staging")).toBe("1");
  });

  it("waits while nobody is let in, and says what to set", async () => {
    const { authorization } = server;
    server.authorization = "Bearer other";
    await fit();
    await deliver();
    expect((await messages())[0]?.lastError).toContain("Check that the account of MLFLOW_TRACKING_TOKEN or MLFLOW_TRACKING_USERNAME"); // prettier-ignore
    server.authorization = authorization;
    await wait();
    await deliver();
    expect(server.runs).toHaveLength(1);
  });
});

describe("an alias", () => {
  it("follows a promotion, also to a version that MLflow was never told of", async () => {
    const [one, two] = [await fit(), await fit()];
    // Only what the promotion needs is told: the runs' own messages are lost.
    await prisma().outboxMessage.deleteMany();
    await stage(two);
    await deliver();
    expect(theirAlias("staging")).toBe("1");
    await stage(one);
    await deliver();
    expect(theirAlias("staging")).toBe("2");
    expect(server.models.get(NAME)?.versions.map(({ tags }) => tags[0]?.value)).toEqual([String(two), String(one)]);
    expect(await watch()).toBe(0);
    expect(await requests()).toEqual([]);
  });

  it("that somebody moves in MLflow becomes a change request in MLflow's name, and is put back until it is approved", async () => {
    const [one, two] = [await fit(), await fit()];
    await stage(one);
    await deliver();
    expect(await watch()).toBe(0);
    server.models.get(NAME)?.aliases.set("staging", "2");
    expect(await watch()).toBe(1);
    expect(theirAlias("staging")).toBe("1");
    expect(await ourAlias("staging")).toBe(one);
    const [change] = await requests();
    expect(change).toMatchObject({ authorName: "MLflow", environment: "staging", title: `Promote ${MODEL} v${two} to staging` }); // prettier-ignore
    expect(change?.description).toContain(`from version ${one} to version ${two} (2 in MLflow)`);
    // Nothing new while it is open, whoever moves it again.
    expect(await watch()).toBe(0);
    server.models.get(NAME)?.aliases.set("staging", "2");
    await watch();
    expect(await requests()).toHaveLength(1);
    await approve(change?.id ?? "");
    await deliver();
    expect(theirAlias("staging")).toBe("2");
    expect(await ourAlias("staging")).toBe(two);
    expect(await watch()).toBe(0);
    expect(await requests()).toHaveLength(1);
  });

  it("that is deleted there, or names what nobody here knows, is put back with the reason in the audit log", async () => {
    await stage(await fit());
    await deliver();
    const model = server.models.get(NAME);
    model?.aliases.delete("staging");
    expect(await watch()).toBe(1);
    expect(theirAlias("staging")).toBe("1");
    model?.versions.push({ version: "7", source: "s3://elsewhere", run_id: "x", tags: [] });
    model?.aliases.set("staging", "7");
    model?.aliases.set("production", "7");
    expect(await watch()).toBe(2);
    expect([theirAlias("staging"), theirAlias("production")]).toEqual(["1", undefined]);
    // Names that are not ours are everybody's.
    model?.aliases.set("champion", "7");
    expect(await watch()).toBe(0);
    expect(theirAlias("champion")).toBe("7");
    expect(await requests()).toEqual([]);
    const events = await prisma().auditEvent.findMany({ where: { action: "model.alias_elsewhere" }, orderBy: { sequence: "asc" } }); // prettier-ignore
    expect(events.map(({ actorName, after }) => [actorName, (after as { reason: string }).reason])).toEqual([
      ["MLflow", "Alias staging was deleted in MLflow. An alias cannot be taken away by a request."],
      ["MLflow", "Version 7 in MLflow was not made here, so no request can promote it."],
      ["MLflow", "Version 7 in MLflow was not made here, so no request can promote it."],
    ]);
  });

  it("that waits to be told is not taken for somebody's move", async () => {
    const [one, two] = [await fit(), await fit()];
    await stage(one);
    await deliver();
    await stage(two);
    expect(await watch()).toBe(0);
    expect(theirAlias("staging")).toBe("1");
    await deliver();
    expect(theirAlias("staging")).toBe("2");
  });

  it("whose message MLflow refused for good is set by the next look", async () => {
    const [one, two] = [await fit(), await fit()];
    await stage(one);
    await deliver();
    server.faults = [{ call: /registered-models\/alias/, how: 400, times: 1 }];
    await stage(two);
    await deliver();
    expect((await messages()).at(-1)?.state).toBe("failed");
    const refused = (await getModel(fixture.people.ada, "flights", MODEL)).mlflow;
    expect(refused).toMatchObject({ state: "refused", lastError: expect.stringContaining("400") as string });
    expect(await watch()).toBe(0);
    expect(theirAlias("staging")).toBe("2");
    expect(await requests()).toEqual([]);
    expect((await getModel(fixture.people.ada, "flights", MODEL)).mlflow?.state).toBe("told");
  });

  it("is told anew, with its version, on a server that knows neither", async () => {
    await stage(await fit());
    await deliver();
    server.models.clear();
    server.runs.length = 0;
    await prisma().modelAlias.updateMany({ data: { externalVersion: null } });
    const alias = await prisma().modelAlias.findFirstOrThrow({ where: { model: { name: MODEL }, alias: "staging" } });
    await prisma().outboxMessage.updateMany({
      data: { state: "pending", nextAttemptAt: new Date(0), payload: { kind: "alias", modelId: alias.modelId, alias: "staging" } }, // prettier-ignore
    });
    await deliver();
    expect(server.runs).toHaveLength(1);
    expect(theirAlias("staging")).toBe("1");
  });
});
