import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlanBody } from "@/lib/contracts/plans";
import { closeDatabase } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import type { OnlineStore } from "@/lib/online/online-store";
import { previewPlan } from "@/lib/registry/plans";
import { getRun } from "@/lib/registry/runs";
import { applySpecs } from "@/lib/registry/specs";
import { startRun } from "@/lib/registry/start-run";
import { openTestDatabase } from "@/test/open-test-database";
import { createFakeEngine } from "../test-engine.test-support";
import { startWorker, type Worker } from "../worker";

const engine = createFakeEngine();
const data = mkdtempSync(path.join(tmpdir(), "tributary-preview-"));
const store: OnlineStore = {
  writeSet: () => Promise.resolve({ rows: 0 }),
  readRows: () => [],
  dropSet: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
const outputs = ["flight.late_probability"];
let worker: Worker;

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  await openTestDatabase();
  const documents = readdirSync("prisma/demo").map((file) => ({
    file,
    text: readFileSync(`prisma/demo/${file}`, "utf8"),
  }));
  await applySpecs(SYSTEM, { documents });
  worker = await startWorker({ engine, store });
});
afterAll(async () => {
  await worker.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

const preview = (body: Partial<PlanBody>) => previewPlan(SYSTEM, { workspace: "flights", outputs, ...body }, engine);

async function run(pipeline: string) {
  const id = await startRun(SYSTEM, { workspace: "flights", pipeline }, engine);
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await getRun(SYSTEM, id);
    if (found.state === "succeeded") return found;
    if (found.state === "failed") throw new Error(JSON.stringify(found.error));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("The run does not end.");
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
      expect(after.details?.[index]?.fitted).toBeGreaterThan(0);
    },
  );
});
