import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { type SmallWorld, openSmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

const trip: EntityDefinition = {
  kind: "Entity",
  name: "trip",
  joinKeys: [{ name: "id", type: "bigint" }],
  eventTime: "moment",
  relations: [
    { name: "start", entity: "city", by: "start_city" },
    { name: "end", entity: "city", by: "end_city" },
  ],
};
const city: EntityDefinition = {
  kind: "Entity",
  name: "city",
  joinKeys: [{ name: "code", type: "string" }],
  eventTime: "day",
};

async function sources(): Promise<SourceDefinition[]> {
  const trips = await world.write(
    "trips.parquet",
    `SELECT * FROM (VALUES
      (0, TIMESTAMP '2024-01-01 12:00', 'A', 'B'), (1, TIMESTAMP '2024-01-02 00:00', 'A', 'B'), (2, TIMESTAMP '2024-01-02 00:00:00.000001', 'B', 'A'),
      (3, TIMESTAMP '2024-01-05 09:00', 'A', 'Z'), (4, TIMESTAMP '2024-01-05 09:00', NULL, 'B'), (5, TIMESTAMP '2024-01-05 09:00', 'Z', 'A'), (6, NULL, 'A', 'B')
    ) t(id, moment, start_city, end_city)`,
  );
  const days = await world.write(
    "days.parquet",
    `SELECT * FROM (VALUES ('A', DATE '2024-01-02', 10), ('A', DATE '2024-01-04', NULL), ('A', DATE '2024-01-06', 30), ('B', DATE '2024-01-02', 5), (NULL, DATE '2024-01-01', 99)) t(code, day, rides)`,
  );
  const names = await world.write("names.csv", `SELECT * FROM (VALUES ('A', 'Alpha'), ('B', 'Beta')) t(code, label)`);
  return [
    {
      kind: "Source",
      name: "trips",
      entity: "trip",
      format: "parquet",
      location: trips,
      columns: [
        { name: "id", type: "bigint" },
        { name: "moment", type: "timestamp" },
        { name: "start_city", type: "string" },
        { name: "end_city", type: "string" },
      ],
      rowKey: ["id"],
      timeColumn: "moment",
    },
    {
      kind: "Source",
      name: "days",
      entity: "city",
      format: "parquet",
      location: days,
      columns: [
        { name: "code", type: "string" },
        { name: "day", type: "date" },
        { name: "rides", type: "bigint" },
      ],
      rowKey: ["code", "day"],
      timeColumn: "day",
    },
    {
      kind: "Source",
      name: "names",
      entity: "city",
      format: "csv",
      location: names,
      columns: [
        { name: "code", type: "string" },
        { name: "name", type: "string", from: "label" },
      ],
      rowKey: ["code"],
    },
  ];
}

const read = (relation: string | undefined, column: string, output: string) =>
  stage(`read_${output}`, {
    entity: "trip",
    transformer: "sql",
    ...(relation ? { via: { city: relation } } : {}),
    inputs: [`city.${column}`],
    outputs: [{ column: `trip.${output}`, type: column === "name" ? "string" : "bigint" }],
    params: { statement: `SELECT *, "city.${column}" AS ${output} FROM __THIS__` },
  });

describe("reading another entity as of the row's time", () => {
  it("takes the newest row at or before the time, its null included, and nothing for unknown or missing keys", async () => {
    const run = await world.run({
      entities: [trip, city],
      sources: await sources(),
      stages: [read("start", "rides", "start_rides"), read("end", "rides", "end_rides")],
    });
    const rows = await run.rows("trip");
    expect(rows.map(({ id, start_rides, end_rides }) => [id, start_rides, end_rides])).toEqual([
      [0, null, null], // before the first row
      [1, 10, 5], // exactly at its time
      [2, 5, 10], // a moment later
      [3, null, null], // the newest row's null stays null; an unknown key
      [4, null, 5], // a missing key matches nothing, not even a missing key
      [5, null, null],
      [6, null, null], // a row without a time
    ]);
  });

  it("reads attributes without a time by key alone, whatever the row's time", async () => {
    const run = await world.run({
      entities: [trip, city],
      sources: await sources(),
      stages: [read("start", "name", "start_name")],
    });
    expect(await run.column("trip.start_name")).toEqual(["Alpha", "Alpha", "Beta", "Alpha", null, null, "Alpha"]);
  });

  it("asks which relation is meant when two lead there", async () => {
    await expect(
      world.run({
        entities: [trip, city],
        sources: await sources(),
        stages: [read(undefined, "rides", "rides_there")],
      }),
    ).rejects.toThrow(/several relations lead there.*via/);
    await expect(
      world.run({ entities: [trip, city], sources: await sources(), stages: [read("middle", "rides", "rides_there")] }),
    ).rejects.toThrow(/relation middle, which does not lead/);
    await expect(
      world.run({
        entities: [{ ...trip, relations: [] }, city],
        sources: await sources(),
        stages: [read(undefined, "rides", "rides_there")],
      }),
    ).rejects.toThrow(/no relation leads there/);
  });

  it("follows the only relation without being told", async () => {
    const one = { ...trip, relations: trip.relations?.slice(0, 1) ?? [] };
    const run = await world.run({
      entities: [one, city],
      sources: await sources(),
      stages: [read(undefined, "rides", "rides_there")],
    });
    expect((await run.column("trip.rides_there"))[1]).toBe(10);
  });

  it("reads what an aggregation made, joined with the entity's attributes by key", async () => {
    const daily = stage("daily", {
      entity: "city",
      from: "trip",
      transformer: "sql",
      inputs: ["trip.start_city", "trip.moment"],
      outputs: [{ column: "city.trips", type: "bigint" }],
      params: {
        statement:
          "SELECT start_city AS code, CAST(moment AS DATE) + 1 AS day, count(*) AS trips FROM __THIS__ WHERE moment IS NOT NULL GROUP BY ALL",
      },
    });
    const own = stage("described", {
      entity: "city",
      transformer: "sql",
      inputs: ["city.trips", "city.name"],
      outputs: [{ column: "city.text", type: "string" }],
      params: { statement: "SELECT *, name || ' ' || trips AS text FROM __THIS__" },
    });
    const back = stage("back", {
      entity: "trip",
      via: { city: "start" },
      transformer: "sql",
      inputs: ["city.text"],
      outputs: [{ column: "trip.text", type: "string" }],
      params: { statement: `SELECT *, "city.text" AS text FROM __THIS__` },
    });
    const files = (await sources()).filter((source) => source.name !== "days");
    const run = await world.run({ entities: [trip, city], sources: files, stages: [back, own, daily] });
    expect(run.messages.some((message) => /1 rows without a key/.test(message))).toBe(true);
    expect(await run.rows("city")).toEqual([
      { code: "A", trips: 1, text: "Alpha 1" },
      { code: "A", trips: 1, text: "Alpha 1" },
      { code: "A", trips: 1, text: "Alpha 1" },
      { code: "B", trips: 1, text: "Beta 1" },
      { code: "Z", trips: 1, text: null },
    ]);
    expect(await run.column("trip.text")).toEqual([null, "Alpha 1", null, "Alpha 1", null, null, null]);
  });

  it("adds an aggregation to the rows of a source, and makes no rows of its own there", async () => {
    const arrivals = stage("arrivals", {
      entity: "city",
      from: "trip",
      transformer: "sql",
      inputs: ["trip.end_city", "trip.moment"],
      outputs: [{ column: "city.arrivals", type: "bigint" }],
      params: {
        statement:
          "SELECT end_city AS code, CAST(moment AS DATE) AS day, count(*) AS arrivals FROM __THIS__ WHERE moment IS NOT NULL GROUP BY ALL",
      },
    });
    const run = await world.run({
      entities: [trip, city],
      sources: await sources(),
      stages: [arrivals],
      outputs: ["city.rides", "city.arrivals"],
    });
    expect((await run.rows("city")).map(({ code, rides, arrivals: n }) => [code, rides, n])).toEqual([
      ["A", 10, 1],
      ["A", null, null],
      ["A", 30, null],
      ["B", 5, 1],
      [null, 99, null],
    ]);
  });
});
