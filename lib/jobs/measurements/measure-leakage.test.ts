import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LeakageMeasurement } from "@/lib/contracts/leakage-measurements";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { listMeasurements, measureLeakage } from "@/lib/registry/measurements/measurements";
import { getLeakageProof } from "@/lib/registry/models/leakage";
import { getModel } from "@/lib/registry/models/models";
import { startRun } from "@/lib/registry/runs/start";
import { applySpecs } from "@/lib/registry/specs/specs";
import { openTestDatabase } from "@/test/open-test-database";
import { ADMIN, EMPTY_STORE, succeeded } from "../run/run-to-end.test-support";
import { startWorker, type Worker } from "../worker";

const data = mkdtempSync(path.join(tmpdir(), "tributary-measure-leakage-"));
const file = path.join(data, "trips.csv");
const engine = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 2, memoryLimit: "512MB" });
let worker: Worker;

/** 40 trips in order of time, the last 10 of them in the test part; `customerOf` says whose each is. */
function write(customerOf: (id: number) => number | ""): void {
  const lines = Array.from({ length: 40 }, (_, id) => {
    const at = new Date(Date.UTC(2024, 0, 1 + id)).toISOString();
    return [id, at, customerOf(id), 5 + ((id * 7) % 11), (5 + ((id * 7) % 11)) / 10 + (id % 3) / 50].join(",");
  });
  writeFileSync(file, ["id,at,customer,fare,tip", ...lines].join("\n"));
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
location: ${file}
columns: [{ name: id, type: bigint }, { name: at, type: timestamp }, { name: customer, type: bigint }, { name: fare, type: double }, { name: tip, type: double }]
rowKey: [id]
timeColumn: at
---
{ kind: SplitPolicy, name: by_time, type: time, column: at, parts: { train: ["2024-01-01", "2024-01-31"], test: ["2024-01-31", "2024-03-01"] } }
---
{ kind: Stage, name: x, entity: trip, transformer: VectorAssembler, inputs: [trip.fare], outputs: [{ column: trip.x, type: vector }] }
---
{ kind: Stage, name: scaled, entity: trip, estimator: StandardScaler, inputs: [trip.x], outputs: [{ column: trip.scaled, type: vector }] }
---
{ kind: Stage, name: line, entity: trip, estimator: LinearRegression, class: supervised, inputs: [trip.scaled], fitInputs: [trip.tip], outputs: [{ column: trip.likely_tip, type: double }] }
---
{ kind: Feature, name: trip.fare, type: double, description: The fare. }
---
{ kind: Feature, name: trip.scaled, type: vector, description: The fare beside others. }
---
{ kind: Pipeline, name: tips, outputs: [trip.likely_tip], fit: { split: by_time, parts: [train] }, evaluate: { split: by_time, test: [test], label: trip.tip, model: tip_model, unit: [customer] } }
---
{ kind: SplitPolicy, name: nobody, type: hash, algo: md5-32, key: customer, salt: s, buckets: 1000, parts: { most: [[0, 999]], none: [[999, 1000]] } }
---
{ kind: Pipeline, name: nobody, outputs: [trip.likely_tip], fit: { rows: all }, evaluate: { split: nobody, test: [none], label: trip.tip, model: nobody_model, unit: [customer] } }
---
{ kind: Pipeline, name: rows, outputs: [trip.likely_tip], fit: { split: by_time, parts: [train] }, evaluate: { split: by_time, test: [test], label: trip.tip, model: row_model, unit: [id, at] } }
`;

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  write((id) => id % 5);
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

const newest = async (name = "tip_model") => {
  const { versions } = await getModel(ADMIN, "trips", name);
  return versions.reduce((one, other) => (one.version > other.version ? one : other));
};

async function measured(id: string, scope: "undecided" | "all" = "undecided"): Promise<LeakageMeasurement> {
  const asked = await measureLeakage(ADMIN, id, { scope });
  await vi.waitFor(async () => expect((await prisma().leakageMeasurement.findUniqueOrThrow({ where: { id: asked.id } })).state).toMatch(/done|failed/), { timeout: 20_000 }); // prettier-ignore
  const { items } = await listMeasurements(ADMIN, { modelVersionId: id, limit: 10 });
  return items[0] as LeakageMeasurement;
}

async function runOn(customerOf: (id: number) => number | "") {
  write(customerOf);
  await succeeded(await startRun(ADMIN, { workspace: "trips", pipeline: "tips" }, engine));
  const version = await newest();
  // What is kept of the rows is kept beside whatever else there is to do.
  await vi.waitFor(async () => expect(await waitingSketches()).toBe(0), { timeout: 20_000 });
  return version;
}

async function waitingSketches(): Promise<number> {
  await openQueue();
  const [row] = await prisma().$queryRaw<{ n: bigint }[]>`
    SELECT count(*) AS n FROM pgboss.job WHERE name = 'sketch-units' AND state IN ('created', 'active', 'retry')`;
  return Number(row?.n);
}

describe("measuring a verdict", () => {
  it("finds the customers of both parts where symbols say nothing, and says what was said before", async () => {
    const version = await newest();
    expect([version.verdict, (await getLeakageProof(ADMIN, version.id)).reasons]).toEqual([
      "unknown",
      ["UNIT_NOT_DETERMINED"],
    ]);
    const found = await measured(version.id);
    const sentence = "Counted exactly, the two share 5 units of customer, to which 10 of 10 test rows belong.";
    expect(found).toMatchObject({ state: "done", before: "unknown", after: "leak", error: null });
    expect(found.findings).toEqual([
      { estimator: "scaled", isMeasured: true, text: sentence },
      { estimator: "consumer", isMeasured: true, text: sentence },
    ]);
    const proof = await getLeakageProof(ADMIN, version.id);
    expect([proof.verdict, proof.severity, proof.reasons]).toEqual(["leak", "critical", ["MEASURED_OVERLAP"]]);
    expect(proof.explanation.join(" ")).toContain(sentence);
    expect(proof.measurements.map(({ text }) => text)).toEqual([sentence, sentence]);
    const now = await newest();
    expect([now.verdict, now.earlierVerdicts.map(({ verdict, because }) => [verdict, because])]).toEqual([
      "leak",
      [["unknown", "measurement"], ...(now.earlierVerdicts.length > 1 ? [["unknown", "measurement"]] : [])],
    ]);
    const event = await prisma().auditEvent.findFirstOrThrow({ where: { action: "model.measured" } });
    expect(event.after).toMatchObject({ version: 1, verdict: "leak" });
  });

  it("holds for the next version on the same rows, and is counted again on others", async () => {
    await applySpecs(ADMIN, { documents: DOCUMENTS.replace("estimator: LinearRegression", "estimator: LinearRegression, params: { regParam: 0.1 }") }); // prettier-ignore
    await succeeded(await startRun(ADMIN, { workspace: "trips", pipeline: "tips" }, engine));
    const same = await newest();
    expect([same.version, same.verdict]).toEqual([2, "leak"]);
    const other = await runOn((id) => (id < 30 ? id % 5 : 100 + id));
    expect([other.version, other.verdict]).toEqual([3, "unknown"]);
    const found = await measured(other.id);
    expect(found).toMatchObject({ before: "unknown", after: "safe" });
    expect(found.findings?.[0]?.text).toBe(
      "Counted exactly, none of 10 test rows belongs to a unit of customer of the fit.",
    );
    expect((await getLeakageProof(ADMIN, other.id)).reasons).toEqual(["MEASURED_DISJOINT"]);
  });

  it("proves nothing where rows lack the unit", async () => {
    const version = await runOn((id) => (id < 30 ? id % 5 : id === 35 ? "" : 100 + id));
    const found = await measured(version.id);
    expect(found).toMatchObject({ before: "unknown", after: "unknown" });
    expect(found.findings?.[0]?.text).toBe(
      "Counted exactly, none of 10 test rows belongs to a unit of customer of the fit, but 1 row lacks a value of customer, and whose they are nobody knows.",
    );
    expect((await getLeakageProof(ADMIN, version.id)).reasons).toContain("MEASUREMENT_INCONCLUSIVE");
  });

  it("goes by the sketches that were kept when the rows are gone", async () => {
    const apart = await runOn((id) => (id < 30 ? id % 5 : 200 + id));
    rmSync(file);
    rmSync(path.join(data, "kept"), { recursive: true, force: true });
    const found = await measured(apart.id);
    expect(found).toMatchObject({ before: "unknown", after: "safe" });
    expect(found.findings?.[0]?.text).toMatch(
      /^Sketches, which hold all units of customer of both sides, share none\. .*trips\.csv/,
    );
  });

  it("is refused, with the reason, where the verdict is proved or nothing can be counted", async () => {
    write((id) => id % 5);
    await succeeded(await startRun(ADMIN, { workspace: "trips", pipeline: "rows" }, engine));
    const proved = await newest("row_model");
    await expect(measureLeakage(ADMIN, proved.id, { scope: "undecided" })).rejects.toThrow(
      "There is nothing to count for version 1 of row_model: its verdict is proved by what defines the rows.",
    );
    expect(await measured(proved.id, "all")).toMatchObject({ before: "safe", after: "safe" });
    expect((await getLeakageProof(ADMIN, proved.id)).warnings).toEqual(["DUPLICATE_ROWS"]);
  });

  it("that contradicts what the row-sets prove is a warning, and the proof stays", async () => {
    await succeeded(await startRun(ADMIN, { workspace: "trips", pipeline: "nobody" }, engine));
    const version = await newest("nobody_model");
    expect((await getLeakageProof(ADMIN, version.id)).reasons).toEqual(["FIT_COVERS_TEST"]);
    const found = await measured(version.id, "all");
    expect(found).toMatchObject({ before: "leak", after: "leak" });
    const proof = await getLeakageProof(ADMIN, version.id);
    expect([proof.reasons, proof.warnings]).toEqual([["FIT_COVERS_TEST"], ["EVIDENCE_CONFLICT", "NO_TEST_ROWS"]]);
  });
});
