import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { setEnvironment } from "@/test/channel-fixture";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import type { SkewCheck } from "@/lib/contracts/skew";
import { closeDatabase, prisma } from "@/lib/db/client";
import { finishJob, openQueue, takeJob } from "@/lib/db/queue";
import type { NoticePayload } from "@/lib/domain/notifications/channel-events";
import { SYSTEM } from "@/lib/domain/principal";
import { openSmallWorld, type SmallWorld } from "@/lib/engines/local/small-world.test-support";
import { LmdbStore } from "@/lib/online/lmdb-store";
import type { OnlineStore } from "@/lib/online/online-store";
import { createChannel } from "@/lib/registry/notifications/channels";
import { listSkew, listSkewChecks, requestSkewCheck } from "@/lib/registry/drift/skew-checks";
import { queueDueSkewChecks } from "@/lib/registry/drift/skew-due";
import { checkSkew } from "./check-skew";
import { materialise } from "./materialise";

const VIEW = "airport_stats";
let world: SmallWorld;
let store: LmdbStore;
let fixture: Fixture;
let workspace: string;
let viewId: string;

beforeAll(async () => {
  world = await openSmallWorld();
  setEnvironment({ TRIBUTARY_DATA: world.folder });
  await openTestDatabase();
  await openQueue();
  store = LmdbStore.open(path.join(world.folder, "online"));
});
afterAll(async () => {
  await store.close();
  await closeDatabase();
  await world.close();
});
beforeEach(async () => {
  fixture = await filledRegistry();
  workspace = fixture.workspace.name;
  viewId = (await prisma().featureView.findFirstOrThrow({ where: { workspaceId: fixture.workspace.id, name: VIEW } }))
    .id;
  await prisma().materialisation.deleteMany({ where: { workspaceId: fixture.workspace.id } });
  for (const run of [1, 2]) await offline(run, SAME);
});
afterEach(async () => {
  for (let job = await takeJob("check-skew"); job; job = await takeJob("check-skew"))
    await finishJob("check-skew", job.id);
});

const ROW = (iata: string, month: number, departures: string, delay: string, segment: string) =>
  `('${iata}', TIMESTAMP '2001-0${month}-01 00:00:00', ${departures}::BIGINT, ${delay}::DOUBLE, ${segment}::VARCHAR)`;
const SAME = [
  ROW("ATL", 1, "1", "1.5", "'small'"),
  ROW("ATL", 6, "9007199254740993", "0.1", "'large'"),
  ROW("ORD", 6, "7", "'nan'", "'large'"),
  ROW("SFO", 6, "0", "NULL", "'small'"),
];

/** The rows of an output file. */
const rowsOf = (rows: string[]) =>
  `SELECT * FROM (VALUES ${rows.join(", ")}) AS t(iata, "date", departures_7d, delay_mean_7d, segment)`;

/** Writes what a run's airport file holds. */
async function offline(run: number, rows: string[], query = rowsOf(rows)): Promise<void> {
  const file = `${workspace}-${run}.parquet`;
  await world.write(file, query);
  const { id } = await prisma().datasetVersion.findFirstOrThrow({
    where: { runId: fixture.runs[run] as string, dataset: { startsWith: "airport@" } },
  });
  await prisma().datasetVersion.update({ where: { id }, data: { files: [{ path: file, sha256: "", bytes: 1 }] } });
}

const goOnline = (run: number) => materialise({ runId: fixture.runs[run] as string, viewId }, world.engine, store);
const check = (environment = "dev", on: OnlineStore = store, now = new Date()) =>
  checkSkew({ viewId, environment, requestedBy: SYSTEM.id }, world.engine, on, now);
const newest = async (environment: "dev" | "staging" = "dev") =>
  (await listSkew(fixture.people.devi, { workspace, environment })).find(({ view }) => view === VIEW)
    ?.latest as SkewCheck;
const figures = ({ features }: SkewCheck) =>
  Object.fromEntries(
    features.map(({ feature, match, mismatch, missingOnline, missingOffline }) => [
      feature.slice("airport.".length),
      [match, mismatch, missingOnline, missingOffline],
    ]),
  );

