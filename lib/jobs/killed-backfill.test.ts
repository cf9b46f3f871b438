import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { getBackfill } from "@/lib/registry/deployments/backfills";
import { createPlace, killInTheMiddle, type Place } from "./killed-process.test-support";
import { createFakeEngine } from "./test-engine.test-support";
import { startWorker, type Worker } from "./worker";
import { EMPTY_STORE } from "./run/run-to-end.test-support";

const data = mkdtempSync(path.join(tmpdir(), "tributary-killed-backfill-"));
let place: Place | null = null;
let worker: Worker | null = null;
let child: ChildProcess | null = null;

afterAll(async () => {
  child?.kill("SIGKILL");
  await worker?.stop();
  await closeDatabase();
  await place?.drop();
  rmSync(data, { recursive: true, force: true });
});

it("goes on with a back-fill whose worker was killed, and computes nothing twice", async () => {
  process.env.TRIBUTARY_DATA = data;
  place = await createPlace(data);
  const backfillId = await killInTheMiddle("lib/jobs/killed-backfill.test-support.ts", {
    where: place.where,
    data,
    onStart: (started) => (child = started),
  });
  await openDatabase(place.options);
  const read = () => getBackfill(SYSTEM, { workspace: "flights", name: "late_departures", backfillId });
  const between = await read();
  expect(between.state).toBe("running");
  expect(between.chunkList.map((chunk) => chunk.state)).toEqual(["succeeded", "running", "pending", "pending"]);
  const datasets = () =>
    prisma().datasetVersion.findMany({
      where: { dataset: "flight@late_departures.staging" },
      orderBy: { version: "asc" },
    });
  const first = await datasets();
  expect(first).toHaveLength(1);

  const engine = createFakeEngine();
  worker = await startWorker({ engine, store: EMPTY_STORE });
  for (let tries = 0; tries < 400 && (await read()).state === "running"; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 200));
  const ended = await read();
  expect(ended).toMatchObject({ state: "succeeded", done: 4, failed: 0 });
  expect(ended.chunkList.slice(0, 2).map((chunk) => chunk.run?.id)).toEqual(
    between.chunkList.slice(0, 2).map((chunk) => chunk.run?.id),
  );
  const runs = await prisma().run.findMany({
    where: { backfillChunk: { isNot: null } },
    orderBy: { number: "asc" },
    select: { attempt: true },
  });
  expect(runs.map((run) => run.attempt)).toEqual([1, 2, 1, 1]);
  const predicted = engine.plans.map((plan) => plan.window);
  expect(predicted).toEqual(ended.chunkList.slice(1).map((chunk) => [chunk.from, chunk.to]));
  const all = await datasets();
  expect(all.map((row) => row.version)).toEqual([1, 2, 3, 4]);
  expect(all[0]?.id).toBe(first[0]?.id);
});
