import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { checkFreshness } from "@/lib/registry/monitors/freshness";
import { startDueViews } from "@/lib/registry/deployments/view-schedules";
import { planSpecs } from "@/lib/registry/specs/specs";
import { listAlerts } from "@/lib/registry/monitors/alerts";
import { type OnlineWorkspace, openOnlineWorkspace } from "./online-workspace";
import { FIGURES } from "@/lib/registry/stored-figures";

const LISTS = readFileSync("test/fixtures/list-features.yaml", "utf8");

const DRIVERS = `
kind: Entity
name: driver
joinKeys: [{ name: driver_id, type: bigint }]
---
kind: Source
name: drivers
entity: driver
format: parquet
location: "{folder}/drivers.parquet"
columns:
  - { name: driver_id, type: bigint }
  - { name: conv_rate, type: double }
  - { name: trips, type: bigint }
rowKey: [driver_id]
---
kind: FeatureView
name: driver_hourly_stats
entity: driver
features: [driver.conv_rate]
ttl: 0
online: true
`;

const SCHEDULED = `
kind: Stage
name: doubled
entity: driver
transformer: sql
inputs: [driver.trips]
outputs: [{ column: driver.double_trips, type: bigint }]
params: { statement: "SELECT *, 2 * trips AS double_trips FROM __THIS__" }
---
kind: FeatureView
name: driver_trips
entity: driver
features: [driver.double_trips, driver.trips]
ttl: 0
online: true
freshness: 24h
`;

let world: OnlineWorkspace;

beforeAll(async () => {
  world = await openOnlineWorkspace("lists");
  await world.apply("kind: Workspace\nname: lists\ntitle: Lists");
});
afterAll(() => world.close());

const drivers = (rate: number) =>
  world.write("drivers.parquet", `SELECT 1001::BIGINT AS driver_id, ${rate}::DOUBLE AS conv_rate, 7::BIGINT AS trips`);

describe("vector and strings features", () => {
  it("are written, profiled as lists and served", async () => {
    await world.write("items.parquet", "SELECT 1::BIGINT AS id, [1.0, 2.0] AS vec, ['x', 'y'] AS strs");
    await world.apply(LISTS.replace("items.parquet", "{folder}/items.parquet"));
    const run = await world.runPipeline("po");
    expect(run.state).toBe("succeeded");
    const answer = await world.online(["lists:f_vec", "lists:f_strs"], { id: [1, 2] });
    expect(answer.f_vec).toEqual({ values: [[1, 2], null], statuses: ["PRESENT", "NOT_FOUND"] });
    expect(answer.f_strs).toEqual({ values: [["x", "y"], null], statuses: ["PRESENT", "NOT_FOUND"] });
    const profiles = await prisma().profile.findMany({ where: { runId: run.id, part: "all" }, include: FIGURES });
    const valency = Object.fromEntries(
      profiles.map(({ column, figures }) => [column, (figures?.stats as { valency?: object }).valency]),
    );
    expect(valency).toMatchObject({ "item.f_vec": { min: 2, max: 2 }, "item.f_strs": { min: 2, max: 2 } });
  });
});

describe("columns of a source in an online view", () => {
  it("go online once they are declared, and again with every new version of the data", async () => {
    await drivers(0.5);
    await world.apply(DRIVERS);
    await world.idle();
    const served = () => world.online(["driver_hourly_stats:conv_rate"], { driver_id: [1001, 7] });
    expect((await served()).conv_rate).toEqual({ values: [0.5, null], statuses: ["PRESENT", "NOT_FOUND"] });
    // A source without rules is profiled.
    expect(await prisma().profile.count({ where: { column: "driver.conv_rate", runId: null } })).toBeGreaterThan(0);
    await drivers(0.75);
    await world.apply(DRIVERS.replace("ttl: 0", "ttl: 1h"));
    await world.idle();
    expect((await served()).conv_rate?.values).toEqual([0.75, null]);
  });
});

