import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { addExternalVersion } from "@/test/external-model-version";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { Engine } from "@/lib/engines/engine";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import { createDeployment } from "@/lib/registry/deployments/create";
import { startDueJobs } from "@/lib/registry/deployments/due";
import { startJob } from "@/lib/registry/deployments/jobs";
import { pauseDeployment, resumeDeployment } from "@/lib/registry/deployments/state";
import { getDeployment } from "@/lib/registry/deployments/deployments";
import { moveAlias } from "@/lib/registry/models/aliases";
import { openScope } from "@/lib/registry/scope";
import { applySpecs } from "@/lib/registry/specs/specs";
import { retryRun } from "@/lib/registry/deployments/retry-run";
import { claimRun } from "@/lib/registry/execution/claims";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";
import { createFakeEngine } from "./test-engine.test-support";
import { startWorker, type Worker } from "./worker";
import { EMPTY_STORE } from "./run/run-to-end.test-support";

let fixture: Fixture;
let worker: Worker | null = null;
const data = mkdtempSync(path.join(tmpdir(), "tributary-deployments-"));
const engine = createFakeEngine();
const JUNE = { from: "2001-06-01T00:00:00.000Z", to: "2001-07-01T00:00:00.000Z" };

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  await openTestDatabase();
  fixture = await filledRegistry();
  // The fixture's models are older than deployments: names of their own keep them apart.
  await createDeployment(
    fixture.people.ada,
    { workspace: "flights", pipeline: "late_departures", model: "fresh_model" },
    engine,
  );
});
afterEach(async () => {
  await worker?.stop();
  worker = null;
});
afterAll(async () => {
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

const detail = (name = "late_departures") => getDeployment(fixture.people.ada, "flights", name);

/** Starts a job and runs it to its end, as a worker would. */
async function run(kind: JobKind, window = {}, on: Engine = engine, name = "late_departures") {
  const id = await startJob(fixture.people.bram, { workspace: "flights", name, kind }, window, on);
  return execute(id, on);
}

async function execute(id: string, on: Engine = engine) {
  const claimed = await claimRun(id);
  if (!claimed) throw new Error("The run was not waiting.");
  await executeRun(claimed, on, new ProgressWriter(claimed));
  return prisma().run.findUniqueOrThrow({
    where: { id },
    include: { logs: { orderBy: { id: "asc" } }, outputs: true, stages: true, modelVersions: true, usages: true },
  });
}

describe("jobs of a deployment", () => {
  it("cannot predict before there is a version, and say what to do before anything runs", async () => {
    const before = engine.plans.length;
    const failed = await run("predict_staging");
    expect(failed).toMatchObject({ state: "failed", modelVersionId: null });
    expect(failed.message).toBe(
      "Model fresh_model has no version under `staging` yet. Run the fit job of late_departures: its first version gets the alias.",
    );
    expect((await run("predict_production")).message).toMatch(/Open a change request that promotes a version/);
    expect(engine.plans).toHaveLength(before);
  });

  it("fit: register a version with its fits, which gets `staging` because it is the first", async () => {
    const fitted = await run("fit");
    expect(fitted).toMatchObject({ kind: "fit", state: "succeeded" });
    const [version] = fitted.modelVersions;
    expect(version).toMatchObject({ version: 1 });
    expect(Object.keys(version?.fits as object).sort()).toEqual([
      "airport_scaler@1",
      "airport_segments@1",
      "flight_segment_index@1",
      "late_logistic@1",
    ]);
    expect(fitted.message).toMatch(/Version 1 of model fresh_model is registered, and has the alias staging/);
    const deployment = await detail();
    expect(deployment.aliases).toEqual({ staging: 1, production: null });
    expect(deployment.jobs[1]?.follows).toMatchObject({ version: 1, by: "Tributary" });
    expect(deployment.modelVersions).toMatchObject([{ version: 1, aliases: ["staging"], verdict: "leak" }]);
    expect(await prisma().leakageVerdict.count({ where: { modelVersionId: version?.id } })).toBeGreaterThan(0);
    expect(
      await prisma().auditEvent.findFirst({ where: { action: "model.alias", object: "flights/model/fresh_model" } }),
    ).toMatchObject({ after: { alias: "staging", version: 1 } });
  });

  it("fit again: use equal fits, say what that saved, and make no second version of the same", async () => {
    const again = await run("fit");
    expect(again.state).toBe("succeeded");
    expect(again.modelVersions).toEqual([]);
    expect(again.message).toBe(
      "Done. 4 of 4 fits were used again (airport_scaler, airport_segments, flight_segment_index, late_logistic), which saved 0.4 s. No new version: version 1 of model fresh_model has the same fits.",
    );
    expect(again.logs.map((line) => line.message)).toContain(
      "No new version: version 1 of model fresh_model has the same fits.",
    );
    const deployment = await detail();
    expect(deployment.jobs[0]?.lastRun?.reuse).toMatchObject({ fits: 4, of: 4 });
    expect(deployment.jobs[0]?.lastRun?.reuse?.secondsSaved).toBeCloseTo(0.4);
    expect(deployment.saved.fits).toBe(4);
    expect(deployment.saved.seconds).toBeCloseTo(0.4);
  });

  it("predict: run only what the outputs need, with the version's fits, over the window, and move no pointer", async () => {
    const pointers = () => prisma().pointer.findMany({ orderBy: { id: "asc" } });
    const before = await pointers();
    const predicted = await run("predict_staging", JUNE);
    expect(predicted).toMatchObject({ kind: "predict", state: "succeeded" });
    expect(predicted.outputs.map((output) => `${output.dataset}@${output.version}`)).toEqual([
      "flight@late_departures.staging@1",
    ]);
    const plan = engine.plans.at(-1);
    expect(plan?.window).toEqual([JUNE.from, JUNE.to]);
    expect(plan?.materialise).toEqual([
      { column: "flight.late_probability", instance: "late_logistic@1", name: "late_probability" },
    ]);
    const names = plan?.instances.map((instance) => instance.stage.name) ?? [];
    expect(names).not.toContain("flight_label");
    expect(names).not.toContain("flight_route");
    expect(plan?.instances.filter((instance) => instance.fit).every((instance) => instance.fit?.fitted)).toBe(true);
    expect(plan?.evaluate).toBeUndefined();
    expect(predicted.stages.map((stage) => stage.stage).sort()).toEqual([...names].sort());
    expect(new Set(predicted.usages.map((use) => `${use.consumer} ${use.role} ${use.mode}`))).toEqual(
      new Set(["fresh_model serve applied"]),
    );
    expect(predicted.usages[0]?.rowSet).toMatchObject([{ dataset: "flights", time: [JUNE.from, JUNE.to] }]);
    expect(await pointers()).toEqual(before);
    // What is served and what the model reads for it are profiled, by month as well, with the dataset that was written.
    const served = await prisma().profile.findMany({
      where: { part: "serving", runId: predicted.id },
      include: { datasetVersion: { select: { dataset: true } } },
    });
    const columns = new Set(served.map(({ column }) => column));
    expect([...columns]).toEqual(expect.arrayContaining(["flight.late_probability", "flight.distance"]));
    expect(columns).toEqual(new Set(plan?.profile.columns.map(({ column }) => column)));
    expect(new Set(served.map(({ datasetVersion }) => datasetVersion.dataset))).toEqual(
      new Set(["flight@late_departures.staging"]),
    );
    expect(served.every(({ featureVersionId, fingerprint }) => featureVersionId && fingerprint)).toBe(true);
    // On the edges of training, so that the two can be compared.
    expect(plan?.profile.columns.find(({ column }) => column === "flight.late_probability")?.edges).not.toBeNull();
    expect((await detail()).jobs[1]?.lastRun).toMatchObject({
      modelVersion: 1,
      window: JUNE,
      datasets: [{ dataset: "flight@late_departures.staging", version: 1 }],
    });
  });

  it("follow their alias at the next run", async () => {
    const model = await prisma().model.findFirstOrThrow({
      where: { name: "fresh_model" },
      include: { versions: true },
    });
    const first = model.versions[0] as (typeof model.versions)[number];
    expect(first).toMatchObject({ engine: "fake", format: "fake", uri: `tributary:fits/${first.fitId}` });
    expect(await prisma().fit.findUnique({ where: { id: first.fitId ?? "" } })).toMatchObject({
      engine: "fake",
      uri: first.uri,
      codeDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      environmentDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    const second = await prisma().modelVersion.create({
      data: {
        modelId: model.id,
        version: 2,
        fitId: first.fitId,
        engine: first.engine,
        format: first.format,
        uri: first.uri,
        runId: first.runId,
        variantId: first.variantId,
        leakageInput: first.leakageInput as object,
        metrics: {},
        fits: first.fits as object,
        createdBy: "test",
      },
    });
    const scope = await openScope(fixture.people.chiara, "flights");
    const move = (alias: "staging" | "production", modelVersionId: string, baseVersionId: string | null) =>
      prisma().$transaction((tx) => moveAlias(tx, scope, { modelId: model.id, alias, modelVersionId, baseVersionId }));
    const waiting = await startJob(
      fixture.people.bram,
      { workspace: "flights", name: "late_departures", kind: "predict_staging" },
      {},
      engine,
    );
    await move("staging", second.id, first.id);
    expect((await execute(waiting)).modelVersionId).toBe(second.id);
    await expect(move("staging", first.id, first.id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("it names version 2") as string,
    });
    await move("production", first.id, null);
    expect((await run("predict_production")).modelVersionId).toBe(first.id);
    const elsewhere = await addExternalVersion(fixture.workspace.id, "fresh_model");
    await move("staging", elsewhere.id, second.id);
    expect(await run("predict_staging")).toMatchObject({
      state: "failed",
      error: {
        code: "conflict",
        message: expect.stringContaining("Version 3 of model fresh_model was fitted elsewhere, by mlflow") as string,
      },
    });
    await move("staging", first.id, elsewhere.id);
  });

  it("move an alias once of many who move it at once", async () => {
    const model = await prisma().model.findFirstOrThrow({
      where: { name: "fresh_model" },
      include: { versions: true },
    });
    const version = model.versions.find((one) => one.version === 1) as (typeof model.versions)[number];
    const other = model.versions.find((one) => one.version === 2) as (typeof model.versions)[number];
    const scope = await openScope(fixture.people.chiara, "flights");
    const attempts = await Promise.allSettled(
      [1, 2, 3, 4].map(() =>
        prisma().$transaction((tx) =>
          moveAlias(tx, scope, {
            modelId: model.id,
            alias: "production",
            modelVersionId: other.id,
            baseVersionId: version.id,
          }),
        ),
      ),
    );
    expect(attempts.filter((attempt) => attempt.status === "fulfilled")).toHaveLength(1);
  });

  it("are retried as runs of the job, with the window of then", async () => {
    const broken = createFakeEngine({ failWith: new Error("the disk is gone") });
    const failed = await run("predict_staging", JUNE, broken);
    expect(failed.state).toBe("failed");
    const again = await execute(await retryRun(fixture.people.ada, failed.id, engine));
    expect(again).toMatchObject({ kind: "predict", state: "succeeded", jobId: failed.jobId, retryOfId: failed.id });
    expect(engine.plans.at(-1)?.window).toEqual([JUNE.from, JUNE.to]);
  });
});

describe("a deployment without an evaluation", () => {
  it("registers versions named after it when something is fitted, and follows no alias when nothing is", async () => {
    await applySpecs(fixture.people.ada, {
      workspace: "flights",
      documents: [
        {
          kind: "Pipeline",
          name: "segments",
          outputs: ["airport.segment"],
          pins: { "airport.segment": "airport_bands" },
        },
        { kind: "Pipeline", name: "calendar", outputs: ["flight.hour"] },
      ],
    });
    for (const pipeline of ["segments", "calendar"])
      await createDeployment(fixture.people.ada, { workspace: "flights", pipeline }, engine);
    expect((await detail("segments")).model).toBe("segments");
    const fitted = await run("fit", {}, engine, "segments");
    expect(fitted.message).toMatch(/Version 1 of model segments is registered/);
    const version = await prisma().modelVersion.findUniqueOrThrow({ where: { id: fitted.modelVersions[0]?.id } });
    expect(version.metrics).toEqual({});
    expect(version.leakageInput).toMatchObject({ consumer: { name: "segments", test: [], label: null } });
    const predicted = await run("predict_staging", {}, engine, "segments");
    expect(predicted.outputs.map((output) => output.dataset)).toEqual(["airport@segments.staging"]);

    expect((await detail("calendar")).model).toBeNull();
    expect((await run("fit", {}, engine, "calendar")).message).toBe("Done.");
    const hours = await run("predict_production", {}, engine, "calendar");
    expect(hours).toMatchObject({ state: "succeeded", modelVersionId: null });
    expect(hours.outputs.map((output) => output.dataset)).toEqual(["flight@calendar.production"]);
    expect(hours.usages.map((use) => use.consumer)).toEqual(["flight_calendar"]);
  });
});

describe("schedules", () => {
  const due = async (at: string) => (await startDueJobs(new Date(at))).map(({ kind, outcome }) => [kind, outcome]);
  const jobs = () =>
    prisma().deploymentJob.findMany({ where: { deployment: { name: "timed" } }, orderBy: { kind: "asc" } });

  it("start each due job once among many schedulers, and once for all the times that were missed", async () => {
    await createDeployment(
      fixture.people.ada,
      {
        workspace: "flights",
        name: "timed",
        pipeline: "late_departures_banded",
        model: "timed_model",
        schedules: { fit: "0 * * * *", predictStaging: "30 * * * *" },
      },
      engine,
      new Date("2026-01-05T10:20:00Z"),
    );
    expect(await due("2026-01-05T10:29:59Z")).toEqual([]);
    // The server was down for hours.
    const all = await Promise.all(Array.from({ length: 5 }, () => startDueJobs(new Date("2026-01-05T15:10:00Z"))));
    expect(
      all
        .flat()
        .map((job) => job.kind)
        .sort(),
    ).toEqual(["fit", "predict_staging"]);
    expect(await prisma().run.count({ where: { job: { deployment: { name: "timed" } } } })).toBe(2);
    expect((await jobs()).map((job) => job.nextRunAt?.toISOString() ?? null)).toEqual([
      "2026-01-05T16:00:00.000Z",
      null,
      "2026-01-05T15:30:00.000Z",
    ]);
    // A clock that is set back a day begins nothing twice, and nothing is due twice once it is right again.
    expect([await due("2026-01-04T15:10:00Z"), await due("2026-01-05T15:10:00Z")]).toEqual([[], []]);
    const run = await prisma().run.findFirstOrThrow({ where: { kind: "fit", job: { deployment: { name: "timed" } } } });
    expect(run.createdBy).toBe("system");
  });

  it("leave out a job whose run is still going, and say so in its log", async () => {
    expect(await due("2026-01-05T16:00:00Z")).toEqual([
      ["predict_staging", { skipped: expect.any(Number) as number }],
      ["fit", { skipped: expect.any(Number) as number }],
    ]);
    const run = await prisma().run.findFirstOrThrow({
      where: { kind: "fit", job: { deployment: { name: "timed" } } },
      include: { logs: true },
    });
    expect(run.logs.map((line) => line.message)).toContain(
      "The schedule `0 * * * *` asked for the next run of fit at 2026-01-05T16:00:00.000Z; it is skipped, because this run is still queued.",
    );
    expect(await prisma().run.count({ where: { job: { deployment: { name: "timed" } } } })).toBe(2);
  });

  it("stop while paused, and start at their next time from the resume", async () => {
    const address = { workspace: "flights", name: "timed" };
    await pauseDeployment(fixture.people.ada, address);
    expect(await due("2026-01-06T00:00:00Z")).toEqual([]);
    await resumeDeployment(fixture.people.ada, address, new Date("2026-01-07T08:05:00Z"));
    expect(await due("2026-01-07T08:29:00Z")).toEqual([]);
    expect((await due("2026-01-07T08:30:00Z")).map(([kind]) => kind)).toEqual(["predict_staging"]);
  });

  it("are looked at by the worker, which runs what is due", async () => {
    await prisma().run.updateMany({
      where: { state: "queued" },
      data: { state: "canceled", finishedAt: new Date() },
    });
    worker = await startWorker({ engine, store: EMPTY_STORE, now: () => new Date("2026-01-07T09:10:00Z") });
    for (let tries = 0; tries < 300; tries += 1) {
      const { jobs: states } = await detail("timed");
      if (states[0]?.lastRun?.state === "succeeded") break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await detail("timed")).jobs[0]?.lastRun).toMatchObject({ state: "succeeded", createdBy: "Tributary" });
  });
});
