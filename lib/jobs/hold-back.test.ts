import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { finishJob, takeJob } from "@/lib/db/queue";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { claimRun } from "@/lib/registry/execution/claims";
import { resetBaseline } from "@/lib/registry/monitors/baseline";
import { runBacktest } from "@/lib/registry/monitors/run-backtest";
import { runMonitor } from "@/lib/registry/monitors/run-monitor";
import { startRun } from "@/lib/registry/runs/start";
import { applySpecs } from "@/lib/registry/specs/specs";
import { openTestDatabase } from "@/test/open-test-database";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";
import { ADMIN } from "./run/run-to-end.test-support";

const data = mkdtempSync(path.join(tmpdir(), "tributary-hold-back-"));
const file = path.join(data, "trips.csv");
const engine = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 2, memoryLimit: "512MB" });

/** 60 trips a month, whose fares are a month's level and up to 5 more. */
function write(levels: readonly number[]): void {
  const lines = levels.flatMap((level, month) =>
    Array.from({ length: 60 }, (_, trip) => {
      const at = new Date(Date.UTC(2024, month, 1 + (trip % 28), trip % 24)).toISOString();
      return `${month * 60 + trip},${at},${level + (trip % 6)}`;
    }),
  );
  writeFileSync(file, ["id,at,fare", ...lines].join("\n"));
}

const monitor = (name: string, more: string) =>
  `{ kind: Monitor, name: ${name}, environment: dev, reference: { window: ["2024-01-01", "2024-02-01"] }, metric: psi, quarantine: true, ${more} }`;

const documents = (monitors: string) => `
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
columns: [{ name: id, type: bigint }, { name: at, type: timestamp }, { name: fare, type: double }]
rowKey: [id]
timeColumn: at
---
{ kind: Stage, name: double_fare, entity: trip, transformer: sql, inputs: [trip.fare], outputs: [{ column: trip.doubled, type: double }], params: { statement: "SELECT *, 2 * fare AS doubled FROM __THIS__" } }
---
{ kind: Feature, name: trip.fare, type: double, description: The fare. }
---
{ kind: Feature, name: trip.doubled, type: double, description: Twice the fare. }
---
{ kind: FeatureView, name: fares_online, entity: trip, features: [trip.doubled], ttl: 900d, online: true }
---
{ kind: Pipeline, name: fares, outputs: [trip.doubled] }
---
${monitors}
`;
const OF_VIEW = monitor("fares_drift", "view: fares_online");
const OF_SOURCE = monitor("raw_drift", "source: trips, columns: [fare]");

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  write([10, 10]);
  await openTestDatabase();
  await applySpecs(ADMIN, { documents: documents(OF_VIEW) });
});
afterAll(async () => {
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

async function run() {
  const id = await startRun(ADMIN, { workspace: "trips", pipeline: "fares" }, engine);
  const claimed = await claimRun(id);
  if (!claimed) throw new Error("The run was not waiting.");
  await executeRun(claimed, engine, new ProgressWriter(claimed));
  const row = await prisma().run.findUniqueOrThrow({ where: { id }, include: { logs: true, outputs: true } });
  return { ...row, output: row.outputs[0], said: row.logs.map(({ message }) => message).join("\n") };
}

/** How many views wait to go online, taken from the queue. */
async function waitingViews(): Promise<number> {
  let waiting = 0;
  for (let job = await takeJob("materialise"); job; job = await takeJob("materialise")) {
    waiting += 1;
    await finishJob("materialise", job.id);
  }
  return waiting;
}

const stateOf = async (id: string | undefined) => {
  const row = await prisma().datasetVersion.findUniqueOrThrow({ where: { id: id ?? "" } });
  return [row.quarantinedAt !== null, row.heldBy];
};
const monitorNamed = (name: string) => prisma().monitor.findFirstOrThrow({ where: { name } });

describe("a monitor that holds data back", () => {
  it("lets an output through whose newest month is like its reference", async () => {
    const first = await run();
    expect([first.state, await stateOf(first.output?.id), await waitingViews()]).toEqual(["succeeded", [false, []], 1]);
  });

  it("keeps an output from being served whose newest month drifts, and says why", async () => {
    write([10, 10, 40]);
    const drifted = await run();
    expect([drifted.state, await stateOf(drifted.output?.id), await waitingViews()]).toEqual([
      "succeeded",
      [true, ["fares_drift"]],
      0,
    ]);
    expect(drifted.said).toMatch(/held back and not served: monitor fares_drift: trip\.doubled: /);
    const event = await prisma().auditEvent.findFirstOrThrow({ where: { action: "dataset.quarantine" } });
    expect(event.after).toMatchObject({ monitors: ["fares_drift"] });
  });

  it("keeps it while it drifts, and lets it go when the baseline says that this is how it should be", async () => {
    const held = await prisma().datasetVersion.findFirstOrThrow({ where: { heldBy: { has: "fares_drift" } } });
    const { id } = await monitorNamed("fares_drift");
    await runMonitor(id);
    expect(await stateOf(held.id)).toEqual([true, ["fares_drift"]]);
    await resetBaseline(ADMIN, "fares_drift", { workspace: "trips", reference: { window: ["2024-03-01", "2024-04-01"] }, reason: "Fares were raised." }); // prettier-ignore
    const job = await takeJob("backtest");
    await runBacktest((job?.data as { backtestId: string }).backtestId);
    await finishJob("backtest", job?.id as string);
    expect([await stateOf(held.id), await waitingViews()]).toEqual([[false, []], 1]);
  });

  it("does not mind a month of before that drifted", async () => {
    write([10, 10, 40, 40]);
    const next = await run();
    expect([await stateOf(next.output?.id), await waitingViews()]).toEqual([[false, []], 1]);
  });

  it("of a source keeps a version from being read, before anything is computed", async () => {
    await applySpecs(ADMIN, { documents: documents(`${OF_VIEW}\n---\n${OF_SOURCE}`) });
    const refused = await run();
    expect([refused.state, refused.outputs]).toEqual(["failed", []]);
    expect((refused.error as { message: string }).message).toMatch(
      /^Version 3 of trips is in quarantine \(monitor raw_drift: trip\.fare: .*\)\. Correct the data, or reset the monitor's baseline/,
    );
    const version = await prisma().datasetVersion.findFirstOrThrow({ where: { dataset: "trips", version: 3 } });
    expect(await stateOf(version.id)).toEqual([true, ["raw_drift"]]);
    write([10, 10, 40, 10]);
    const corrected = await run();
    expect(corrected.state).toBe("succeeded");
  });

  it("that holds nothing back any more lets go what it held", async () => {
    const version = await prisma().datasetVersion.findFirstOrThrow({ where: { dataset: "trips", version: 3 } });
    await applySpecs(ADMIN, {
      documents: documents(`${OF_VIEW}\n---\n${OF_SOURCE.replace("quarantine: true, ", "")}`),
    });
    await runMonitor((await monitorNamed("raw_drift")).id);
    expect(await stateOf(version.id)).toEqual([false, []]);
  });
});