/** The store as somebody tampered with it: a value of a key, or the whole key gone. */
const tampered = (key: string, change: ((values: string[]) => string[]) | null): OnlineStore => ({
  writeSet: (...rest) => store.writeSet(...rest),
  dropSet: (id) => store.dropSet(id),
  close: () => store.close(),
  readRows: (setId, keys) =>
    store.readRows(setId, keys).map((row, at) => {
      if (keys[at] !== key || !row) return row;
      return change ? { ...row, values: change(row.values) } : undefined;
    }),
});

describe("a check of skew", () => {
  it("finds that what was copied is what is offline: NaN, missing values and 64-bit integers among it", async () => {
    await goOnline(2);
    expect(await check()).toBe(3);
    const checked = await newest();
    expect(figures(checked)).toEqual({
      departures_7d: [3, 0, 0, 0],
      delay_mean_7d: [3, 0, 0, 0],
      segment: [3, 0, 0, 0],
    });
    expect(checked).toMatchObject({ sampled: 3, values: 9, differences: 0, by: "Tributary" });
    expect(checked.features.every(({ reason, examples }) => reason === null && examples.length === 0)).toBe(true);
  });

  it("counts a tampered value once, with both values", async () => {
    await goOnline(2);
    await check(
      "dev",
      tampered("ATL", ([, ...rest]) => ["9007199254740992", ...rest]),
    );
    const checked = await newest();
    expect(figures(checked).departures_7d).toEqual([2, 1, 0, 0]);
    expect(figures(checked).segment).toEqual([3, 0, 0, 0]);
    expect(checked.features[0]?.examples).toEqual([
      { key: { iata: "ATL" }, outcome: "mismatch", online: "9007199254740992", offline: "9007199254740993" },
    ]);
  });

  it("takes the last digits of a double for what they are", async () => {
    await goOnline(2);
    const set = (text: string) => tampered("ATL", ([departures = "", , segment = ""]) => [departures, text, segment]);
    await check("dev", set("0.10000000000000002"));
    expect(figures(await newest()).delay_mean_7d).toEqual([3, 0, 0, 0]);
    await check("dev", set("0.1000001"));
    expect(figures(await newest()).delay_mean_7d).toEqual([2, 1, 0, 0]);
    await check("dev", set('"NaN"'));
    expect(figures(await newest()).delay_mean_7d).toEqual([2, 1, 0, 0]);
  });

  it("finds a key that was dropped online, and a value that only one side has", async () => {
    await goOnline(2);
    await check("dev", tampered("ORD", null));
    expect(figures(await newest())).toEqual({
      departures_7d: [2, 0, 1, 0],
      delay_mean_7d: [2, 0, 1, 0],
      segment: [2, 0, 1, 0],
    });
    await check(
      "dev",
      tampered("SFO", ([departures = "", , segment = ""]) => [departures, "3.5", segment]),
    );
    const checked = await newest();
    expect(figures(checked).delay_mean_7d).toEqual([2, 0, 0, 1]);
    expect(checked.features[1]?.examples).toEqual([
      { key: { iata: "SFO" }, outcome: "missingOffline", online: "3.5", offline: null },
    ]);
  });

  it("finds that a newer run is not online yet, and that it is after", async () => {
    await goOnline(1);
    await offline(2, [...SAME.slice(0, 2), ROW("ORD", 7, "8", "2.5", "'large'"), ROW("JFK", 6, "5", "1.0", "'large'")]);
    await check();
    const before = figures(await newest());
    // Of ATL, ORD, JFK and SFO: ORD has a newer row, JFK is new, SFO is gone.
    expect(before.departures_7d).toEqual([1, 1, 1, 1]);
    expect((await newest()).features[2]).toMatchObject({
      feature: "airport.segment",
      missingOnline: 3,
      reason: "v2 was never copied to the online store: materialise the view.",
    });
    await goOnline(2);
    await check();
    expect((await newest()).differences).toBe(0);
  });

  it("takes no row of the future for the newest on either side", async () => {
    await offline(2, [...SAME, `('ATL', TIMESTAMP '2999-01-01', 99::BIGINT, 9::DOUBLE, 'large')`]);
    await goOnline(2);
    await check();
    expect(figures(await newest()).departures_7d).toEqual([3, 0, 0, 0]);
  });

  it("finds nothing where a run wrote a window only: other keys are what they were before", async () => {
    // Of the file before: ATL is older in the window, ORD is newer by a microsecond, SFO is not in it.
    await offline(1, [...SAME, ROW("JFK", 6, "5", "1.0", "'large'")]);
    await offline(2, [
      ROW("ATL", 5, "4", "4.0", "'small'"),
      "('ORD', TIMESTAMP '2001-06-01 00:00:00.000001', 8::BIGINT, 2.5::DOUBLE, 'large'::VARCHAR)",
    ]);
    await prisma().run.update({
      where: { id: fixture.runs[2] as string },
      data: { params: { window: ["2001-05-01T00:00:00Z", "2001-07-01T00:00:00Z"] } },
    });
    // Both runs wrote the same versions.
    const [first, second] = [fixture.runs[1] as string, fixture.runs[2] as string];
    const written = await prisma().featureValues.findMany({ where: { runId: second } });
    const { id: datasetVersionId } = await prisma().datasetVersion.findFirstOrThrow({
      where: { runId: first, dataset: { startsWith: "airport@" } },
    });
    const createdAt = new Date(0);
    await prisma().featureValues.deleteMany({ where: { runId: first } });
    await prisma().featureValues.createMany({
      data: written.map(({ featureVersionId, column }) => ({
        featureVersionId,
        column,
        runId: first,
        datasetVersionId,
        createdAt,
      })),
    });
    await goOnline(1);
    await goOnline(2);
    expect(await check()).toBe(4);
    expect(figures(await newest())).toEqual({
      departures_7d: [4, 0, 0, 0],
      delay_mean_7d: [4, 0, 0, 0],
      segment: [4, 0, 0, 0],
    });
    const [atl, ord] = await store.readRows((await prisma().materialisation.findFirstOrThrow({ where: { runId: second } })).id, ["ATL", "ORD"]); // prettier-ignore
    expect([atl?.values[0], ord?.values[0]]).toEqual(["9007199254740993", "8"]);
  });

  it("is about the versions that the environment serves", async () => {
    await goOnline(1);
    await offline(2, [ROW("ATL", 6, "2", "2.0", "'large'")]);
    await check("staging");
    const checked = await newest("staging");
    expect(checked.features.map(({ feature, version }) => [feature, version])).toEqual([
      ["airport.departures_7d", 1],
      ["airport.delay_mean_7d", 1],
      ["airport.segment", 1],
    ]);
    // Both runs wrote version 1 of the statistics; only the first wrote version 1 of the segment.
    expect(figures(checked)).toMatchObject({ departures_7d: [0, 1, 0, 2], segment: [3, 0, 0, 0] });
    expect(await newest("dev")).toBeNull();
  });

  it("has nothing to say of an empty set, and says what was never promoted", async () => {
    const empty = `${rowsOf(SAME)} WHERE false`;
    await offline(1, [], empty);
    await offline(2, [], empty);
    await goOnline(2);
    expect(await check()).toBe(0);
    expect(await newest()).toMatchObject({ sampled: 0, values: 0, differences: 0 });
    await prisma().pointer.deleteMany({
      where: { feature: { workspaceId: fixture.workspace.id }, environment: "staging" },
    });
    await check("staging");
    expect((await newest("staging")).features[0]).toMatchObject({
      version: null,
      reason: "airport.departures_7d was never promoted to staging.",
    });
  });

  it("says that a file is gone instead of failing", async () => {
    await goOnline(2);
    await prisma().datasetVersion.updateMany({
      where: { runId: fixture.runs[2] as string },
      data: { files: [{ path: "gone.parquet", sha256: "", bytes: 1 }] },
    });
    await check();
    const [feature] = (await newest()).features;
    expect(feature?.reason).toMatch(/gone\.parquet/);
    expect(feature).toMatchObject({ match: 0, missingOnline: 0, missingOffline: 0 });
  });

  it("keeps no value about a person", async () => {
    await goOnline(2);
    await prisma().feature.updateMany({
      where: { workspaceId: fixture.workspace.id, name: "airport.departures_7d" },
      data: { sensitivity: "personal" },
    });
    await check(
      "dev",
      tampered("ATL", ([, ...rest]) => ["123456789", ...rest]),
    );
    expect((await newest()).features[0]).toMatchObject({ mismatch: 1, examples: [{ online: null, offline: null }] });
    expect(JSON.stringify(await prisma().skewCheck.findMany({ where: { viewId } }))).not.toContain("123456789");
  });

  it("draws the same keys for the same time, from both sides alike", async () => {
    const many = (from: number) =>
      `SELECT 'A' || range AS iata, TIMESTAMP '2001-01-01' AS "date", range::BIGINT AS departures_7d, range::DOUBLE AS delay_mean_7d, 's' AS segment FROM range(${from}, ${from + 3000})`;
    await offline(1, [], many(0));
    await offline(2, [], many(1500));
    await goOnline(1);
    const now = new Date();
    expect(await check("dev", store, now)).toBe(1000);
    const first = await newest();
    await check("dev", store, now);
    expect((await newest()).features).toEqual(first.features);
    // A third of all keys is on both sides, a third on either: no sample of 1,000 is far from that, and no key is on the wrong side.
    const [departures] = first.features;
    expect(departures?.mismatch).toBe(0);
    for (const count of [departures?.match, departures?.missingOnline, departures?.missingOffline])
      expect(count).toBeGreaterThan(250);
  });
});

