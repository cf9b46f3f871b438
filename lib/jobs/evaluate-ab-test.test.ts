import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CreateAbTest } from "@/lib/contracts/ab-tests";
import { createExperiment as experimentContract } from "@/lib/contracts/experiments";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openQueue, takeJob } from "@/lib/db/queue";
import type { Engine } from "@/lib/engines/engine";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { closeAbTest } from "@/lib/registry/experiments/ab-test-close";
import { createAbTest } from "@/lib/registry/experiments/ab-test-create";
import { queueEvaluationsOf, requestEvaluation } from "@/lib/registry/experiments/ab-test-evaluation";
import { getAbAssignment, getAbTest, listAbTests } from "@/lib/registry/experiments/ab-tests";
import { getChange, openChange } from "@/lib/registry/changes/changes";
import { createExperiment, getExperiment } from "@/lib/registry/experiments/experiments";
import { fillAbTest } from "@/test/ab-test-fixture";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { evaluateAbTest } from "./evaluate-ab-test";

let fixture: Fixture;
let workspace: string;
let data: string;
let engine: Engine;

beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "ab-test-"));
  process.env.TRIBUTARY_DATA = data;
  engine = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 1, memoryLimit: "256MB" });
  await openTestDatabase();
  await openQueue();
});
afterAll(async () => {
  await closeDatabase();
  await rm(data, { recursive: true, force: true });
});
// Every test has the registry to itself, and no jobs of the one before.
beforeEach(async () => {
  while (await takeJob("evaluate"));
  fixture = await filledRegistry();
  workspace = fixture.workspace.name;
  await fillAbTest(fixture, data);
});

const ARMS = [
  { name: "control", deployment: "kmeans", parts: ["control"] },
  { name: "treatment", deployment: "bands", parts: ["treatment"] },
];
const create = (more: object = {}, who = fixture.people.ada) =>
  createAbTest(
    who,
    CreateAbTest.parse({
      workspace,
      name: "segments",
      splitPolicy: "segments_ab",
      metric: "logLoss",
      arms: ARMS,
      ...more,
    }),
  );
const ref = () => ({ workspace, name: "segments" });
const get = () => getAbTest(fixture.people.devi, ref());
const write = () =>
  createExperiment(
    fixture.people.ada,
    experimentContract.body.parse({
      workspace,
      title: "Bands instead of segments",
      hypothesis: "Traffic bands warn of late departures better than segments do.",
      metric: "log loss",
    }),
  );
const DECISION = { outcome: "validated", insight: "Bands warn better than segments." } as const;

/** Takes the jobs that wait, as a worker does. */
async function work(): Promise<number> {
  for (let count = 0; ; count += 1) {
    const job = await takeJob("evaluate");
    if (!job) return count;
    await evaluateAbTest(job.data, engine);
  }
}

async function issuesOf(attempt: Promise<unknown>): Promise<string[]> {
  const error = (await attempt.then(
    () => null,
    (caught: unknown) => caught,
  )) as { code: string; context: { issues: { path: (string | number)[]; message: string }[] } } | null;
  expect(error).toMatchObject({ code: "invalid" });
  return error?.context.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? [];
}

