import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { closeDatabase, database, prisma } from "@/lib/db/client";
import { takeJob } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import type { Engine } from "@/lib/engines/engine";
import type { OnlineRow, OnlineStore } from "@/lib/online/online-store";
import { cancelRun } from "@/lib/registry/runs/cancel";
import { getRun, listRunLogs, listRuns } from "@/lib/registry/runs/runs";
import { retryRun } from "@/lib/registry/deployments/retry-run";
import { startRun } from "@/lib/registry/runs/start";
import { claimRun, reapRuns } from "@/lib/registry/execution/claims";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";
import { untilState } from "./run/run-to-end.test-support";
import { createFakeEngine } from "./test-engine.test-support";
import { startWorker, type Worker } from "./worker";
import { FIGURES } from "@/lib/registry/stored-figures";

let fixture: Fixture;
let worker: Worker | null = null;
const data = mkdtempSync(path.join(tmpdir(), "tributary-worker-"));
const sets = new Map<string, OnlineRow[]>();
const store: OnlineStore = {
  async writeSet(setId, _types, batches) {
    const rows: OnlineRow[] = [];
    for await (const batch of batches) rows.push(...batch);
    sets.set(setId, rows);
    return { rows: rows.length, longKeys: [] };
  },
  readRows: () => [],
  dropSet: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterEach(async () => {
  await worker?.stop();
  worker = null;
});
afterAll(async () => {
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

const ada = () => fixture.people.ada;
const start = (engine: Engine, pipeline = "late_departures") =>
  startRun(ada(), { workspace: "flights", pipeline }, engine);

async function until(runId: string, state: string): Promise<Awaited<ReturnType<typeof getRun>>> {
  await untilState(runId, [state]);
  return getRun(ada(), runId);
}

describe("a run", () => {
  it("is queued with its stages and its job, and appears with its audit event", async () => {
    const id = await start(createFakeEngine());
    const run = await getRun(ada(), id);
    expect(run).toMatchObject({ number: 3, state: "queued", createdBy: "Ada Lindqvist", pipeline: "late_departures" });
    expect(run.stageList.map((stage) => stage.stage)).toContain("airport_segments");
    expect(run.stageList.every((stage) => stage.state === "pending")).toBe(true);
    expect(run.actions).toEqual(["cancel"]);
    expect(await prisma().auditEvent.count({ where: { action: "run.start", object: "flights/run/3" } })).toBe(1);
    expect((await takeJob("run"))?.data.runId).toBe(id);
    await cancelRun(ada(), id);
    expect((await getRun(ada(), id)).state).toBe("canceled");
    expect((await getRun(fixture.people.devi, id)).actions).toEqual([]);
  });

  it("is refused by name: unknown pipeline, unsupported stage, pins without a plan, a reader", async () => {
    const engine = createFakeEngine({ unsupported: ["airport_segments"] });
    await expect(start(engine, "nothing")).rejects.toThrow(/no pipeline nothing in flights. There are late_departures/);
    await expect(start(engine)).rejects.toThrow(/airport_segments \(Fake\): Fake runs nowhere/);
    await expect(
      startRun(ada(), { workspace: "flights", pipeline: "late_departures", variant: 7 }, createFakeEngine()),
    ).rejects.toThrow(/no variant 7/);
    await expect(
      startRun(fixture.people.devi, { workspace: "flights", pipeline: "late_departures" }, createFakeEngine()),
    ).rejects.toThrow(DomainError);
  });

  it("is recorded whole: versions, lineage, fits, profiles, drift, usage, model, verdicts, values online", async () => {
    const rows = [
      { iata: "ATL", date: "2001-06-30T00:00:00.000Z", departures_7d: 6000, delay_mean_7d: 5, segment: "a" },
    ];
    worker = await startWorker({ engine: createFakeEngine({ rows }), store });
    const id = await start(createFakeEngine());
    const run = await until(id, "succeeded");
    expect(run.stageList.every((stage) => stage.state === "done")).toBe(true);
    expect(run.metrics?.test).toEqual({ auc: 0.6, rows: 20 });
    expect(run.inputs.map((input) => input.dataset)).toEqual(["airports", "flights"]);
    expect(run.outputs.map((output) => output.dataset)).toEqual(["airport@late_departures", "flight@late_departures"]);
    expect(run.fits.find((fit) => fit.stage === "airport_segments")?.rowSet).toMatch(/^all rows of flights@/);
    expect(run.fits.find((fit) => fit.stage === "late_logistic")?.rowSet).toMatch(/^part train of by_month/);
    const segment = run.featureVersions.find((version) => version.feature === "airport.segment");
    expect(segment?.stage).toBe("airport_segments");

    const feature = await prisma().feature.findFirstOrThrow({
      where: { name: "airport.segment" },
      include: { pointers: true, versions: { include: { inputs: true, values: true, driftResults: true } } },
    });
    const version = feature.versions.find((one) => one.version === segment?.version);
    expect(version?.inputs.length).toBeGreaterThan(0);
    expect(version?.values.map((value) => value.runId)).toEqual([id]);
    expect(version?.driftResults.map((result) => result.state)).toEqual(["critical"]);
    expect(feature.pointers.find((pointer) => pointer.environment === "dev")?.versionId).toBe(version?.id);
    expect(feature.pointers.find((pointer) => pointer.environment === "production")?.versionId).not.toBe(version?.id);

    const [model] = run.modelVersions;
    expect(model).toMatchObject({ model: "late_model", version: 2, verdict: "leak" });
    expect(model?.sentence).toMatch(/`airport_segments` was fitted on all rows of flights@\d+/);
    const usage = await prisma().usage.findMany({
      where: { runId: id },
      include: { featureVersion: { include: { feature: true } } },
    });
    const used = usage.map((row) => `${row.consumer} ${row.role} ${row.mode} ${row.featureVersion.feature.name}`);
    expect(used).toContain("late_model test applied airport.segment");
    expect(used).toContain("late_model train fitted flight.is_late");
    expect(used).toContain("airport_segments train fitted airport.departures_7d");

    const settled = await untilOnline(id);
    expect(settled.materialisations).toMatchObject([{ view: "airport_stats", rows: 1 }]);
    const set = await prisma().materialisation.findFirstOrThrow({ where: { runId: id } });
    expect(sets.get(set.id)).toEqual([{ key: "ATL", values: [6000, 5, "a"], eventTime: "2001-06-30T00:00:00.000Z" }]);
    const actions = (await prisma().auditEvent.findMany({ orderBy: { sequence: "desc" }, take: 4 })).map(
      (event) => event.action,
    );
    expect(actions).toEqual(["view.materialise", "model.alias", "run.complete", "run.start"]);
  });

  it("uses equal fits again and keeps the feature versions", async () => {
    const engine = createFakeEngine();
    worker = await startWorker({ engine, store });
    const before = await prisma().featureVersion.count();
    const fits = await prisma().fit.count();
    const run = await until(await start(engine), "succeeded");
    // Every value was written by the run before, so that nothing is computed or fitted again.
    expect(run.reused).toBe(run.stageList.length);
    expect(run.fits).toEqual([]);
    expect(await prisma().featureVersion.count()).toBe(before);
    expect(await prisma().fit.count()).toBe(fits);
    expect(run.featureVersions.every((version) => !version.created)).toBe(true);
    const plan = engine.plans.find(({ instances }) => instances.length > 0);
    // Nor is anything measured again: equal values have equal distributions, which the new dataset version has as well.
    expect(plan?.profile.columns.filter(({ instance }) => instance !== null)).toEqual([]);
    // The fixture's own was measured by nobody.
    const measured = { column: "airport.departures_7d", part: "train", fingerprint: { not: null } };
    const profiles = await prisma().profile.findMany({
      where: measured,
      orderBy: { createdAt: "asc" },
      include: FIGURES,
    });
    const [first, second] = profiles;
    expect(new Set(profiles.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(second).toMatchObject({ figures: first?.figures, histogram: first?.histogram });
    expect(second?.datasetVersionId).not.toBe(first?.datasetVersionId);
  });

  it("fails with the reason and what was not published, and can be retried", async () => {
    const failing = createFakeEngine({ failWith: new DomainError("invalid", "Column delay has no value.") });
    worker = await startWorker({ engine: failing, store });
    const counts = await countResults();
    const run = await until(await start(failing), "failed");
    expect(run.error).toEqual({ code: "invalid", message: "Column delay has no value." });
    expect(run.stageList.map((stage) => stage.state)).toContain("failed");
    expect(await countResults()).toEqual(counts);
    const { items } = await listRunLogs(ada(), run.id, { limit: 500 });
    expect(items.at(-1)).toMatchObject({ level: "error", message: "Column delay has no value." });
    expect(run.actions).toEqual(["retry"]);
    await worker.stop();
    const again = await retryRun(ada(), run.id, createFakeEngine());
    worker = await startWorker({ engine: createFakeEngine(), store });
    expect((await until(again, "succeeded")).retryOf).toEqual({ id: run.id, number: run.number });
    await expect(retryRun(ada(), again, createFakeEngine())).rejects.toThrow(/only a failed or canceled run/);
  });

  it("stops when it is canceled", async () => {
    const engine = createFakeEngine({ stageMs: 300 });
    worker = await startWorker({ engine, store });
    const id = await start(engine);
    await until(id, "running");
    await cancelRun(ada(), id);
    const run = await until(id, "canceled");
    expect(run.outputs).toEqual([]);
    await expect(cancelRun(ada(), id)).rejects.toThrow(/already ended/);
  });

  it("is tried again when the machine is the trouble", async () => {
    let first = true;
    const engine = createFakeEngine({
      onMiddle: () => {
        if (!first) return Promise.resolve();
        first = false;
        return Promise.reject(new DomainError("unavailable", "The disk is full."));
      },
    });
    worker = await startWorker({ engine, store });
    const run = await until(await start(engine), "succeeded");
    expect(run.attempt).toBe(2);
  });

  it("goes back to the queue when the worker stops", async () => {
    const engine = createFakeEngine({ stageMs: 400 });
    worker = await startWorker({ engine, store });
    const id = await start(engine);
    await until(id, "running");
    await worker.stop();
    expect((await getRun(ada(), id)).state).toBe("queued");
    worker = await startWorker({ engine: createFakeEngine(), store });
    expect((await until(id, "succeeded")).attempt).toBe(2);
  });

  it("is not recorded by an attempt that lost it", async () => {
    const id = await start(createFakeEngine());
    const held = await claimRun(id);
    if (!held) throw new Error("not claimed");
    const counts = await countResults();
    const engine = createFakeEngine({
      // While the engine works, the heartbeat stops and another worker takes the run.
      onMiddle: async () => {
        await database().execute(`UPDATE "Run" SET "heartbeatAt" = now() - interval '1 hour' WHERE "id" = $1`, [id]);
        expect(await reapRuns()).toBe(1);
        expect((await claimRun(id))?.attempt).toBe(2);
      },
    });
    await executeRun(held, engine, new ProgressWriter(held));
    expect(await countResults()).toEqual(counts);
    expect(await getRun(ada(), id)).toMatchObject({ state: "running", attempt: 2 });
    await database().execute(`UPDATE "Run" SET "state" = 'canceled' WHERE "id" = $1`, [id]);
  });

  it("is listed newest first, by state, pipeline and text, page by page", async () => {
    const all = await listRuns(ada(), { workspace: "flights", limit: 2 });
    expect(all.items.map((run) => run.number)).toEqual([all.total, all.total - 1]);
    const next = await listRuns(ada(), { workspace: "flights", limit: 2, cursor: all.nextCursor ?? "" });
    expect(next.items[0]?.number).toBe(all.total - 2);
    const failed = await listRuns(ada(), { workspace: "flights", limit: 50, state: "failed" });
    expect(failed.items.every((run) => run.state === "failed")).toBe(true);
    const banded = await listRuns(ada(), { workspace: "flights", limit: 50, pipeline: "late_departures_banded" });
    expect(banded.items.map((run) => run.number)).toEqual([2]);
    expect(
      (await listRuns(ada(), { workspace: "flights", limit: 50, q: "#1" })).items.map((run) => run.number),
    ).toContain(1);
    await expect(listRuns(fixture.stranger, { workspace: "flights", limit: 50 })).rejects.toThrow(/no workspace/);
  });
});

async function countResults(): Promise<number[]> {
  const db = prisma();
  return Promise.all([
    db.fit.count(),
    db.featureVersion.count(),
    db.featureValues.count(),
    // Sources are profiled in the background.
    db.profile.count({ where: { runId: { not: null } } }),
    db.usage.count(),
    db.modelVersion.count(),
    db.datasetVersion.count({ where: { runId: { not: null } } }),
  ]);
}

async function untilOnline(runId: string) {
  for (let tries = 0; tries < 200; tries += 1) {
    const run = await getRun(ada(), runId);
    if (run.materialisations.length > 0) return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Nothing went online.");
}
