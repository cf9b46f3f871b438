import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { noticeSource } from "@/lib/registry/datasets/source-watches";
import { createDeployment } from "@/lib/registry/deployments/create";
import { getDeployment } from "@/lib/registry/deployments/deployments";
import { startJobsOnNewData } from "@/lib/registry/deployments/new-data";
import { editDeployment, pauseDeployment, resumeDeployment } from "@/lib/registry/deployments/state";
import { applySpecs } from "@/lib/registry/specs/specs";
import { openTestDatabase } from "@/test/open-test-database";
import { profileNewVersion } from "./profile-source";
import { ADMIN, EMPTY_STORE } from "./run/run-to-end.test-support";
import { watchSources } from "./watch-sources";
import { startWorker } from "./worker";

const data = mkdtempSync(path.join(tmpdir(), "tributary-new-data-"));
const file = path.join(data, "trips.csv");
const engine = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 2, memoryLimit: "512MB" });
const NAMED = { workspace: "trips", name: "fares" };

const write = (fares: readonly (number | string)[]) =>
  writeFileSync(file, ["id,fare", ...fares.map((fare, id) => `${id},${fare}`)].join("\n"));

const DOCUMENTS = `
kind: Workspace
name: trips
---
{ kind: Entity, name: trip, joinKeys: [{ name: id, type: bigint }] }
---
kind: Source
name: trips
entity: trip
format: csv
location: ${file}
columns: [{ name: id, type: bigint }, { name: fare, type: double }]
rowKey: [id]
---
{ kind: Stage, name: double_fare, entity: trip, transformer: sql, inputs: [trip.fare], outputs: [{ column: trip.doubled, type: double }], params: { statement: "SELECT *, 2 * fare AS doubled FROM __THIS__" } }
---
{ kind: Pipeline, name: fares, outputs: [trip.doubled] }
`;

const rows = () => prisma().run.findMany({ orderBy: { number: "asc" }, include: { logs: true } });
const endRuns = () =>
  prisma().run.updateMany({ where: { state: { in: ["queued", "running"] } }, data: { state: "succeeded" } });
/** As the worker reads a source that is waited for. */
const read = () =>
  profileNewVersion({ workspaceId: workspace, source: "trips", again: true }, engine, new AbortController().signal);
