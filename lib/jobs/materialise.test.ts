import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { setEnvironment } from "@/test/channel-fixture";
import { countStatements, failingAt } from "@/test/statement-faults";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { openSmallWorld, type SmallWorld } from "@/lib/engines/local/small-world.test-support";
import { LmdbStore } from "@/lib/online/lmdb-store";
import { claimRun, endRun, giveBack, reapRuns } from "@/lib/registry/execution/claims";
import { materialise } from "./materialise";
import { ProgressWriter } from "./run/progress-writer";

let world: SmallWorld;
let store: LmdbStore;
let fixture: Fixture;
let viewId: string;

beforeAll(async () => {
  world = await openSmallWorld();
  setEnvironment({ TRIBUTARY_DATA: world.folder });
  await openTestDatabase();
  await openQueue();
  store = LmdbStore.open(path.join(world.folder, "online"));
  fixture = await filledRegistry();
  const view = { workspaceId: fixture.workspace.id, name: "airport_stats" };
  viewId = (await prisma().featureView.findFirstOrThrow({ where: view })).id;
  await prisma().materialisation.deleteMany({ where: { workspaceId: fixture.workspace.id } });
});
afterAll(async () => {
  await store.close();
  await closeDatabase();
  await world.close();
});

/** Gives a run an airport file with these rows. */
async function written(run: number, ...rows: string[]): Promise<string> {
  const runId = fixture.runs[run] as string;
  const columns = 't(iata, "date", departures_7d, delay_mean_7d, segment)';
  await world.write(
    `${run}.parquet`,
    rows.length > 0
      ? `SELECT * FROM (VALUES ${rows.join(", ")}) AS ${columns}`
      : `SELECT 'x' AS iata, TIMESTAMP '2001-01-01' AS "date", 1::BIGINT AS departures_7d, 1e0 AS delay_mean_7d, 'a' AS segment WHERE false`,
  );
  const { id } = await prisma().datasetVersion.findFirstOrThrow({ where: { runId, dataset: { startsWith: "airport@" } } }); // prettier-ignore
  const files = [{ path: `${run}.parquet`, sha256: "", bytes: 1 }];
  await prisma().datasetVersion.update({ where: { id }, data: { files, rows: BigInt(rows.length) } });
  await prisma().materialisation.deleteMany({ where: { runId } });
  return runId;
}

const ROW = (iata: string, time: string, departures: number) =>
  `(${iata}::VARCHAR, ${time}::TIMESTAMP, ${departures}::BIGINT, 1.5e0, 'small')`;
const newest = () =>
  prisma().materialisation.findFirstOrThrow({ where: { viewId }, orderBy: { createdAt: "desc" }, select: { id: true, runId: true } }); // prettier-ignore