describe("setting up", () => {
  it("takes output and label from the deployments, shows what differs, and asks for the first comparison", async () => {
    const test = await create();
    expect(test).toMatchObject({
      output: "flight.late_probability",
      label: "flight.is_late",
      state: "running",
      alpha: 0.05,
      evaluation: { state: "queued" },
      comparison: null,
      proposal: { winner: null, outcome: "inconclusive" },
    });
    expect(test.arms.map(({ deployment, share, differs }) => [deployment, share, differs["airport.segment"]])).toEqual([
      ["kmeans", 0.5, "airport_segments"],
      ["bands", 0.5, "airport_bands"],
    ]);
    expect(await prisma().auditEvent.count({ where: { workspace, action: "ab_test.create" } })).toBe(1);
    expect((await listAbTests(fixture.people.devi, { workspace, limit: 10 })).items.map((item) => item.name)).toEqual([
      "segments",
    ]);
  });

  it("names every reason why arms cannot be compared, and makes nothing", async () => {
    expect(await issuesOf(create({ arms: [ARMS[0], { ...ARMS[1], deployment: "band" }] }))).toEqual([
      "arms.1.deployment: There is no deployment band here. Did you mean bands?",
    ]);
    expect(await issuesOf(create({ arms: [ARMS[0], { ...ARMS[1], deployment: "kmeans" }] }))).toEqual([
      "arms.1.deployment: kmeans is an arm already: a deployment cannot be compared with itself.",
    ]);
    expect(await issuesOf(create({ arms: [ARMS[0], { ...ARMS[1], parts: ["early"] }] }))).toEqual([
      "arms.1.parts: Part early shares buckets with arm control: a row must be in one arm only.",
    ]);
    expect(
      await issuesOf(create({ arms: [ARMS[0], { ...ARMS[1], parts: ["other"] }], splitPolicy: "segments_ab" })),
    ).toEqual(["arms.1.parts: segments_ab has no part other, only control, early, spare, treatment."]);
    expect((await issuesOf(create({ splitPolicy: "by_month" })))[0]).toContain("splitPolicy: by_month splits by time");
    expect((await issuesOf(create({ splitPolicy: "by_gate" })))[0]).toContain(
      "hashes gate, which flight does not have",
    );
    expect((await issuesOf(create({ label: "flight.is_lat" })))[0]).toContain("Did you mean flight.is_late?");
    expect((await issuesOf(create({ label: "airport.segment" })))[0]).toContain("is about airport, while");
    expect((await issuesOf(create({ metric: "absoluteError" })))[0]).toContain("flight.is_late is a boolean");
    expect((await issuesOf(create({ experiment: 7 })))[0]).toContain("There is no experiment 7");
    await prisma().deployment.updateMany({ where: { name: "bands" }, data: { state: "retired" } });
    expect((await issuesOf(create()))[0]).toContain("bands is retired");
    expect(await prisma().abTest.count({ where: { workspaceId: fixture.workspace.id } })).toBe(0);
    expect(await takeJob("evaluate")).toBeNull();
  });

  it("compares variants of one output only", async () => {
    const params = {
      pipeline: "p",
      definition: { outputs: ["airport.segment"] },
      pins: {},
      variant: 0,
      stageVersions: {},
    };
    await prisma().deployment.updateMany({
      where: { workspaceId: fixture.workspace.id, name: "bands" },
      data: { params },
    });
    expect((await issuesOf(create()))[0]).toContain(
      "The arms predict different things: kmeans writes flight.late_probability",
    );
    expect((await issuesOf(create({ output: "flight.late_probability" })))[0]).toContain(
      "bands predicts airport.segment",
    );
  });

  it("has a name of its own and is for makers", async () => {
    await expect(create({}, fixture.people.devi)).rejects.toMatchObject({ code: "forbidden" });
    const both = await Promise.allSettled([create(), create({}, fixture.people.bram)]);
    expect(both.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find((result) => result.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
    await work();
  });
});

describe("assignment", () => {
  it("is the hash policy's, for every key", async () => {
    await create();
    await work();
    for (const key of ["0", "1", "7999", "ORD"]) {
      const bucket = parseInt(createHash("md5").update(`segments:${key}`).digest("hex").slice(0, 8), 16) % 100;
      expect(await getAbAssignment(fixture.people.devi, { ...ref(), key })).toEqual({
        key,
        bucket,
        buckets: 100,
        arm: bucket < 50 ? "control" : "treatment",
        deployment: bucket < 50 ? "kmeans" : "bands",
      });
    }
  });

  it("is nobody's outside of the arms' parts", async () => {
    await create({ arms: [ARMS[0], { ...ARMS[1], parts: ["spare"] }] });
    await work();
    const keys = [...Array(60).keys()].map(String);
    const arms = await Promise.all(keys.map((key) => getAbAssignment(fixture.people.devi, { ...ref(), key })));
    for (const { bucket, arm } of arms) expect(arm).toBe(bucket < 50 ? "control" : bucket >= 90 ? "treatment" : null);
    expect(arms.some(({ arm }) => arm === null)).toBe(true);
  });
});

describe("evaluation", () => {
  it("compares the arms on their own rows and names the better one with its uncertainty", async () => {
    await create();
    expect(await work()).toBe(1);
    const { comparison, evaluation, verdict } = await get();
    expect(evaluation).toMatchObject({ state: "done", message: "" });
    expect(verdict).toBe("better");
    expect(comparison).toMatchObject({
      environment: "staging",
      verdict: { code: "better", winner: "treatment" },
      sampleRatio: { mismatch: false },
      label: { dataset: "flight@late_departures" },
    });
    expect(comparison?.sentence).toMatch(
      /^treatment's log loss is lower by 0\.\d+ \(95 % interval 0\.\d+ to 0\.\d+, n = [34],\d{3} and [34],\d{3}\): treatment is better$/,
    );
    expect(comparison?.arms.reduce((sum, arm) => sum + arm.n, 0)).toBe(8000);
    expect(comparison?.arms.map((arm) => [arm.dataset, arm.versions, arm.modelVersions, arm.leak])).toEqual([
      ["flight@kmeans.staging", [1], [1], true],
      ["flight@bands.staging", [1], [1], false],
    ]);
    expect(comparison?.warnings[0]).toContain("The model behind control has seen rows");
    expect(comparison?.metrics.map(({ metric }) => metric)).toEqual(["logLoss", "brier", "error", "auc"]);
    expect(await prisma().auditEvent.count({ where: { workspace, action: "ab_test.evaluate" } })).toBe(1);
  });

  it("runs when a prediction of an arm was recorded, once however many ask", async () => {
    await create();
    await work();
    const { id } = await prisma().deploymentJob.findFirstOrThrow({
      where: { deployment: { workspaceId: fixture.workspace.id, name: "bands" } },
    });
    for (let time = 0; time < 3; time += 1) await prisma().$transaction((tx) => queueEvaluationsOf(tx, id));
    await requestEvaluation(fixture.people.ada, ref());
    expect(await work()).toBe(1);
    expect((await get()).evaluation?.state).toBe("done");
  });

  it("keeps why it failed beside the comparison before it", async () => {
    await create();
    await work();
    await rm(path.join(data, workspace, "bands.parquet"));
    await requestEvaluation(fixture.people.ada, ref());
    await work();
    const { comparison, evaluation } = await get();
    expect(evaluation?.state).toBe("failed");
    expect(evaluation?.message).toContain("arm treatment");
    expect(comparison?.verdict.winner).toBe("treatment");
  });

  it("waits for the predictions of every arm", async () => {
    const { id: workspaceId } = fixture.workspace;
    await prisma().datasetVersion.deleteMany({ where: { workspaceId, dataset: "flight@bands.staging" } });
    expect((await create()).evaluation).toBeNull();
    await expect(requestEvaluation(fixture.people.ada, ref())).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("arm treatment (deployment bands) has predicted no rows"),
    });
    expect(await work()).toBe(0);
  });

  it("says that rows which share a key are not independent", async () => {
    await create({ splitPolicy: "by_origin" });
    await work();
    const { comparison, evaluation } = await get();
    expect(evaluation?.message).toBe("");
    expect(comparison?.sampleRatio).toBeNull();
    expect(comparison?.warnings.join(" ")).toContain("Rows are assigned by origin, which many rows share");
  });
});

