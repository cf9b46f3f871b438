import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NewVersionEvaluation, type VersionEvaluation } from "@/lib/contracts/evaluations";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { DomainError } from "@/lib/domain/errors";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { getModelEvaluation } from "@/lib/registry/models/evaluation";
import { getModel } from "@/lib/registry/models/models";
import { listUsage } from "@/lib/registry/models/usage";
import { evaluateModelVersion, listVersionEvaluations } from "@/lib/registry/evaluations/evaluations";
import { startRun } from "@/lib/registry/runs/start";
import { applySpecs } from "@/lib/registry/specs/specs";
import { openTestDatabase } from "@/test/open-test-database";
import { ADMIN, EMPTY_STORE, succeeded } from "./run/run-to-end.test-support";
import { startWorker, type Worker } from "./worker";

const data = mkdtempSync(path.join(tmpdir(), "tributary-evaluate-version-"));
const engine = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 2, memoryLimit: "512MB" });
const VERSION = { workspace: "trips", name: "tip_model", version: 1 };
let worker: Worker;

/** Trips of one hour each, whose tip is a tenth of the fare; from trip 400 on it is a fifth. */
function trips(rows: number): string {
  const random = seededRandom(4);
  const lines = Array.from({ length: rows }, (_, id) => {
    const fare = 5 + 20 * random();
    const at = new Date(Date.UTC(2024, 0, 1, id)).toISOString();
    const tip = fare * (id < 400 ? 0.1 : 0.2) + random() * 0.1;
    return [id, at, fare.toFixed(3), ["north", "south"][id % 2], tip.toFixed(4)].join(",");
  });
  return ["id,at,fare,borough,tip", ...lines].join("\n");
}

