import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { getRun } from "@/lib/registry/runs/runs";
import { createPlace, killInTheMiddle, type Place } from "./killed-process.test-support";
import { createFakeEngine } from "./test-engine.test-support";
import { startWorker, type Worker } from "./worker";
import { EMPTY_STORE } from "./run/run-to-end.test-support";

const data = mkdtempSync(path.join(tmpdir(), "tributary-killed-"));
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

it("completes a run whose worker was killed, with nothing half-visible in between and one set of results", async () => {
  process.env.TRIBUTARY_DATA = data;
  place = await createPlace(data);
  const runId = await killInTheMiddle("lib/jobs/killed-worker.test-support.ts", {
    where: place.where,
    data,
    onStart: (started) => (child = started),
  });

  const { kind } = await openDatabase(place.options);
  const between = await getRun(SYSTEM, runId);
  expect(between).toMatchObject({
    state: "running",
    attempt: 1,
    outputs: [],
    fits: [],
    featureVersions: [],
    modelVersions: [],
  });
  expect(await prisma().profile.count({ where: { runId } })).toBe(0);
  // What the dead attempt had begun to write.
  const orphan = path.join(data, "offline", "flights", `run-${between.number}`, "1");
  mkdirSync(orphan, { recursive: true });
  writeFileSync(path.join(orphan, "flight.parquet.tmp"), "half");

  worker = await startWorker({
    engine: createFakeEngine(),
    store: EMPTY_STORE,
  });
  const run = await untilSucceeded(runId);
  expect(run.attempt).toBe(2);
  expect(run.stageList.every((stage) => stage.state === "done")).toBe(true);
  expect(run.outputs.map((output) => output.dataset)).toEqual(["airport@late_departures", "flight@late_departures"]);
  expect(run.modelVersions).toHaveLength(1);
  expect(new Set(run.fits.map((fit) => fit.stage)).size).toBe(run.fits.length);
  expect(await prisma().auditEvent.count({ where: { action: "run.complete" } })).toBe(1);
  if (kind === "embedded") expect(existsSync(orphan)).toBe(false);
});

async function untilSucceeded(runId: string) {
  for (let tries = 0; tries < 300; tries += 1) {
    const run = await getRun(SYSTEM, runId);
    if (run.state === "succeeded") return run;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The run is still ${(await getRun(SYSTEM, runId)).state}.`);
}
