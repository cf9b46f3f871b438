import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, prisma } from "@/lib/db/client";
import { prepareDemo, seedDemo } from "./seed-demo";
import { createFakeEngine } from "@/lib/jobs/test-engine.test-support";
import { startWorker, type Worker } from "@/lib/jobs/worker";

const data = mkdtempSync(path.join(tmpdir(), "tributary-seed-"));
let worker: Worker | null = null;
const store = {
  async writeSet(_id: string, _types: unknown, batches: AsyncIterable<unknown[]>) {
    let rows = 0;
    for await (const batch of batches) rows += batch.length;
    return { rows, longKeys: [] };
  },
  readRows: () => [],
  dropSet: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  await openTestDatabase();
});
afterAll(async () => {
  await worker?.stop();
  await closeDatabase();
  vi.restoreAllMocks();
  rmSync(data, { recursive: true, force: true });
});

async function seed(engine = createFakeEngine(), signal = new AbortController().signal): Promise<boolean> {
  const demo = await prepareDemo();
  if (!demo) return false;
  await seedDemo(demo, engine, signal);
  return true;
}

const workspace = () => prisma().workspace.findUniqueOrThrow({ where: { name: "flights" } });

it("says why when it breaks, goes on where it was, and is filled once", async () => {
  worker = await startWorker({ engine: createFakeEngine({ failWith: new Error("the disk is gone") }), store });
  await seed();
  expect(await workspace()).toMatchObject({ seedState: "failed" });
  expect((await workspace()).seedMessage).toMatch(/late_departures failed: .*the disk is gone/);
  await worker.stop();

  worker = await startWorker({ engine: createFakeEngine(), store });
  const broken = new AbortController();
  const started = seed(createFakeEngine(), broken.signal);
  await vi.waitFor(async () => expect(await prisma().changeRequest.count()).toBeGreaterThan(2), { timeout: 60_000 });
  broken.abort();
  await started;
  expect((await workspace()).seedState).toBe("filling");

  expect(await seed()).toBe(true);
  expect(await workspace()).toMatchObject({ seedState: "ready", seedProgress: 1, title: "Flights of 2001" });
  const runs = await prisma().run.findMany({ orderBy: { number: "asc" } });
  expect(runs.map((run) => `${run.kind} ${run.state}`)).toEqual([
    "fit failed",
    "fit succeeded",
    "fit succeeded",
    "variant succeeded",
    "predict succeeded",
    "predict succeeded",
    "variant succeeded",
    "variant succeeded",
  ]);
  const risk = await prisma().model.findFirstOrThrow({
    where: { name: "late_risk_model" },
    select: { versions: { orderBy: { version: "asc" }, select: { verdicts: { select: { verdict: true } } } } },
  });
  const worst = risk.versions.map(({ verdicts }) =>
    verdicts.some(({ verdict }) => verdict === "leak") ? "leak" : "safe",
  );
  expect(worst).toEqual(["leak", "safe"]);
  const deployments = await prisma().deployment.findMany({ orderBy: { name: "asc" }, include: { jobs: true } });
  expect(deployments.map(({ name, model, jobs }) => [name, model, jobs.length])).toEqual([
    ["late_departures", "late_model", 3],
    ["late_departures_banded", "late_model_banded", 3],
  ]);
  const changes = await prisma().changeRequest.findMany({ orderBy: { number: "asc" } });
  expect(changes.filter((change) => change.state === "applied").length).toBeGreaterThanOrEqual(8);
  expect(changes.filter((change) => change.state === "rejected").map((change) => change.title)).toEqual([
    "Promote flight.late_probability v1 to staging",
  ]);
  expect(changes.filter((change) => change.state === "in_review").map((change) => change.title)).toEqual([
    "Promote airport.segment v2 to production",
  ]);
  const reviews = await prisma().review.findMany({ include: { change: true } });
  expect(reviews.every((review) => review.reviewerId !== review.change.authorId)).toBe(true);
  const pointers = await prisma().pointer.findMany({
    where: { feature: { name: "airport.segment" } },
    include: { version: true },
  });
  expect(Object.fromEntries(pointers.map((pointer) => [pointer.environment, pointer.version.version]))).toEqual({
    dev: 2,
    staging: 2,
    production: 1,
  });
  const people = await prisma().user.findMany({ orderBy: { email: "asc" } });
  expect(people.map((person) => [person.email, person.demo, person.passwordHash])).toEqual(
    ["ada", "bram", "chiara", "devi", "emil"].map((name) => [`${name}@flights.example`, true, null]),
  );

  expect(await seed()).toBe(false);
  expect(await prisma().run.count()).toBe(8);
});

it("leaves a workspace alone that somebody else named flights", async () => {
  await prisma().workspace.update({ where: { name: "flights" }, data: { seedState: null } });
  expect(await prepareDemo()).toBeNull();
});