const DOCUMENTS = `
kind: Workspace
name: trips
---
{ kind: Entity, name: trip, joinKeys: [{ name: id, type: bigint }], eventTime: at }
---
kind: Source
name: trips
entity: trip
format: csv
location: ${path.join(data, "trips.csv")}
columns: [{ name: id, type: bigint }, { name: at, type: timestamp }, { name: fare, type: double }, { name: borough, type: string }, { name: tip, type: double }]
rowKey: [id]
timeColumn: at
appendOnly: true
---
{ kind: SplitPolicy, name: by_time, type: time, column: at, parts: { train: ["2024-01-01", "2024-01-09"], test: ["2024-01-09", "2024-01-17"] } }
---
{ kind: Stage, name: x, entity: trip, transformer: VectorAssembler, inputs: [trip.fare], outputs: [{ column: trip.x, type: vector }] }
---
{ kind: Stage, name: line, entity: trip, estimator: LinearRegression, class: supervised, inputs: [trip.x], fitInputs: [trip.tip], outputs: [{ column: trip.likely_tip, type: double }] }
---
{ kind: Feature, name: trip.fare, type: double, description: The fare. }
---
{ kind: Pipeline, name: tips, outputs: [trip.likely_tip], fit: { split: by_time, parts: [train] }, evaluate: { split: by_time, test: [test], label: trip.tip, model: tip_model, unit: [id, at] } }
`;

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  writeFileSync(path.join(data, "trips.csv"), trips(384));
  await openTestDatabase();
  await applySpecs(ADMIN, { documents: DOCUMENTS });
  worker = await startWorker({ engine, store: EMPTY_STORE });
  await succeeded(await startRun(ADMIN, { workspace: "trips", pipeline: "tips" }, engine));
});
afterAll(async () => {
  await worker.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

const ask = (body: unknown) => evaluateModelVersion(ADMIN, VERSION, NewVersionEvaluation.parse(body));

async function ended(id: string): Promise<VersionEvaluation> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { items } = await listVersionEvaluations(ADMIN, { ...VERSION, limit: 50 });
    const found = items.find((one) => one.id === id);
    if (found && !["queued", "running"].includes(found.state)) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("It does not end.");
}

const judged = async (body: unknown) => ended((await ask(body)).id);

describe("a version judged again", () => {
  it("on its own rows has the scores of its run, in slices that the run did not have", async () => {
    const first = (await getModel(ADMIN, "trips", "tip_model")).versions[0]?.metrics;
    const found = await judged({ slices: ["trip.borough", "trip.fare"] });
    expect(found).toMatchObject({ state: "done", isOnOtherRows: false, verdict: "safe", datasets: { trips: 1 }, about: "the recorded rows in slices by trip.borough, trip.fare" }); // prettier-ignore
    for (const part of ["train", "test"]) {
      const { duplicates: _, ...metrics } = first?.[part] ?? {};
      expect(Object.keys(metrics).length).toBeGreaterThan(3);
      for (const [name, value] of Object.entries(metrics)) expect([part, name, found.metrics?.[part]?.[name]]).toEqual([part, name, expect.closeTo(value, 10)]); // prettier-ignore
    }
    expect(found.evaluation?.slices?.map(({ feature, parts }) => [feature, parts.test?.map(({ metrics }) => metrics.rows)])).toEqual([
      ["trip.borough", [96, 96]],
      ["trip.fare", expect.any(Array)],
    ]); // prettier-ignore
    expect((await getModelEvaluation(ADMIN, "trips", { name: "tip_model", version: 1 })).evaluation).not.toHaveProperty("slices"); // prettier-ignore
  });

  it("on a window of its test rows is judged on those, and leaks on rows that it was fitted on", async () => {
    const window = { from: "2024-01-10T00:00:00Z", to: "2024-01-12T00:00:00Z" };
    const later = await judged({ window });
    expect(later).toMatchObject({ state: "done", isOnOtherRows: true, verdict: "safe" });
    expect(later.metrics).toEqual({ test: expect.objectContaining({ rows: 48 }) as unknown });
    const own = await judged({ split: { policy: "by_time", parts: ["train"] } });
    expect(own).toMatchObject({ state: "done", verdict: "leak" });
    expect(own.sentence).toMatch(/^The test score cannot be trusted\. The model itself was fitted on/);
    expect(own.metrics).toEqual({ test: expect.objectContaining({ rows: 192 }) as unknown });
  });

  it("is refused, by name, what it cannot be judged on", async () => {
    const refused = (body: unknown) => ask(body).then(() => [], (error: DomainError) => (error.context as { issues: { path: unknown[]; message: string }[] }).issues.map(({ path, message }) => [path.join("."), message])); // prettier-ignore
    expect(await refused({ slices: ["trip.bourough"] })).toEqual([["slices.0", "nothing writes `trip.bourough`. Did you mean `trip.borough`?"]]); // prettier-ignore
    expect(await refused({ slices: ["trip.tip"] })).toEqual([["slices.0", expect.stringContaining("is the label itself")]]); // prettier-ignore
    const window = { from: "2024-01-12T00:00:00Z", to: "2024-01-10T00:00:00Z" };
    expect(
      await refused({ versions: { trip: 1, trips: 7 }, split: { policy: "by_time", parts: ["tset"] }, window }),
    ).toEqual([
      ["versions.trip", "the version's run read no source `trip`. Did you mean `trips`?"],
      ["versions.trips", "there is no version 7 of `trips`."],
      ["split.parts.0", "split policy `by_time` has no part `tset`. Did you mean `test`?"],
      ["window", "the window ends before it begins."],
    ]);
    await expect(evaluateModelVersion(ADMIN, { ...VERSION, version: 9 }, NewVersionEvaluation.parse({}))).rejects.toThrow("There is no version 9"); // prettier-ignore
    const reader = { ...ADMIN, bindings: [{ workspaceId: null, role: "viewer" as const }] };
    await expect(evaluateModelVersion(reader, VERSION, NewVersionEvaluation.parse({}))).rejects.toMatchObject({ code: "forbidden" }); // prettier-ignore
  });

  it("on newer data says what became of its error, is in the ledger as tested, and was not fitted again", async () => {
    writeFileSync(path.join(data, "trips.csv"), trips(600));
    await succeeded(await startRun(ADMIN, { workspace: "trips", pipeline: "tips" }, engine));
    const fits = await prisma().fit.count();
    const window = { from: "2024-01-18T00:00:00Z", to: "2024-02-01T00:00:00Z" };
    const found = await judged({ versions: "newest", split: "all", window });
    expect(found).toMatchObject({ state: "done", verdict: "safe", datasets: { trips: 2 } });
    const before = (await getModel(ADMIN, "trips", "tip_model")).versions.find(({ version }) => version === 1)?.metrics.test; // prettier-ignore
    expect(found.metrics?.test?.rows).toBe(600 - 17 * 24);
    expect(found.metrics?.test?.mae).toBeGreaterThan(20 * (before?.mae ?? 1));
    expect(found.testedOn).toContain("trips@2");
    expect(await prisma().fit.count()).toBe(fits);
    const { items } = await listUsage(ADMIN, { workspace: "trips", feature: "trip.fare", role: "test", limit: 50 });
    expect(items[0]).toMatchObject({ consumer: "tip_model", consumerKind: "model", mode: "applied", run: null, rows: 600 - 17 * 24 }); // prettier-ignore
  });

  it("ends as expired, naming the version, when the bytes are gone", async () => {
    writeFileSync(path.join(data, "trips.csv"), trips(10));
    const found = await judged({});
    expect(found).toMatchObject({ state: "expired", metrics: null, verdict: null });
    expect(found.error).toContain("trips@1");
  });
});
