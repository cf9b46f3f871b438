import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { RecordBatchReader, type Table, tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as historical from "@/app/api/serving/historical-features/route";
import * as preview from "@/app/api/v1/joins/preview/route";
import { ownScratch } from "@/lib/config/scratch-folder";
import { HistoricalFeaturesResponse } from "@/lib/contracts/serving";
import { prisma } from "@/lib/db/client";
import { type Principal, SYSTEM } from "@/lib/domain/principal";
import type { Role } from "@/lib/domain/roles";
import { answerHistoricalRequest } from "@/lib/serving/historical-features";
import { type OnlineWorkspace, openOnlineWorkspace } from "./online-workspace";
import { setEnvironment } from "./channel-fixture";

vi.mock("@/lib/auth/session", () => ({ principalOfSession: () => Promise.resolve(SYSTEM) }));

const WORKSPACE = "history";

const DOCUMENTS = `
{ kind: Entity, name: driver, joinKeys: [{ name: driver_id, type: bigint }], eventTime: at }
---
{ kind: Entity, name: city, joinKeys: [{ name: code, type: string }] }
---
{ kind: Entity, name: leg, joinKeys: [{ name: driver_id, type: bigint }, { name: stop, type: bigint }], eventTime: at }
---
kind: Source
name: driver_stats
entity: driver
format: parquet
location: "{folder}/driver_stats.parquet"
columns: [{ name: driver_id, type: bigint }, { name: at, type: timestamp }, { name: rate, type: double }, { name: trips, type: bigint }, { name: tags, type: strings }, { name: phone, type: string }, { name: day, type: date }]
rowKey: [driver_id, at]
timeColumn: at
---
kind: Source
name: cities
entity: city
format: csv
location: "{folder}/cities.csv"
columns: [{ name: code, type: string }, { name: people, type: bigint }]
rowKey: [code]
---
kind: Source
name: legs
entity: leg
format: parquet
location: "{folder}/legs.parquet"
columns: [{ name: driver_id, type: bigint }, { name: stop, type: bigint }, { name: at, type: timestamp }, { name: km, type: double }]
rowKey: [driver_id, stop, at]
timeColumn: at
---
{ kind: Feature, name: driver.phone, type: string, sensitivity: personal }
---
{ kind: FeatureView, name: hourly, entity: driver, features: [driver.rate, driver.trips, driver.tags, driver.phone, driver.day], ttl: 1d, online: true }
---
{ kind: FeatureView, name: lasting, entity: driver, features: [driver.rate], ttl: 0, online: true }
---
{ kind: FeatureView, name: city_facts, entity: city, features: [city.people], ttl: 1h, online: true }
---
{ kind: FeatureView, name: leg_facts, entity: leg, features: [leg.km], ttl: 0, online: true }
---
{ kind: FeatureService, name: model_v1, features: ["hourly:trips", "city_facts:people"] }
---
kind: Stage
name: doubled
entity: driver
transformer: sql
inputs: [driver.trips]
outputs: [{ column: driver.double_trips, type: bigint }]
params: { statement: "SELECT *, 2 * trips AS double_trips FROM __THIS__" }
---
{ kind: FeatureView, name: never, entity: driver, features: [driver.double_trips], ttl: 0, online: false }
---
{ kind: Entity, name: ride, joinKeys: [{ name: ride, type: bigint }], eventTime: start }
---
kind: Source
name: rides
entity: ride
format: csv
location: "{folder}/rides.csv"
columns: [{ name: ride, type: bigint }, { name: driver, type: string }, { name: town, type: string }, { name: start, type: timestamp }, { name: stop, type: bigint }, { name: driver_id, type: bigint }]
rowKey: [ride]
timeColumn: start
`;

let world: OnlineWorkspace;
beforeAll(async () => {
  world = await openOnlineWorkspace(WORKSPACE);
  await world.apply(`kind: Workspace\nname: ${WORKSPACE}\ntitle: History`);
  await world.write(
    "driver_stats.parquet",
    `SELECT driver_id::BIGINT AS driver_id, "at", rate::DOUBLE AS rate, trips::BIGINT AS trips, tags, 'secret' AS phone, CAST("at" AS DATE) AS day FROM (VALUES
      (1001, TIMESTAMP '2024-05-01 08:00:00', 1.0, 9007199254740993, ['a', NULL]), (1001, TIMESTAMP '2024-05-01 10:00:00', NULL, 2, []),
      (1001, TIMESTAMP '2024-05-01 12:00:00.000001', 'nan'::DOUBLE, 3, NULL), (1002, TIMESTAMP '2024-05-01 09:00:00', 0.1, -4, ['x"y']), (NULL, TIMESTAMP '2024-05-01 09:00:00', 7, 7, NULL)
    ) t(driver_id, "at", rate, trips, tags)`,
  );
  await world.write("cities.csv", "SELECT * FROM (VALUES ('NY', 8), ('LA', 4)) t(code, people)");
  await world.write(
    "legs.parquet",
    "SELECT 1001::BIGINT AS driver_id, stop::BIGINT AS stop, TIMESTAMP '2024-05-01 08:00:00' AS \"at\", stop * 1.5::DOUBLE AS km FROM range(1, 3) t(stop)",
  );
  await world.write(
    "rides.csv",
    "SELECT * FROM (VALUES (3, '1001', 'NY', '2024-05-01T12:00:00+02:00', 2, 1001), (1, '1002', 'LA', '2024-05-01T11:00:00Z', 1, 1002), (1, NULL, 'NY', '2024-05-01T11:00:00Z', 1, NULL)) t(ride, driver, town, start, stop, driver_id)",
  );
  await world.apply(DOCUMENTS);
  await world.idle();
  for (const feature of [
    "driver.rate",
    "driver.trips",
    "driver.tags",
    "driver.phone",
    "driver.day",
    "city.people",
    "leg.km",
  ])
    // prettier-ignore
    await world.promote(feature, "production");
});
afterAll(() => world.close());

const having = (role: Role, environment?: Principal["environment"]): Principal => ({
  id: role,
  name: role,
  kind: "user",
  bindings: [{ workspaceId: null, role }],
  requestId: "test",
  ...(environment && { environment }),
});

/** The file of an answer, or its error. */
async function ask(body: unknown, by: Principal | null = SYSTEM, query = "") {
  const text = () => Promise.resolve(typeof body === "string" ? body : JSON.stringify(body));
  const answer = await answerHistoricalRequest(
    { principal: by, query: new URLSearchParams(query), text },
    world.engine,
  );
  if ("body" in answer) return { status: answer.status, error: JSON.parse(answer.body) as unknown, bytes: Buffer.of() };
  const bytes = readFileSync(answer.file);
  rmSync(answer.folder, { recursive: true });
  return { status: answer.status, error: null, bytes };
}
async function rowsOf(body: object, by?: Principal, query?: string) {
  const { status, error, bytes } = await ask(body, by, query);
  expect({ status, error }).toEqual({ status: 200, error: null });
  return HistoricalFeaturesResponse.parse(JSON.parse(`{"rows":[${bytes.toString()}]}`)).rows;
}

const at = (driver_id: unknown, event_timestamp: string, more: object = {}) => ({
  driver_id,
  event_timestamp,
  ...more,
});
const spine = [
  at(1001, "2024-05-01T12:00:00Z", { code: "NY" }),
  at(1001, "2024-05-01T10:00:00+02:00", { code: null }),
  at(1001, "2024-05-01T07:59:59.999999", { code: "LA" }),
  at(1002, "2024-05-02T09:00:00Z", { code: "X" }),
  at(1002, "2024-05-02T09:00:00.000001Z", { code: "LA" }),
  at(null, "2024-05-01T12:00:00Z", { code: "LA" }),
  at(1001, "2024-05-01T12:00:00Z", { code: "NY" }),
];

describe("historical features", () => {
  it("are what was true at each row's moment, in the order of the rows, of several views and entities at once", async () => {
    const rows = await rowsOf({
      spine,
      features: ["hourly:rate", "hourly:trips", "city_facts:people"],
      format: "json",
    });
    expect(rows).toEqual([
      { ...spine[0], rate: null, trips: 2, people: 8 }, // the newest row's null
      { ...spine[1], rate: 1, trips: 9007199254740992, people: null }, // JSON.parse rounds it here; below it does not
      { ...spine[2], rate: null, trips: null, people: 4 },
      { ...spine[3], rate: 0.1, trips: -4, people: null }, // a day old to the microsecond
      { ...spine[4], rate: null, trips: null, people: 4 }, // a microsecond older
      { ...spine[5], rate: null, trips: null, people: 4 },
      { ...spine[6], rate: null, trips: 2, people: 8 },
    ]);
  });

  it("are what docs/point-in-time.md shows", async () => {
    const page = readFileSync("docs/point-in-time.md", "utf8");
    const section = page.slice(page.indexOf("## Historical features"));
    const [request = "", answer = ""] = [...section.matchAll(/```json\n(.*?)```/gs)].map(([, block]) => block);
    expect({ rows: await rowsOf(JSON.parse(request) as object) }).toEqual(JSON.parse(answer));
    const body = /-d '(.*?)'/s.exec(section)?.[1] ?? "";
    expect((await ask(body)).bytes.subarray(0, 4).toString()).toBe("PAR1");
  });

  it("are the same whether the rows come by row, by column, or from a source", async () => {
    const features = ["lasting:rate", "city_facts:people"];
    const byColumn = { driver_id: spine.map((row) => row.driver_id), event_timestamp: spine.map((row) => row.event_timestamp), code: spine.map((row) => (row as unknown as { code: unknown }).code) }; // prettier-ignore
    expect(await rowsOf({ entities: byColumn, features })).toEqual(await rowsOf({ spine, features }));
    const source = { name: "rides", keep: ["ride", "town", "start"] };
    const rows = await rowsOf({ source, keys: { driver_id: "driver", "city.code": "town" }, features });
    expect(rows).toEqual([
      { ride: 3, town: "NY", start: "2024-05-01T10:00:00.000Z", rate: null, people: 8 },
      { ride: 1, town: "LA", start: "2024-05-01T11:00:00.000Z", rate: 0.1, people: 4 },
      { ride: 1, town: "NY", start: "2024-05-01T11:00:00.000Z", rate: null, people: 8 },
    ]);
    const whole = await rowsOf({
      source: { name: "rides" },
      keys: { driver_id: "driver" },
      features: ["lasting:rate"],
    });
    expect(whole[1]).toEqual({ ride: 1, driver: "1002", town: "LA", start: "2024-05-01T11:00:00.000Z", stop: 1, driver_id: 1002, rate: 0.1 }); // prettier-ignore
  });

  it("keep names that differ in case only where a format can", async () => {
    const row = at(1001, "2024-05-01T12:00:00Z", { X: 1, x: 2, 'a"b': 3, constructor: 4 });
    expect(await rowsOf({ spine: [row], features: ["trips"] })).toEqual([{ ...row, trips: 2 }]);
    const { bytes } = await ask({ spine: [row], features: ["trips"], format: "arrow" });
    expect(tableFromIPC(bytes).schema.fields.map(({ name }) => name)).toEqual([...Object.keys(row), "trips"]);
  });

  it("keep columns that nothing needs, digit by digit, and values exactly", async () => {
    const cells =
      '"n":9007199254740993,"d":1.10,"big":123456789012345678901234567890.5,"o":{"a":[1.0]},"s":"=1+1\\n\\"","mixed":true';
    const text = `{"features":["hourly:trips","hourly:tags","lasting:rate","hourly:day"],"spine":[{${cells},"driver_id":"1001","event_timestamp":"2024-05-01 08:00"}]}`;
    const { bytes } = await ask(text);
    expect(bytes.toString().trim()).toBe(
      `{${cells},"driver_id":"1001","event_timestamp":"2024-05-01 08:00","trips":9007199254740993,"tags":["a",null],"rate":1.0,"day":"2024-05-01"}`,
    );
    const nan = await rowsOf({ spine: [at(1001, "2024-05-02")], features: ["lasting:rate", "hourly:tags"] });
    expect(nan).toEqual([{ ...at(1001, "2024-05-02"), rate: "NaN", tags: null }]);
  });

  it("take features by service, by name alone, by version and with full names", async () => {
    const one = { spine: spine.slice(0, 1) };
    expect(await rowsOf({ ...one, feature_service: "model_v1", full_feature_names: true })).toEqual([{ ...spine[0], hourly__trips: 2, city_facts__people: 8 }]); // prettier-ignore
    expect(await rowsOf({ ...one, features: ["trips", "city.people"] })).toEqual([
      { ...spine[0], trips: 2, people: 8 },
    ]);
    expect(await rowsOf({ ...one, features: ["hourly@v1:trips"], environment: "staging" })).toEqual([{ ...spine[0], trips: 2 }]); // prettier-ignore
    expect(await rowsOf({ ...one, features: ["hourly@production:trips"] }, SYSTEM, "environment=staging")).toEqual([{ ...spine[0], trips: 2 }]); // prettier-ignore
  });

  it("join two entities whose keys have one name only where it is said whose is which", async () => {
    const row = { driver_id: 1001, stop: 2, other: 1002, event_timestamp: "2024-05-01T12:00:00Z" };
    const features = ["leg_facts:km", "lasting:rate"];
    expect(await ask({ spine: [row], features })).toMatchObject({ status: 422, error: { detail: [{ loc: ["body", "keys"], msg: expect.stringMatching(/both joined by driver_id/) as string }] } }); // prettier-ignore
    const keys = { "leg.driver_id": "driver_id", "driver.driver_id": "other" };
    expect(await rowsOf({ spine: [row], features, keys })).toEqual([{ ...row, km: 3, rate: 0.1 }]);
  });

  it("have no row where the spine has none", async () => {
    expect(await rowsOf({ entities: { driver_id: [], event_timestamp: [] }, features: ["trips"] })).toEqual([]);
  });

  it("are files with types", async () => {
    const body = { spine, features: ["hourly:trips", "lasting:rate", "hourly:tags", "hourly:day"] };
    const csv = (await ask({ ...body, format: "csv" })).bytes.toString().split("\n");
    expect(csv.slice(0, 3)).toEqual([
      "driver_id,event_timestamp,code,trips,rate,tags,day",
      "1001,2024-05-01T12:00:00Z,NY,2,,[],2024-05-01",
      '1001,2024-05-01T10:00:00+02:00,,9007199254740993,1.0,"[""a"",null]",2024-05-01',
    ]);
    const expected = [
      [1001n, Date.UTC(2024, 4, 1, 12), "NY", 2n, null, [], Date.UTC(2024, 4, 1)],
      [1001n, Date.UTC(2024, 4, 1, 8), null, 9007199254740993n, 1, ["a", null], Date.UTC(2024, 4, 1)],
    ];
    const { bytes } = await ask({ ...body, format: "arrow" });
    const table: Table = tableFromIPC(bytes);
    expect(table.schema.fields.map(({ type }) => String(type))).toEqual(["Int64", "Timestamp<MICROSECOND, UTC>", "Utf8", "Int64", "Float64", "List<Utf8>", "Date32<DAY>"]); // prettier-ignore
    const cell = (value: unknown) =>
      value !== null && typeof value === "object" ? [...(value as Iterable<unknown>)] : value;
    const cells = (row: number) => table.schema.fields.map(({ name }) => cell(table.getChild(name)?.get(row)));
    expect([cells(0), cells(1)]).toEqual(expected);
    expect(table.numRows).toBe(spine.length);
    const none = await ask({ entities: { driver_id: [], event_timestamp: [] }, features: ["trips"], format: "arrow" });
    const reader = RecordBatchReader.from(none.bytes).open();
    expect(reader.schema.fields.map(({ name }) => name)).toEqual(["driver_id", "event_timestamp", "trips"]);

    const parquet = await ask({ ...body, format: "parquet" });
    expect(parquet.bytes.subarray(0, 4).toString()).toBe("PAR1");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const file = `${world.folder}/answer.parquet`;
    writeFileSync(file, parquet.bytes);
    const read = await connection.runAndReadAll(`SELECT typeof(driver_id), typeof(event_timestamp), typeof(trips), typeof(tags), typeof(day), trips FROM '${file}' LIMIT 2`); // prettier-ignore
    expect(read.getRowsJson()[1]).toEqual(["BIGINT", "TIMESTAMP", "BIGINT", "VARCHAR[]", "DATE", "9007199254740993"]);
  });
});

describe("the routes", () => {
  const post = (path: string, body: string) => new Request(`http://localhost${path}`, { method: "POST", body });

  it("send what the engine wrote as it is read, and keep nothing of it", async () => {
    const body = { spine: spine.slice(0, 2), features: ["hourly:trips"] };
    for (const format of ["json", "csv"]) {
      const response = await historical.POST(post("/api/serving/historical-features", JSON.stringify({ ...body, format }))); // prettier-ignore
      const text = await response.text();
      expect([response.status, response.headers.get("content-length")]).toEqual([200, String(Buffer.byteLength(text))]);
      if (format === "json") expect(HistoricalFeaturesResponse.parse(JSON.parse(text)).rows).toHaveLength(2);
      else expect(text.split("\n")[0]).toBe("driver_id,event_timestamp,code,trips");
    }
    expect(readdirSync(ownScratch(world.folder)).filter((name) => name.startsWith("history-"))).toEqual([]);
    const refused = await historical.POST(post("/api/serving/historical-features", "{}"));
    expect([refused.status, await refused.json()]).toMatchObject([422, { detail: [{ type: "missing" }] }]);
  });

  it("preview joins digit by digit, and refuse in problem documents", async () => {
    const path = "/api/v1/joins/preview";
    const context = { params: Promise.resolve({}) };
    const view = '{"name":"f","rows":[{"entity":1,"event_ts":"2024-05-01","value":[1.0,9007199254740993]}]}';
    const given = post(path, `{"spine":[{"id":1,"entity":1,"t":"2024-05-01"}],"views":[${view}]}`);
    expect(await (await preview.POST(given, context)).text()).toBe('{"rows":[{"id":1,"f":[1.0,9007199254740993]}]}');
    const refused = await preview.POST(post(path, '{"spine":[],"veiws":[]}'), context);
    expect([refused.status, await refused.json()]).toMatchObject([422, { code: "invalid", detail: expect.stringMatching(/views|veiws/) as string }]); // prettier-ignore
  });
});

describe("historical features that cannot be had", () => {
  const one = spine.slice(0, 1);
  it.each<[what: string, body: unknown, status: number, says: RegExp]>([
    ["no JSON", "{", 422, /JSON decode error/],
    ["unknown members", { spine: one, features: ["trips"], knowlege: "created" }, 422, /knowlege/],
    ["no rows", { features: ["trips"] }, 422, /one of entities, spine and source/],
    ["two kinds of rows", { spine: one, entities: {}, features: ["trips"] }, 422, /not as entities and spine/],
    ["no features", { spine: one }, 422, /Name features/],
    ["an unknown view", { spine: one, features: ["nope:trips"] }, 404, /FeatureViewNotFoundException/],
    ["an unknown feature", { spine: one, features: ["hourly:nope"] }, 404, /FeatureDoesNotExistException/],
    ["an unknown name alone", { spine: one, features: ["nope"] }, 404, /FeatureDoesNotExistException/],
    ["an unknown service", { spine: one, feature_service: "nope" }, 404, /FeatureServiceNotFoundException/],
    ["a name that two views have", { spine: one, features: ["rate"] }, 422, /views hourly, lasting/],
    ["a feature twice", { spine: one, features: ["hourly:trips", "trips"] }, 400, /FeatureNameCollisionError/],
    ["a feature of two views", { spine: one, features: ["hourly:rate", "lasting:rate"] }, 400, /FeatureNameCollisionError/], // prettier-ignore
    ["a feature that was never promoted", { spine: one, features: ["trips"], environment: "staging" }, 404, /driver.trips was never promoted to staging/], // prettier-ignore
    ["a feature that was never promoted anywhere", { spine: one, features: ["double_trips"] }, 404, /driver.double_trips was never promoted to production/], // prettier-ignore
    ["a version that was never computed", { spine: one, features: ["hourly@v9:trips"] }, 404, /No run has written values of driver.trips v9/], // prettier-ignore
    ["a missing key", { spine: [{ event_timestamp: "2024-05-01" }], features: ["trips"] }, 422, /driver_id.*features of driver are joined by it/], // prettier-ignore
    [
      "a missing moment",
      { spine: [{ driver_id: 1 }], features: ["trips"] },
      422,
      /event_timestamp.*moment of each row/,
    ],
    ["a moment that is none", { spine: [at(1, "soon")], features: ["trips"] }, 422, /"spine",0,"event_timestamp".*ISO/],
    ["a moment that is null", { entities: { driver_id: [1], event_timestamp: [null] }, features: ["trips"] }, 422, /"entities","event_timestamp",0.*ISO/], // prettier-ignore
    ["a key of another type", { spine: [at(1.5, "2024-05-01")], features: ["trips"] }, 422, /"spine",0,"driver_id".*a bigint/], // prettier-ignore
    ["a key beyond 64 bits", `{"spine":[{"driver_id":9223372036854775808,"event_timestamp":"2024-05-01"}],"features":["trips"]}`, 422, /a bigint/], // prettier-ignore
    ["rows of different members", { spine: [...one, { driver_id: 1 }], features: ["trips"] }, 422, /row 0 has event_timestamp/], // prettier-ignore
    ["lists of different lengths", { entities: { driver_id: [1, 2], event_timestamp: ["2024-05-01"] }, features: ["trips"] }, 422, /same length/], // prettier-ignore
    ["a key that nobody has", { spine: one, features: ["trips"], keys: { iata: "code" } }, 422, /iata is no join key.*driver.driver_id/], // prettier-ignore
    ["a column of a feature's name", { spine: [at(1, "2024-05-01", { trips: 1 })], features: ["trips"] }, 422, /two columns named trips/], // prettier-ignore
    ["names that differ in case only, where DuckDB writes them", { spine: [at(1, "2024-05-01", { X: 1, x: 1 })], features: ["trips"], format: "csv" }, 422, /two columns named x \(in csv, case/], // prettier-ignore
    ["a column without a name", { spine: [at(1, "2024-05-01", { "": 1 })], features: ["trips"] }, 422, /needs a name/],
    ["a column that only some rows have, whatever it is called", { spine: [at(1, "2024-05-01", { constructor: 1 }), at(1, "2024-05-01")], features: ["trips"] }, 422, /row 0 has constructor/], // prettier-ignore
    ["a source that is not there", { source: { name: "nope" }, features: ["trips"] }, 404, /no data of `nope`/],
    ["a column that the source has not", { source: { name: "rides", keep: ["nope"] }, features: ["trips"] }, 422, /no column nope/], // prettier-ignore
    ["a source without a time", { source: { name: "cities" }, features: ["people"] }, 422, /declares no time column/],
    ["a moment that is no time", { source: { name: "rides" }, time: "ride", features: ["trips"] }, 422, /ride of rides is a bigint/], // prettier-ignore
    ["a format that is none", { spine: one, features: ["trips"], format: "xls" }, 422, /format/],
  ])("are refused by name: %s", async (_, body, status, says) => {
    const { status: found, error } = await ask(body);
    const text = typeof error === "string" ? error : JSON.stringify(error);
    expect([found, text]).toEqual([status, expect.stringMatching(says)]);
  });

  it("are refused to strangers, to roles that serve nothing, to tokens of other environments, and persons' values to most", async () => {
    const body = { spine: one, features: ["trips"] };
    expect((await ask(body, null)).status).toBe(401);
    expect((await ask(body, having("auditor"))).status).toBe(403);
    expect((await ask(body, having("viewer", "staging"))).status).toBe(404);
    expect((await ask({ ...body, environment: "production" }, having("viewer", "staging"))).status).toBe(403);
    expect((await ask({ ...body, features: ["hourly@production:trips"] }, having("viewer", "staging"))).status).toBe(
      403,
    );
    expect((await ask(body, having("viewer"))).status).toBe(200);
    const personal = { spine: one, features: ["trips", "hourly:phone"] };
    expect(await ask(personal, having("author"))).toMatchObject({ status: 403, error: { detail: expect.stringMatching(/driver.phone.*about persons/) as string } }); // prettier-ignore
    expect((await ask(personal, having("steward"))).status).toBe(200);
    const rows = { source: { name: "driver_stats" }, features: ["people"], keys: { code: "phone" } };
    expect((await ask({ ...rows, source: { name: "driver_stats", keep: ["at"] } }, having("author"))).status).toBe(403);
    expect((await ask({ source: { name: "driver_stats" }, features: ["lasting:rate"], full_feature_names: true }, having("author"))).status).toBe(403); // prettier-ignore
    const kept = { source: { name: "driver_stats", keep: ["driver_id", "at"] }, features: ["lasting:rate"] };
    // Rows of the source without a key have no value of anybody.
    expect((await rowsOf(kept, having("author"))).map(({ rate }) => rate)).toEqual([1, null, "NaN", 0.1, null]);
  });

  it("are too many rows for one answer by a setting, and for JSON", async () => {
    setEnvironment({ TRIBUTARY_DATA: world.folder, TRIBUTARY_HISTORICAL_ROWS: "6" });
    expect(await ask({ spine, features: ["trips"] })).toMatchObject({ status: 422, error: { detail: expect.stringMatching(/7 rows.*at most 6 \(TRIBUTARY_HISTORICAL_ROWS\)/) as string } }); // prettier-ignore
    setEnvironment({ TRIBUTARY_DATA: world.folder });
  });
});

describe("what runs wrote later", () => {
  it("corrects what is served, but not what was known", async () => {
    const [first] = await prisma().featureValues.findMany({ where: { featureVersion: { feature: { name: "leg.km" } } }, include: { datasetVersion: true } }); // prettier-ignore
    await prisma().datasetVersion.update({ where: { id: first?.datasetVersionId ?? "" }, data: { createdAt: new Date("2024-05-02T00:00:00Z") } }); // prettier-ignore
    await world.write("legs.parquet", "SELECT 1001::BIGINT AS driver_id, 2::BIGINT AS stop, TIMESTAMP '2024-05-01 08:00:00' AS \"at\", 99::DOUBLE AS km"); // prettier-ignore
    await world.apply(DOCUMENTS.replace("name: leg_facts, entity: leg, features: [leg.km], ttl: 0", "name: leg_facts, entity: leg, features: [leg.km], ttl: 3650d")); // prettier-ignore
    await world.idle();
    const rows = ["2024-05-01T12:00:00Z", "2024-05-02T00:00:00Z", "2030-01-01T00:00:00Z"].map((time) => at(1001, time, { stop: 2 })); // prettier-ignore
    const kms = async (knowledge: string) =>
      (await rowsOf({ spine: rows, features: ["km"], knowledge })).map(({ km }) => km);
    expect(await kms("event")).toEqual([99, 99, 99]);
    expect(await kms("created")).toEqual([null, 3, 99]);
  });
});
