import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import { advanceBackfills } from "@/lib/registry/deployments/backfill-advance";
import { createBackfill } from "@/lib/registry/deployments/backfill-create";
import {
  cancelBackfill,
  getBackfill,
  pauseBackfill,
  resumeBackfill,
  retryBackfill,
} from "@/lib/registry/deployments/backfills";
import { createDeployment } from "@/lib/registry/deployments/create";
import { startJob } from "@/lib/registry/deployments/jobs";
import { pauseDeployment, resumeDeployment, retireDeployment } from "@/lib/registry/deployments/state";
import { retryRun } from "@/lib/registry/deployments/retry-run";
import { claimRun } from "@/lib/registry/execution/claims";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";
import { createFakeEngine } from "./test-engine.test-support";

let fixture: Fixture;
const data = mkdtempSync(path.join(tmpdir(), "tributary-backfill-"));
const engine = createFakeEngine();
const ADDRESS = { workspace: "flights", name: "late_departures" };
const JUNE = { from: "2001-06-01T00:00:00.000Z", to: "2001-07-01T00:00:00.000Z", chunkDays: 7 };

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  await openTestDatabase();
  fixture = await filledRegistry();
  await createDeployment(fixture.people.ada, { ...ADDRESS, pipeline: "late_departures", model: "fresh_model" }, engine);
});
beforeEach(async () => {
  await prisma().backfill.updateMany({ where: { state: { in: ["running", "paused"] } }, data: { state: "canceled" } });
  await prisma().run.updateMany({ where: { state: "queued" }, data: { state: "canceled", finishedAt: new Date() } });
});
afterAll(async () => {
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

async function execute(id: string, on = engine): Promise<void> {
  const claimed = await claimRun(id);
  if (claimed) await executeRun(claimed, on, new ProgressWriter(claimed));
}

const create = (request = {}, on = engine, kind: JobKind = "predict_staging") =>
  createBackfill(fixture.people.bram, { ...ADDRESS, kind }, { ...JUNE, ...request }, on);
const read = (backfillId: string) => getBackfill(fixture.people.bram, { ...ADDRESS, backfillId });
const chunkRuns = () =>
  prisma().run.findMany({ where: { backfillChunk: { isNot: null } }, orderBy: { number: "asc" } });

/** Runs the chunk that is waiting. */
async function runChunk(backfillId: string, on = engine): Promise<void> {
  const { chunkList } = await read(backfillId);
  const chunk = chunkList.find((one) => one.state === "running");
  if (!chunk?.run) throw new Error("No chunk is waiting.");
  await execute(chunk.run.id, on);
}

describe("a back-fill", () => {
  it("is refused before there is a version, and for a fit", async () => {
    await expect(create()).rejects.toThrow(/Run the fit job of late_departures/);
    await expect(create({}, engine, "fit")).rejects.toThrow(/has no range to fill/);
    expect(await prisma().backfill.count()).toBe(0);
    await execute(await startJob(fixture.people.bram, { ...ADDRESS, kind: "fit" }, {}, engine));
  });

  it("computes its chunks one after the other, none twice, whoever looks, and says how far it is", async () => {
    const id = await create();
    expect(await read(id)).toMatchObject({
      state: "running",
      chunks: 5,
      done: 0,
      progress: 0,
      etaSeconds: null,
      message: "0 of 5 chunks done; the next one is about to begin.",
      actions: ["pause", "cancel"],
      createdBy: "Bram Okafor",
    });
    await expect(create()).rejects.toThrow(/A back-fill of this job from 2001-06-01.*is running/);
    for (let done = 0; done < 5; done += 1) {
      const begun = await Promise.all([1, 2, 3].map(() => advanceBackfills()));
      expect(begun.reduce((sum, one) => sum + one, 0)).toBe(1);
      expect((await chunkRuns()).filter((run) => run.state === "queued")).toHaveLength(1);
      await runChunk(id);
      expect(await read(id)).toMatchObject({ done: done + 1, progress: (done + 1) / 5 });
      if (done < 4) expect((await read(id)).etaSeconds).toEqual(expect.any(Number));
    }
    await advanceBackfills();
    const ended = await read(id);
    expect(ended).toMatchObject({ state: "succeeded", done: 5, message: "Done: all 5 chunks.", actions: [] });
    expect(ended.finishedAt).not.toBeNull();
    expect(engine.plans.slice(-5).map((plan) => plan.window)).toEqual(
      ended.chunkList.map((chunk) => [chunk.from, chunk.to]),
    );
    expect(ended.chunkList.at(-1)).toMatchObject({ from: "2001-06-29T00:00:00.000Z", to: JUNE.to });
    expect(await prisma().datasetVersion.count({ where: { dataset: "flight@late_departures.staging" } })).toBe(5);
  });

  it("pauses after the chunk that runs, resumes, and is canceled with what is done kept", async () => {
    const id = await create();
    const address = { ...ADDRESS, backfillId: id };
    await advanceBackfills();
    await pauseBackfill(fixture.people.bram, address);
    await runChunk(id);
    expect(await advanceBackfills()).toBe(0);
    expect(await read(id)).toMatchObject({ state: "paused", done: 1, actions: ["resume", "cancel"] });
    await resumeBackfill(fixture.people.bram, address);
    await expect(resumeBackfill(fixture.people.bram, address)).rejects.toThrow(
      "only one that is paused can be resumed",
    );
    expect(await advanceBackfills()).toBe(1);
    await cancelBackfill(fixture.people.bram, address);
    const canceled = await read(id);
    expect(canceled).toMatchObject({ state: "canceled", done: 1 });
    expect(canceled.chunkList[1]?.run?.state).toBe("canceled");
    expect(await advanceBackfills()).toBe(0);
    await expect(retryBackfill(fixture.people.bram, address)).rejects.toThrow("only one that is failed");
  });

  it("waits while its deployment is paused", async () => {
    const id = await create();
    await pauseDeployment(fixture.people.ada, ADDRESS);
    expect(await advanceBackfills()).toBe(0);
    await expect(create()).rejects.toThrow(/is paused, so a back-fill of it would not begin/);
    await resumeDeployment(fixture.people.ada, ADDRESS);
    expect(await advanceBackfills()).toBe(1);
    expect((await read(id)).state).toBe("running");
  });

  it("goes on behind a chunk that failed, and retries that one alone", async () => {
    const id = await create({ chunkDays: 10 });
    const broken = createFakeEngine({ failWith: new Error("the disk is gone") });
    for (const on of [engine, broken, engine]) {
      await advanceBackfills();
      await runChunk(id, on);
    }
    await advanceBackfills();
    const failed = await read(id);
    expect(failed).toMatchObject({ state: "failed", done: 2, failed: 1, actions: ["retry"] });
    expect(failed.message).toMatch(/^2 of 3 chunks done, 1 failed/);
    await expect(retryRun(fixture.people.ada, failed.chunkList[1]?.run?.id ?? "", engine)).rejects.toThrow(
      /is a chunk of a back-fill of late_departures. Retry the back-fill/,
    );
    const planned = engine.plans.length;
    await retryBackfill(fixture.people.bram, { ...ADDRESS, backfillId: id });
    await advanceBackfills();
    await runChunk(id);
    await advanceBackfills();
    const ended = await read(id);
    expect(ended).toMatchObject({ state: "succeeded", done: 3 });
    expect(engine.plans).toHaveLength(planned + 1);
    expect(ended.chunkList.map((chunk) => chunk.run?.id).filter((run, at) => at !== 1)).toEqual(
      failed.chunkList.map((chunk) => chunk.run?.id).filter((run, at) => at !== 1),
    );
  });

  it("leaves the rest for a person to look at when three chunks fail in a row", async () => {
    const id = await create({ chunkDays: 2 });
    const broken = createFakeEngine({ failWith: new Error("the disk is gone") });
    for (let chunk = 0; chunk < 3; chunk += 1) {
      await advanceBackfills();
      await runChunk(id, broken);
    }
    expect(await advanceBackfills()).toBe(0);
    expect(await read(id)).toMatchObject({ state: "failed", done: 0, failed: 3, chunks: 15, actions: ["retry"] });
  });

  it.each<[string, object, (from: string) => number, RegExp]>([
    [
      "a range without rows",
      { from: "2003-01-01T00:00:00.000Z", to: "2003-02-01T00:00:00.000Z" },
      () => 0,
      /^Source flights has no rows from 2003-01-01T00:00:00.000Z to 2003-02-01T00:00:00.000Z: it has rows from 2001-01-01T00:00:00.000Z to 2001-06-30T23:00:00.000Z/,
    ],
    [
      "a gap in the middle",
      {},
      (from: string) => (from === "2001-06-15T00:00:00.000Z" ? 0 : 10),
      /^Source flights has no rows in 1 of the 5 chunks from .*: 2001-06-15T00:00:00.000Z to 2001-06-22T00:00:00.000Z; it has rows from/,
    ],
    ["an empty range", { to: JUNE.from }, () => 1, /^The range is empty/],
    [
      "far too many chunks",
      { from: "1901-01-01T00:00:00.000Z", chunkDays: 1 },
      () => 1,
      /chunks of 1 day, .* at most 2000/,
    ],
  ])("is refused for %s, before anything is made", async (_, request, rows, message) => {
    const before = await prisma().backfill.count();
    const counting = {
      ...engine,
      countRows: (_source: unknown, windows: [string, string][]) =>
        Promise.resolve(windows.map(([from]) => rows(from))),
    };
    const attempt = create(request, counting);
    await expect(attempt).rejects.toMatchObject({ code: "invalid" });
    await expect(attempt).rejects.toThrow(message);
    expect(await prisma().backfill.count()).toBe(before);
    expect(await prisma().backfillChunk.count({ where: { backfill: { state: "running" } } })).toBe(0);
  });

  it("is made once of many who ask for it at once, and ends with its deployment", async () => {
    const attempts = await Promise.allSettled([1, 2, 3].map(() => create()));
    const made = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
    expect(made).toHaveLength(1);
    await advanceBackfills();
    await retireDeployment(fixture.people.ada, ADDRESS);
    expect(await read(made[0] as string)).toMatchObject({ state: "canceled", actions: [] });
    expect(await advanceBackfills()).toBe(0);
    await expect(create()).rejects.toThrow("is retired");
  });
});