describe("checks", () => {
  it("follow a copy to the online store in every environment that serves something, and a day without one", async () => {
    await goOnline(2);
    const queued = [];
    for (let job = await takeJob("check-skew"); job; job = await takeJob("check-skew")) {
      queued.push(job.data.environment);
      await finishJob("check-skew", job.id);
      await checkSkew(job.data, world.engine, store);
    }
    expect(queued.sort()).toEqual(["dev", "production", "staging"]);
    await prisma().materialisation.deleteMany({ where: { workspaceId: { not: fixture.workspace.id } } });
    expect(await queueDueSkewChecks(new Date())).toBe(0);
    const tomorrow = new Date(Date.now() + 25 * 3600 * 1000);
    expect(await queueDueSkewChecks(tomorrow)).toBe(3);
    expect(await queueDueSkewChecks(tomorrow)).toBe(0);
  });

  it("are asked for by makers, of views that are online", async () => {
    const ask = (who = fixture.people.ada, name = VIEW) =>
      requestSkewCheck(who, name, { workspace, environment: "dev" });
    expect(await ask()).toEqual({ queued: true });
    expect(await ask()).toEqual({ queued: false });
    await expect(ask(fixture.people.devi)).rejects.toMatchObject({ code: "forbidden" });
    await expect(ask(fixture.people.ada, "flight_context")).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("not served online"),
    });
    await expect(ask(fixture.people.ada, "nothing")).rejects.toMatchObject({ code: "not_found" });
    await prisma().featureView.update({ where: { id: viewId }, data: { online: false } });
    expect(await check()).toBeNull();
  });

  it("are listed by view with their history", async () => {
    await goOnline(2);
    for (let at = 1; at <= 3; at += 1) await check("dev", store, new Date(Date.UTC(2026, 0, at)));
    const [view] = await listSkew(fixture.people.devi, { workspace, environment: "dev" });
    expect(view).toMatchObject({ view: VIEW, entity: "airport", latest: { at: "2026-01-03T00:00:00.000Z" } });
    expect(view?.history.map(({ at }) => at.slice(8, 10))).toEqual(["01", "02", "03"]);
    const page = await listSkewChecks(fixture.people.devi, VIEW, { workspace, environment: "dev", limit: 2 });
    expect([page.total, page.items.length, page.nextCursor !== null]).toEqual([3, 2, true]);
  });

  it("tell channels when a feature begins to differ, once", async () => {
    await createChannel(fixture.people.chiara, {
      workspace,
      name: "skew",
      kind: "webhook",
      target: "https://hooks.example.com/x",
      format: "tributary",
      events: ["skew.found"],
    });
    const told = async () =>
      (
        await prisma().outboxMessage.findMany({ where: { workspaceId: fixture.workspace.id }, orderBy: { id: "asc" } })
      ).map(({ payload }) => payload as unknown as NoticePayload);
    await goOnline(2);
    await check();
    expect(await told()).toEqual([]);
    const wrong = tampered("ATL", ([, ...rest]) => ["5", ...rest]);
    await check("dev", wrong);
    await check("dev", wrong);
    expect(await told()).toMatchObject([
      {
        event: "skew.found",
        object: `view/${VIEW}`,
        summary: `Values of view ${VIEW} in dev differ online from offline: airport.departures_7d (of 3 keys).`,
        url: `http://127.0.0.1:3000/drift?view=skew&environment=dev&workspace=${workspace}`,
        data: { features: [{ feature: "airport.departures_7d", mismatch: 1 }] },
      },
    ]);
    await check();
    await check("dev", wrong);
    expect(await told()).toHaveLength(2);
  });
});