describe("the key and the event time as features of a view", () => {
  it("are served as values", async () => {
    await world.write(
      "trips.parquet",
      "SELECT 5::BIGINT AS trip_id, TIMESTAMP '2001-01-02 03:04:05' AS at, 1.5::DOUBLE AS km",
    );
    const documents = `
kind: Entity
name: trip
joinKeys: [{ name: trip_id, type: bigint }]
eventTime: at
---
kind: Source
name: trips
entity: trip
format: parquet
location: "{folder}/trips.parquet"
columns: [{ name: trip_id, type: bigint }, { name: at, type: timestamp }, { name: km, type: double }]
rowKey: [trip_id]
timeColumn: at
---
kind: FeatureView
name: trip_facts
entity: trip
features: [trip.trip_id, trip.at, trip.km]
ttl: 0
online: true
`;
    const plan = await planSpecs(SYSTEM, { workspace: "lists", documents: documents.replaceAll("{folder}", "/none") });
    expect(plan.warnings.filter(({ message }) => message.includes("trip_facts"))).toEqual([]);
    await world.apply(documents);
    await world.idle();
    const answer = await world.online(["trip_facts:trip_id", "trip_facts:at", "trip_facts:km"], { trip_id: [5, 6] });
    expect(answer.trip_id).toEqual({ values: [5, null], statuses: ["PRESENT", "NOT_FOUND"] });
    expect(answer.at).toEqual({ values: ["2001-01-02T03:04:05.000Z", null], statuses: ["PRESENT", "NOT_FOUND"] });
    expect(answer.km?.values).toEqual([1.5, null]);
  });
});

describe("a view's schedule", () => {
  it("is refused by the plan when it is none, as by apply", async () => {
    for (const schedule of ["every day", "0 25 * * *"]) {
      const text = `${SCHEDULED}schedule: "${schedule}"\n`;
      await expect(
        planSpecs(SYSTEM, { workspace: "lists", documents: [{ file: "v.yaml", text }] }),
      ).rejects.toMatchObject({
        code: "invalid",
        message: expect.stringContaining("schedule") as string,
      });
    }
  });

  it("is what the plan asks for where nothing else writes a column", async () => {
    const plan = await planSpecs(SYSTEM, { workspace: "lists", documents: [{ file: "v.yaml", text: SCHEDULED }] });
    expect(plan.warnings.map(({ message }) => message)).toEqual([
      "FeatureView driver_trips: nothing will write `driver.double_trips`: no pipeline has it as an output, and the view has no schedule.",
    ]);
  });

  it("computes what is missing and puts it online, once for all callers", async () => {
    await world.apply(`${SCHEDULED}schedule: "0 3 * * *"\n`);
    const { nextRunAt } = await prisma().featureView.findFirstOrThrow({ where: { name: "driver_trips" } });
    const due = nextRunAt as Date;
    expect(due.getUTCHours()).toBe(3);
    await world.idle();
    const started = await Promise.all([startDueViews(due), startDueViews(due), startDueViews(due)]);
    expect(started.flat()).toHaveLength(1);
    await world.idle();
    const answer = await world.online(["driver_trips:double_trips", "driver_trips:trips"], { driver_id: [1001] });
    expect([answer.double_trips?.values, answer.trips?.values]).toEqual([[14], [7]]);
    const runs = await prisma().run.findMany({ where: { kind: "materialise" }, orderBy: { number: "asc" } });
    expect(runs.every(({ state }) => state === "succeeded")).toBe(true);
  });

  it("goes on with the versions that are served when a stage has changed, and moves no pointer", async () => {
    const changed = SCHEDULED.replace("2 * trips", "3 * trips");
    await world.apply(`${changed}schedule: "0 3 * * *"\n`);
    const view = await prisma().featureView.findFirstOrThrow({ where: { name: "driver_trips" } });
    const pointers = () => prisma().pointer.findMany({ orderBy: { id: "asc" } });
    const before = await pointers();
    await startDueViews(view.nextRunAt as Date);
    await world.idle();
    const answer = await world.online(["driver_trips:double_trips"], { driver_id: [1001] });
    expect(answer.double_trips?.values).toEqual([14]);
    expect(await pointers()).toEqual(before);
  });
});

describe("a view that says how fresh its values must be", () => {
  const alerts = async () =>
    (await listAlerts({ ...SYSTEM, requestId: null }, { workspace: "lists", state: "live", limit: 10 })).items;

  it("has an alert while they are older, and none again with newer ones", async () => {
    await checkFreshness(new Date());
    expect(await alerts()).toEqual([]);
    const inTwoDays = new Date(Date.now() + 2 * 86_400_000 + 60_000);
    for (let look = 0; look < 2; look += 1) await checkFreshness(inTwoDays);
    expect(await alerts()).toMatchObject([
      {
        about: "view",
        monitor: "driver_trips",
        state: "open",
        level: "critical",
        picture: "/views/driver_trips?tab=about",
      },
    ]);
    expect((await alerts())[0]?.explanation).toMatch(
      /allows values of driver\.\w+ to be 24 h old, and they are 2 d old/,
    );
    await checkFreshness(new Date());
    expect(await alerts()).toEqual([]);
  });
});
