import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { createPlace, programOf, type Place } from "./killed-process.test-support";
import { createFakeEngine } from "./test-engine.test-support";
import { startWorker, type Worker } from "./worker";

/** Longer than a worker may be silent before it counts as dead. */
const STOPPED_MS = 17_000;

const data = mkdtempSync(path.join(tmpdir(), "tributary-stopped-"));
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

it(
  "completes a run once, whose worker was stopped for longer than a living one is silent",
  { timeout: 240_000 },
  async () => {
    process.env.TRIBUTARY_DATA = data;
    place = await createPlace(data);
    const stopped = (child = spawn(
      process.execPath,
      [await programOf("lib/jobs/killed-worker.test-support.ts"), place.where],
      { env: { ...process.env, TRIBUTARY_DATA: data }, stdio: ["ignore", "pipe", "pipe"] },
    ));
    const exited = new Promise((resolve) => stopped.once("exit", resolve));
    const said = { text: "" };
    for (const stream of [stopped.stdout, stopped.stderr]) stream?.on("data", (chunk) => (said.text += String(chunk)));
    const until = async (pattern: RegExp) => {
      for (let tries = 0; tries < 900; tries += 1) {
        const found = pattern.exec(said.text);
        if (found) return found[1] as string;
        await sleep(100);
      }
      throw new Error(`It did not say ${pattern}: ${said.text}`);
    };
    const runId = await until(/middle (\S+)\n/);
    stopped.kill("SIGSTOP");
    const isShared = "url" in place.options;
    if (isShared) {
      // Another worker takes the run over, and the stopped one wakes up beside it.
      await openDatabase(place.options);
      const unused = () => Promise.resolve({ rows: 0, longKeys: [] });
      const store = { writeSet: unused, readRows: () => [], dropSet: () => Promise.resolve(), close: () => Promise.resolve() }; // prettier-ignore
      worker = await startWorker({ engine: createFakeEngine(), store });
    }
    await sleep(STOPPED_MS);
    stopped.kill("SIGCONT");
    expect(await until(/ended (\S+)\n/)).toBe("succeeded");
    // Whatever it still has to say of the attempt that it was stopped in.
    await sleep(2000);
    stopped.kill("SIGKILL");
    await exited;
    if (!isShared) await openDatabase(place.options);
    const run = await prisma().run.findUniqueOrThrow({ where: { id: runId }, include: { outputs: true } });
    expect(run.state).toBe("succeeded");
    expect(new Set(run.outputs.map((output) => output.dataset)).size).toBe(run.outputs.length);
    expect(await prisma().auditEvent.count({ where: { action: "run.complete" } })).toBe(1);
  },
);