let workspace: string;

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  write([1, 2, 3]);
  await openTestDatabase();
  await applySpecs(ADMIN, { documents: DOCUMENTS });
  workspace = (await prisma().workspace.findUniqueOrThrow({ where: { name: "trips" } })).id;
  await read();
  await createDeployment(
    ADMIN,
    { workspace: "trips", pipeline: "fares", pins: {}, onNewData: { fit: true } } as never,
    engine,
  );
});
beforeEach(endRuns);
afterAll(async () => {
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

const fitJob = async () => (await getDeployment(ADMIN, "trips", "fares")).jobs.find(({ kind }) => kind === "fit");

describe("a job on new data", () => {
  it("waits where nothing is newer than when it was switched on", async () => {
    expect(await startJobsOnNewData()).toBe(0);
    expect((await fitJob())?.onNewData).toEqual([{ source: "trips", version: 1, readAt: null, error: null }]);
  });

  it("begins once for a new version, and says for which", async () => {
    write([1, 2, 3, 4]);
    await read();
    expect([await startJobsOnNewData(), await startJobsOnNewData()]).toEqual([1, 0]);
    const [run] = (await rows()).slice(-1);
    expect([run?.kind, run?.logs.map(({ message }) => message)]).toEqual([
      "fit",
      ["It runs because of new data: trips@2."],
    ]);
  });

  it("begins one run for all that came while it was running", async () => {
    write([1, 2, 3, 4, 5]);
    await read();
    await startJobsOnNewData();
    for (const fares of [[1], [1, 2]]) {
      write(fares);
      await read();
      expect(await startJobsOnNewData()).toBe(0);
    }
    await endRuns();
    const before = (await rows()).length;
    expect([await startJobsOnNewData(), await startJobsOnNewData()]).toEqual([1, 0]);
    expect((await rows()).length).toBe(before + 1);
    expect((await fitJob())?.onNewData?.[0]?.version).toBe(5);
  });

  it("does not begin for data in quarantine, nor while its deployment is paused", async () => {
    write([7]);
    await read();
    const version = { workspaceId_dataset_version: { workspaceId: workspace, dataset: "trips", version: 6 } };
    await prisma().datasetVersion.update({ where: version, data: { quarantinedAt: new Date() } });
    expect(await startJobsOnNewData()).toBe(0);
    await prisma().datasetVersion.update({ where: version, data: { quarantinedAt: null } });
    await pauseDeployment(ADMIN, NAMED);
    expect(await startJobsOnNewData()).toBe(0);
    await resumeDeployment(ADMIN, NAMED);
    expect(await startJobsOnNewData()).toBe(1);
  });

  it("is switched off and on again from the newest version of then", async () => {
    await editDeployment(ADMIN, NAMED, { onNewData: { fit: false } });
    write([8]);
    await read();
    expect(await startJobsOnNewData()).toBe(0);
    expect((await fitJob())?.onNewData).toBeNull();
    await editDeployment(ADMIN, NAMED, { onNewData: { fit: true } });
    expect(await startJobsOnNewData()).toBe(0);
    const event = await prisma().auditEvent.findFirstOrThrow({ where: { action: "deployment.edit" }, orderBy: { sequence: "desc" } }); // prettier-ignore
    expect([event.before, event.after]).toMatchObject([{ onNewData: { fit: false } }, { onNewData: { fit: true } }]);
  });
});

describe("looking for new data", () => {
  const waiting = async () => {
    const [row] = await prisma().$queryRaw<{ n: bigint }[]>`
      SELECT count(*) AS n FROM pgboss.job WHERE name = 'profile-source' AND state = 'created'`;
    return Number(row?.n);
  };
  const forget = () => prisma().$executeRaw`DELETE FROM pgboss.job WHERE name = 'profile-source'`;
  let minute = 0;
  const look = () => watchSources(engine, new Date(Date.UTC(2030, 0, 1, 0, minute++)));

  it("reads files that changed once they stay as they are, and then not again", async () => {
    await forget();
    expect([await look(), await look(), await look()]).toEqual([0, 1, 0]);
    write([1, 1]);
    expect(await look()).toBe(0);
    // Still being written.
    write([1, 1, 1]);
    expect([await look(), await look(), await look()]).toEqual([0, 1, 0]);
    expect(await waiting()).toBe(1);
  });

  it("says why data cannot be read, begins nothing, and goes on when they can", async () => {
    await forget();
    write(["cheap"]);
    expect([await look(), await look()]).toEqual([0, 1]);
    await read();
    expect((await fitJob())?.onNewData?.[0]?.error).toMatch(/cheap/);
    expect(await startJobsOnNewData()).toBe(0);
    rmSync(file);
    expect([await look(), await look()]).toEqual([0, 0]);
    expect((await fitJob())?.onNewData?.[0]?.error).toMatch(/trips\.csv/);
    write([9, 9]);
    expect([await look(), await look()]).toEqual([0, 1]);
    await read();
    expect((await fitJob())?.onNewData?.[0]).toMatchObject({ error: null, readAt: expect.any(String) as string });
    expect(await startJobsOnNewData()).toBe(1);
  });

  it("looks at nothing that no job waits for, and at a table every fifteenth time", async () => {
    await forget();
    const table = { glance: () => Promise.resolve(null) };
    const at = (minutes: number) => watchSources(table, new Date(Date.UTC(2031, 0, 1, 0, minutes)));
    expect([await at(0), await at(14), await at(15), await at(16), await at(30)]).toEqual([1, 0, 1, 0, 1]);
    await pauseDeployment(ADMIN, NAMED);
    expect(await at(60)).toBe(0);
    await resumeDeployment(ADMIN, NAMED);
  });
});

it("a worker that is told of new data runs the job to its end", async () => {
  await prisma()
    .run.deleteMany({ where: { state: "queued" } })
    .catch(() => undefined);
  const worker = await startWorker({ engine, store: EMPTY_STORE });
  try {
    write([4, 5, 6, 7]);
    expect(await noticeSource(ADMIN, "trips", "trips")).toMatchObject({ source: "trips" });
    await vi.waitFor(
      async () => {
        const [run] = (await rows()).slice(-1);
        expect([run?.state, Number(run?.rows)]).toEqual(["succeeded", 4]);
      },
      { timeout: 30_000, interval: 100 },
    );
  } finally {
    await worker.stop();
  }
  await expect(noticeSource(ADMIN, "trips", "buses")).rejects.toThrow("There is no source `buses` in trips.");
});
