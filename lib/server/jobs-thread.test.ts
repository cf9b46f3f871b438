import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ownScratch } from "@/lib/config/scratch-folder";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { jobsState } from "@/lib/jobs/thread-state";
import { openTestDatabase } from "@/test/open-test-database";
import { startJobsThread } from "./jobs-thread";

const data = mkdtempSync(path.join(tmpdir(), "tributary-jobs-thread-"));

beforeAll(async () => {
  vi.stubEnv("TRIBUTARY_DATA", data);
  vi.stubEnv("TRIBUTARY_DEMO", "0");
  vi.stubEnv("TRIBUTARY_LOG_LEVEL", "silent");
  vi.stubEnv("DIED_ONCE", path.join(data, "died"));
  await openTestDatabase();
  await openQueue();
});

afterAll(async () => {
  await closeDatabase();
  vi.unstubAllEnvs();
  rmSync(data, { recursive: true, force: true });
});

it("begins again when it dies, and says so meanwhile", async () => {
  const jobs = await startJobsThread(path.resolve("lib/server/dying-thread.test-support.mjs"));
  expect(jobsState()).toEqual({ state: "running", reason: null });
  await vi.waitFor(
    () => expect(jobsState()).toEqual({ state: "restarting", reason: "Error: something broke in the jobs" }),
    { timeout: 20_000, interval: 20 },
  );
  await vi.waitFor(() => expect(jobsState()).toEqual({ state: "running", reason: null }), 20_000);
  await jobs.stop();
});

it("works on this process's database through a session of its own", async () => {
  const stamp = { definition: {}, digest: "d", createdBy: "test", updatedBy: "test" };
  const workspace = await prisma().workspace.create({ data: { name: "jobs", title: "Jobs", ...stamp } });
  const job = { workspaceId: workspace.id, number: 1, kind: "variant", title: "left", state: "running", params: {}, createdBy: "test" }; // prettier-ignore
  const run = await prisma().run.create({ data: job });
  // What pages are computed from now, and what a thread of jobs left that died.
  const serving = path.join(ownScratch(data), "work-now");
  const left = path.join(ownScratch(data).replace(/\.0\.(\d+)$/, ".99.$1"), "work-left");
  for (const folder of [serving, left]) mkdirSync(folder, { recursive: true });
  // Whatever ran when a thread begins belonged to one that died: it is queued again.
  const jobs = await startJobsThread();
  const state = async () => (await prisma().run.findUniqueOrThrow({ where: { id: run.id } })).state;
  await vi.waitFor(async () => expect(await state()).not.toBe("running"), 20_000);
  await jobs.stop();
  expect(await prisma().workspace.count()).toBe(1);
  expect([existsSync(serving), existsSync(left)]).toEqual([true, false]);
});
