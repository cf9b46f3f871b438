import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, expect, it } from "vitest";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { getRun } from "@/lib/registry/runs";
import { createFakeEngine } from "./test-engine.test-support";
import { startWorker, type Worker } from "./worker";

const data = mkdtempSync(path.join(tmpdir(), "tributary-killed-"));
const server = process.env.TEST_DATABASE_URL;
const name = `killed_${randomBytes(6).toString("hex")}`;
let worker: Worker | null = null;
let child: ChildProcess | null = null;

afterAll(async () => {
  child?.kill("SIGKILL");
  await worker?.stop();
  await closeDatabase();
  if (server) await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  rmSync(data, { recursive: true, force: true });
});

it("completes a run whose worker was killed, with nothing half-visible in between and one set of results", async () => {
  process.env.TRIBUTARY_DATA = data;
  const where = server ? await createDatabase(server) : data;
  const runId = await runUntilMiddle(where);

  await openDatabase(server ? { url: where } : { directory: where });
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
    store: {
      writeSet: () => Promise.resolve({ rows: 0 }),
      readRows: () => [],
      dropSet: () => Promise.resolve(),
      close: () => Promise.resolve(),
    },
  });
  const run = await untilSucceeded(runId);
  expect(run.attempt).toBe(2);
  expect(run.stageList.every((stage) => stage.state === "done")).toBe(true);
  expect(run.outputs.map((output) => output.dataset)).toEqual(["airport@late_departures", "flight@late_departures"]);
  expect(run.modelVersions).toHaveLength(1);
  expect(new Set(run.fits.map((fit) => fit.stage)).size).toBe(run.fits.length);
  expect(await prisma().auditEvent.count({ where: { action: "run.complete" } })).toBe(1);
  if (!server) expect(existsSync(orphan)).toBe(false);
});

async function createDatabase(url: string): Promise<string> {
  await onServer(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Resolves with the run's id after the worker, in the middle of it, was killed without a chance to say goodbye. */
function runUntilMiddle(where: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    let complaint = "";
    let runId: string | undefined;
    child = spawn(process.execPath, ["--import", "tsx", "lib/jobs/killed-worker.test-support.ts", where], {
      env: { ...process.env, TRIBUTARY_DATA: data },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stderr?.on("data", (chunk) => (complaint += String(chunk)));
    child.stdout?.on("data", (chunk) => {
      said += String(chunk);
      runId = /middle (\S+)\n/.exec(said)?.[1];
      // Long enough for the progress to be written.
      if (runId) setTimeout(() => child?.kill("SIGKILL"), 700);
    });
    child.once("error", reject);
    child.once("exit", () => (runId ? resolve(runId) : reject(new Error(`The worker did not come far: ${complaint}`))));
  });
}

async function untilSucceeded(runId: string) {
  for (let tries = 0; tries < 300; tries += 1) {
    const run = await getRun(SYSTEM, runId);
    if (run.state === "succeeded") return run;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The run is still ${(await getRun(SYSTEM, runId)).state}.`);
}