describe("what goes online", () => {
  it("is the newest row of a key that is not after now, with its microseconds; never one without key or time", async () => {
    const runId = await written(
      2,
      ROW("'FU'", "'2099-06-01 10:00:00'", 17),
      ROW("'FU'", "'2024-11-29 10:00:00.123456'", 18),
      ROW("'ON'", "'2099-01-01'", 1),
      ROW("NULL", "'2024-11-29'", 3),
      ROW("'NT'", "NULL", 4),
      ROW("'NE'", "'-infinity'", 5),
    );
    expect(await materialise({ runId, viewId }, world.engine, store)).toBe(1);
    const { id } = await newest();
    expect(store.readRows(id, ["FU", "ON", "\u0002", "NT", "NE"])).toEqual([
      { eventTime: "2024-11-29T10:00:00.123456Z", values: ["18", "1.5", '"small"'] },
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    // Once it is present it is served by whatever materialises next.
    await prisma().materialisation.deleteMany({ where: { viewId } });
    expect(await materialise({ runId, viewId }, world.engine, store, new Date("2099-07-01"))).toBe(2);
    expect(store.readRows((await newest()).id, ["FU"])[0]?.values[0]).toBe("17");
  });

  it.each([
    ["no rows", [], /the run wrote no rows/],
    ["only rows of the future", [ROW("'FU'", "'2099-06-01'", 1)], /no row .* not in the future/],
  ])("stays as it is when a run wrote %s, and that is said", async (_, rows, reason) => {
    const good = await written(1, ROW("'ATL'", "'2001-01-01'", 5));
    await prisma().materialisation.deleteMany({ where: { viewId } });
    await materialise({ runId: good, viewId }, world.engine, store);
    const before = await newest();
    const runId = await written(2, ...rows);
    expect(await materialise({ runId, viewId }, world.engine, store)).toBeNull();
    expect(await newest()).toEqual(before);
    expect(store.readRows(before.id, ["ATL"])[0]?.values[0]).toBe("5");
    const line = await prisma().runLog.findFirstOrThrow({ where: { runId, level: "error" }, orderBy: { id: "desc" } });
    expect(line.message).toMatch(reason);
    expect(line.message).toMatch(/values of run \d+ stay online/);
  });
});

describe("a clock that is set back a day", () => {
  it("does not keep online what was written before", async () => {
    await prisma().materialisation.deleteMany({ where: { viewId } });
    const before = await written(1, ROW("'ATL'", "'2001-01-01'", 5));
    await materialise({ runId: before, viewId }, world.engine, store);
    const runId = await written(2, ROW("'ATL'", "'2001-01-02'", 6));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 86_400_000 });
    try {
      await materialise({ runId, viewId }, world.engine, store);
    } finally {
      vi.useRealTimers();
    }
    const { id, runId: served } = await newest();
    expect(served).toBe(runId);
    expect(store.readRows(id, ["ATL"])[0]?.values[0]).toBe("6");
  });
});

describe("a worker that is stopped in the middle, and goes on after another one has done its work", () => {
  it.each([
    ["with rows of its own", new Date(), 3],
    ["with no row that was present when it began", new Date("2000-01-01"), null],
  ])("%s changes nothing and complains of nothing", async (_, began, rows) => {
    await prisma().materialisation.deleteMany({ where: { viewId } });
    const runId = await written(2, ...["A", "B", "C"].map((key, at) => ROW(`'${key}'`, "'2024-01-01'", at)));
    const events = () => prisma().auditEvent.count({ where: { action: { startsWith: "view.materialise" } } });
    const complaints = () => prisma().runLog.count({ where: { runId, level: "error" } });
    const [before, said] = [await events(), await complaints()];
    let goOn = (): void => undefined;
    const going = new Promise<void>((resolve) => (goOn = resolve));
    const stopped: typeof world.engine = {
      ...world.engine,
      async *readRows(file, wanted) {
        yield* world.engine.readRows(file, wanted);
        await going;
      },
    };
    const first = materialise({ runId, viewId }, stopped, store, began);
    expect(await materialise({ runId, viewId }, world.engine, store)).toBe(3);
    goOn();
    expect(await first).toBe(rows);
    expect(await events()).toBe(before + 1);
    expect(await complaints()).toBe(said);
    expect(await prisma().materialisation.count({ where: { viewId } })).toBe(1);
    const { id } = await newest();
    expect(store.readRows(id, ["A", "B", "C"]).map((row) => row?.values[0])).toEqual(["0", "1", "2"]);
  });
});

