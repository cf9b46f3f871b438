import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlanBody } from "@/lib/contracts/plans";
import { closeDatabase, prisma } from "@/lib/db/client";
import { previewPlan } from "@/lib/registry/plans/plans";
import { listRunLogs } from "@/lib/registry/runs/runs";
import { startRun } from "@/lib/registry/runs/start";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { createFakeEngine } from "../test-engine.test-support";
import { startWorker, type Worker } from "../worker";
import { EMPTY_STORE, succeeded } from "./run-to-end.test-support";

const engine = createFakeEngine();
const data = mkdtempSync(path.join(tmpdir(), "tributary-preview-"));
const outputs = ["flight.late_probability"];
const PINS = ["airport.segment@airport_segments", "flight.late_probability@late_logistic"];
let worker: Worker;
let fixture: Fixture;

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  await openTestDatabase();
  fixture = await filledRegistry();
  worker = await startWorker({ engine, store: EMPTY_STORE });
});
afterAll(async () => {
  await worker.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

const preview = (body: Partial<PlanBody>) =>
  previewPlan(fixture.people.ada, { workspace: "flights", outputs, ...body }, engine);

const start = (pipeline: string) => startRun(fixture.people.ada, { workspace: "flights", pipeline }, engine);

async function run(pipeline: string) {
  return succeeded(await start(pipeline));
}

describe("what a preview says beforehand, a run does", () => {
  it("knows nothing to reuse before anything ran", async () => {
    const { graph, details } = await preview({});
    expect(graph?.instances.every((instance) => instance.reuse === null)).toBe(true);
    expect(details?.map((variant) => [variant.remaining === variant.cost, variant.fitted, variant.saves])).toEqual(
      [1, 2, 3, 4].map(() => [true, 0, 0]),
    );
  });

  it.each(["late_departures", "late_departures_banded"])(
    "gives %s its verdict and finds its fits again",
    async (name) => {
      const before = await preview({ consumer: name });
      const done = await run(name);
      const after = await preview({ consumer: name });
      const stages = new Set(done.stageList.map((stage) => stage.stage));
      const index = after.variants.findIndex((variant) => variant.every((stage) => stages.has(stage)));
      const [model] = done.modelVersions;
      for (const { details } of [before, after])
        expect(details?.[index]?.verdict).toMatchObject({ verdict: model?.verdict });
      // A run names the versions that it read; before the first one they are only foreseen.
      expect(after.details?.[index]?.verdict?.sentence).toBe(model?.sentence);
      const own = after.graph?.instances.filter((instance) => instance.variants.includes(index)) ?? [];
      for (const instance of own.filter(({ kind }) => kind === "estimator"))
        expect(instance.reuse).toMatchObject({ seconds: 0.1 });
      expect(after.details?.[index]?.remaining).toBeLessThan(after.details?.[index]?.cost as number);
      expect(after.details?.[index]?.saves).toBeGreaterThan(0);
    },
  );

  it("reads what was written before, and leaves out what only led to it", async () => {
    const foreseen = (await preview({ consumer: "late_departures", options: { pins: PINS } })).details?.[0];
    expect(foreseen).toMatchObject({ materialised: 1, remaining: 0 });
    const fits = await prisma().fit.count();
    const again = await run("late_departures");
    const plan = engine.plans.findLast(({ instances }) => instances.length > 0);
    const read = plan?.instances.filter(({ values }) => values) ?? [];
    expect(read.map(({ stage }) => stage.name)).toEqual(expect.arrayContaining(["airport_traffic", "late_logistic"]));
    for (const { values } of read) expect(existsSync(values?.file ?? "")).toBe(true);
    // Vectors are written nowhere: what makes them only led to what is there.
    expect(plan?.instances.map(({ stage }) => stage.name)).not.toContain("flight_vector");
    expect(again.stageList.every(({ state, reused }) => state === "done" && reused)).toBe(true);
    expect(await prisma().fit.count()).toBe(fits);
    const [version] = await prisma().modelVersion.findMany({ where: { runId: again.id } });
    const estimators = again.stageList.filter(({ kind }) => kind === "estimator").map(({ instance }) => instance);
    expect(Object.keys(version?.fits as object).sort()).toEqual([...estimators].sort());
    const { items } = await listRunLogs(fixture.people.ada, again.id, { limit: 500 });
    expect(items.map(({ message }) => message).join("\n")).toMatch(
      /Values of \d+ of \d+ stages were read, not computed \(.*airport_traffic from run #\d+.*what only led to them did not run \(.*flight_vector/,
    );
  });

  it("computes again what is on disk no more", async () => {
    const written = path.join(data, "offline");
    renameSync(written, `${written}.gone`);
    const { details, graph } = await preview({ consumer: "late_departures", options: { pins: PINS } });
    expect(details?.[0]?.materialised).toBe(0);
    expect(graph?.instances.some(({ reuse }) => reuse?.kind === "fitted")).toBe(true);
    const again = await run("late_departures");
    expect(engine.plans.at(-1)?.instances.some(({ values }) => values)).toBe(false);
    expect(again.stageList.filter(({ reused }) => reused).map(({ kind }) => kind)).not.toContain("transformer");
  });

  it("says of every stage whether the plan's promise was kept, and why not", async () => {
    const kept = await run("late_departures");
    const promised = kept.stageList.filter((stage) => stage.promised !== null);
    expect(new Set(promised.map((stage) => stage.promised?.kind))).toEqual(new Set(["materialised", "fitted"]));
    for (const stage of promised) {
      expect(stage).toMatchObject({ state: "done", reused: true });
      expect(stage.reason ?? "").not.toContain("promised");
    }
    await worker.stop();
    const id = await start("late_departures");
    const written = path.join(data, "offline");
    renameSync(written, `${written}.gone too`);
    worker = await startWorker({ engine, store: EMPTY_STORE });
    const broken = await succeeded(id);
    const computed = broken.stageList.filter((stage) => stage.promised?.kind === "materialised");
    expect(computed.map(({ stage }) => stage)).toEqual(expect.arrayContaining(["airport_traffic"]));
    for (const { reason, promised: promise } of computed)
      expect(reason).toContain(
        `The plan promised the values of run ${promise?.run}, and they are computed again: their file is no longer on disk`,
      );
    const { items } = await listRunLogs(fixture.people.ada, id, { limit: 500 });
    expect(items.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^The plan promised the values/));
  });
});