describe("closing", () => {
  const close = (more: object = {}, who = fixture.people.ada) =>
    closeAbTest(who, ref(), { winner: "treatment", experiment: null, promote: true, ...more });

  it("records the winner, decides the experiment and opens the winner's change request, at once", async () => {
    const { number } = await write();
    await create({ experiment: number });
    await work();
    expect((await get()).proposal).toMatchObject({ winner: "treatment", outcome: "validated" });
    expect((await getAbTest(fixture.people.ada, ref())).promotions.treatment).toMatchObject({
      version: 2,
      environment: "staging",
      allowed: true,
    });
    const closed = await close({ experiment: DECISION });
    expect(closed).toMatchObject({
      state: "closed",
      winner: "treatment",
      experiment: { state: "decided" },
      change: { title: "Promote flight.late_probability v2 to staging", state: "in_review" },
    });
    expect(await getExperiment(fixture.people.devi, { workspace, number })).toMatchObject({
      ...DECISION,
      decidedBy: "Ada Lindqvist",
      abTests: [{ name: "segments", state: "closed" }],
    });
    const change = await getChange(fixture.people.devi, { workspace, number: closed.change?.number as number });
    expect(change.description).toContain(
      "Arm treatment (deployment bands) won the A/B test segments. treatment's log loss",
    );
    expect(change.author.name).toBe("Ada Lindqvist");
    const actions = ["experiment.decide", "change.open", "ab_test.close"];
    const events = await prisma().auditEvent.findMany({
      where: { workspace, action: { in: actions } },
      orderBy: { sequence: "asc" },
    });
    expect(events.map((event) => event.action)).toEqual(actions);
    await expect(close()).rejects.toMatchObject({ code: "conflict" });
    await expect(requestEvaluation(fixture.people.ada, ref())).rejects.toMatchObject({ code: "conflict" });
  });

  it("goes to production where staging serves the winner's version already", async () => {
    const { id: featureId } = await prisma().feature.findFirstOrThrow({
      where: { workspaceId: fixture.workspace.id, name: "flight.late_probability" },
    });
    const versionId = fixture.versions["flight.late_probability@2"] as string;
    await prisma().pointer.create({ data: { featureId, environment: "staging", versionId, updatedBy: "x" } });
    await create();
    await work();
    expect((await close()).change?.title).toBe("Promote flight.late_probability v2 to production");
  });

  it("leads to the filled-in form where a request cannot be opened, and closes all the same", async () => {
    await create();
    await work();
    // Dev serves the other version.
    const kmeans = await close({ winner: "control" });
    expect(kmeans).toMatchObject({ state: "closed", winner: "control", change: null });
    const { allowed, reason, href } = kmeans.promotions.control ?? {};
    expect([allowed, reason]).toEqual([
      false,
      expect.stringContaining("Version 1 is not served in dev: dev serves version 2"),
    ]);
    expect(href).toContain("/changes/new?feature=flight.late_probability&environment=staging&version=1&why=");
  });

  it("does nothing by halves", async () => {
    const { number } = await write();
    await create({ experiment: number });
    await work();
    await expect(close({ winner: "nobody" })).rejects.toMatchObject({ code: "invalid" });
    const before = await prisma().auditEvent.count({ where: { workspace } });
    // The experiment was decided meanwhile: neither is the test closed nor a request opened.
    await prisma().experiment.updateMany({
      where: { workspaceId: fixture.workspace.id, number },
      data: { state: "decided", outcome: "inconclusive" },
    });
    await expect(close({ experiment: DECISION })).rejects.toMatchObject({ code: "conflict" });
    expect((await get()).state).toBe("running");
    expect(await prisma().auditEvent.count({ where: { workspace } })).toBe(before);
    expect(await prisma().changeRequest.count({ where: { workspaceId: fixture.workspace.id } })).toBe(0);
    // Without deciding it, the test can be closed.
    expect((await close({ winner: null })).state).toBe("closed");
  });

  it("names the request that is open already", async () => {
    await openChange(fixture.people.bram, {
      workspace,
      feature: "flight.late_probability",
      environment: "staging",
      version: 2,
    });
    await create();
    await work();
    const closed = await close();
    expect(closed.change).toBeNull();
    expect(closed.promotions.treatment?.reason).toContain("Change request 1 is open for it in staging");
  });

  it("lets one of two closers at once through", async () => {
    await create();
    await work();
    const both = await Promise.allSettled([close(), close({}, fixture.people.bram)]);
    expect(both.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await prisma().changeRequest.count({ where: { workspaceId: fixture.workspace.id } })).toBe(1);
  });
});