describe("a fault", () => {
  it.skipIf(process.env.TEST_DATABASE_URL)(
    "at any statement leaves what is online as it is, and the next try completes it",
    async () => {
      const runId = await written(2, ROW("'FU'", "'2024-11-29 10:00:00'", 21));
      const served = async () => (await prisma().materialisation.findMany({ where: { viewId }, orderBy: { id: "asc" } })).map(({ id }) => id); // prettier-ignore
      const go = () => materialise({ runId, viewId }, world.engine, store);
      const statements = await countStatements(go);
      await prisma().materialisation.deleteMany({ where: { runId } });
      const before = await served();
      const events = await prisma().auditEvent.count();
      for (let at = 1; at < statements; at += 1) {
        await expect(failingAt(at, go)).rejects.toThrow(/fault of statement/);
        expect([at, await served(), await prisma().auditEvent.count()]).toEqual([at, before, events]);
      }
      expect(await go()).toBe(1);
      expect(await served()).toHaveLength(before.length + 1);
    },
  );

  it("of the file that a run wrote is said with what to do, and what is online stays", async () => {
    const runId = await written(2, ROW("'FU'", "'2024-11-29 10:00:00'", 22));
    expect(await materialise({ runId, viewId }, world.engine, store)).toBe(1);
    const { id } = await newest();
    const damaged = await written(1, ROW("'FU'", "'2024-11-30 10:00:00'", 23));
    const file = path.join(world.folder, "1.parquet");
    const bytes = readFileSync(file);
    for (const [what, content] of [
      ["its end is missing", bytes.subarray(0, bytes.length / 2)],
      ["its middle is other bytes", bytes.fill(7, 4, bytes.length - 8)],
    ] as const) {
      // prettier-ignore
      writeFileSync(file, content);
      const error = await materialise({ runId: damaged, viewId }, world.engine, store).then(() => null, (thrown: unknown) => thrown); // prettier-ignore
      expect([what, error]).toMatchObject([
        what,
        {
          code: "invalid",
          message: expect.stringMatching(/1\.parquet cannot be read: .*Run its pipeline again/s) as string,
        },
      ]);
    }
    expect((await newest()).id).toBe(id);
    expect(store.readRows(id, ["FU"])[0]?.values[0]).toBe("22");
  });
});

describe("a run", () => {
  const running = async () => {
    const id = fixture.runs[1] as string;
    await prisma().run.update({ where: { id }, data: { state: "queued", attempt: 0, deaths: 0 } });
    const run = await claimRun(id);
    if (!run) throw new Error("not claimed");
    return run;
  };

  it("is marked failed whatever its message holds", async () => {
    const run = await running();
    const message = "File has \0 in \u0000row 1";
    expect(await endRun(run, { state: "failed", error: { code: "invalid", message, context: { found: "\0" } } })).toBe(true); // prettier-ignore
    const failed = await prisma().run.findUniqueOrThrow({ where: { id: run.id } });
    expect(failed).toMatchObject({ state: "failed", message: "File has ␀ in ␀row 1" });
    expect(failed.error).toMatchObject({ context: { found: "␀" } });
  });

  it("is given up when five workers died of it", async () => {
    const run = await running();
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const held = await prisma().run.findUniqueOrThrow({ where: { id: run.id } });
      expect(held).toMatchObject({ state: "running", attempt });
      await reapRuns({ everyRunning: true });
      await claimRun(run.id);
    }
    const given = await prisma().run.findUniqueOrThrow({ where: { id: run.id } });
    expect(given).toMatchObject({ state: "failed", attempt: 5 });
    expect(given.message).toMatch(/workers of 5 attempts/);
  });

  it("is held by a worker whose clock is set back a day", async () => {
    const run = await running();
    const writer = new ProgressWriter(run);
    const heartbeat = async () =>
      (await prisma().run.findUniqueOrThrow({ where: { id: run.id } })).heartbeatAt?.getTime();
    const first = await heartbeat();
    const later = async (than: number | undefined) => {
      for (let tries = 0; tries < 600; tries += 1) {
        const now = await heartbeat();
        if (now !== than) return now;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error("There is no further sign of life.");
    };
    const second = await later(first);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 86_400_000 });
    try {
      await later(second);
    } finally {
      vi.useRealTimers();
      await writer.stop();
    }
    // One that the database's clock has not reached is of before that one was set back, and of no living worker.
    await prisma().run.update({ where: { id: run.id }, data: { heartbeatAt: new Date(Date.now() + 86_400_000) } });
    await reapRuns();
    expect(await prisma().run.findUniqueOrThrow({ where: { id: run.id } })).toMatchObject({ state: "queued" });
  });

  it("is not given up by workers that gave it back", async () => {
    const run = await running();
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await giveBack({ ...run, attempt }, "The worker is stopping.");
      await claimRun(run.id);
    }
    await reapRuns({ everyRunning: true });
    expect(await prisma().run.findUniqueOrThrow({ where: { id: run.id } })).toMatchObject({
      state: "queued",
      deaths: 1,
    });
  });
});
