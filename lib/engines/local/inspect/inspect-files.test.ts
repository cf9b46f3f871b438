import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import { parseSpecs } from "@/lib/contracts/spec-documents";
import type { FileInspection } from "@/lib/domain/datasets/file-inspection";
import { checkSpecs } from "@/lib/domain/specs/check";
import { INSPECTION_BOUNDS } from "../../request-bounds";
import { type SmallWorld, openSmallWorld } from "../small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;
async function look(text: string, ending = "csv", request = {}) {
  const location = path.join(world.folder, `file-${++files}.${ending}`);
  writeFileSync(location, text);
  const found = await world.engine.inspectFiles({ location, ...request }, INSPECTION_BOUNDS);
  await expectAccepted(found);
  return found;
}

/** What is proposed is accepted by plan's own checks, and reads every row without an issue. */
async function expectAccepted({ entity, source, rows }: FileInspection) {
  const documents = [{ kind: "Workspace", name: "w" } as const, entity, source].map(writeSpec).join("---\n");
  const parsed = parseSpecs(documents);
  expect(parsed.issues).toEqual([]);
  const given = parsed.definitions.map((placed) => ({ ...placed, given: true }));
  expect(checkSpecs(given, parsed.unreadable, new Map()).errors).toEqual([]);
  expect((await world.engine.describe(source)).rows).toBe(rows);
}

const types = ({ columns }: FileInspection) => Object.fromEntries(columns.map(({ name, type }) => [name, type]));

describe("inspecting a file", () => {
  it("tells types, missing values, the key and the time of a CSV", async () => {
    const found = await look(
      'Order ID,Sold at,Amount (EUR),Paid,Note\n1,2024-01-01T10:00:00+01:00,1.5,yes,"a, b"\n2,2024-01-02 11:00:00,2,no,\n3,2024-01-03,NA,yes,c\n',
    );
    expect(types(found)).toEqual({ order_id: "bigint", sold_at: "timestamp", amount_eur: "double", paid: "boolean", note: "string" }); // prettier-ignore
    expect(found.columns.map(({ missing }) => missing)).toEqual([0, 0, 1, 0, 1]);
    expect(found.rowKeys[0]).toEqual(["order_id"]);
    expect(found.timeColumns).toEqual(["sold_at"]);
    expect(found.source).toMatchObject({ rowKey: ["order_id"], timeColumn: "sold_at" });
    expect(found.entity).toMatchObject({ joinKeys: [{ name: "order_id", type: "bigint" }], eventTime: "sold_at" });
    expect(found.preview[0]).toEqual(["1", "2024-01-01 09:00:00", "1.5", "true", "a, b"]);
    expect(found.warnings.join(" ")).toContain("read as missing");
  });

  it.each([
    ["semicolons and decimal commas", "id;price\n1;1,5\n2;1.234,75\n", { id: "bigint", price: "double" }, { delimiter: ";", decimal: ",", thousands: "." }], // prettier-ignore
    ["tabs", "id\tx\n1\t2\n", { id: "bigint", x: "bigint" }, { delimiter: "\t" }],
    [
      "days before months",
      "id,d\n1,31/01/2024\n2,01/02/2024\n",
      { id: "bigint", d: "date" },
      { dateFormat: "%d/%m/%Y" },
    ],
    ["months before days, with a clock", "id,d\n1,01/31/2024 10:00\n2,02/01/2024 11:30\n", { id: "bigint", d: "timestamp" }, { timestampFormat: "%m/%d/%Y %H:%M" }], // prettier-ignore
    ["codes with leading zeros", "id,zip\n1,01234\n2,98765\n", { id: "bigint", zip: "string" }, {}],
    ["no header", "1,a\n2,b\n", { column0: "bigint", column1: "string" }, { header: false }],
    ["integers beyond 64 bits", "id,n\n1,12345678901234567890123\n", { id: "bigint", n: "string" }, {}],
    ["zeros and ones, which are numbers", "id,f\n1,0\n2,1\n", { id: "bigint", f: "bigint" }, {}],
  ])("reads %s", async (_, text, wanted, reading) => {
    const found = await look(text);
    expect(types(found)).toEqual(wanted);
    expect(found.reading).toEqual(reading);
  });

  it("does not guess where days and months cannot be told apart", async () => {
    const found = await look("id,d\n1,01/02/2024\n2,03/04/2024\n");
    expect(types(found).d).toBe("string");
    expect(found.warnings).toContainEqual(
      expect.stringMatching(/^Column d holds days that may be read as %d\/%m\/%Y or as %m\/%d\/%Y/),
    );
  });

  it("takes objects apart, and reads lists", async () => {
    const rows = [
      { id: 1, geo: { lat: 1.5, place: { name: "a" } }, tags: ["x"], embedding: [1, 2.5] },
      { id: 2, geo: { lat: 2, place: { name: "b" } }, tags: [], embedding: [3, 4] },
    ];
    const found = await look(rows.map((row) => JSON.stringify(row)).join("\n"), "json");
    expect(types(found)).toEqual({ embedding: "vector", geo_lat: "double", geo_place_name: "string", id: "bigint", tags: "strings" }); // prettier-ignore
    expect(found.source.columns).toContainEqual({ name: "geo_lat", type: "double", from: "geo.lat" });
  });

  it("reads Parquet with its own types and structs", async () => {
    const location = await world.write(
      "typed.parquet",
      "SELECT 1::BIGINT AS id, 1.5::DOUBLE AS x, DATE '2024-01-01' AS d, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS t, {'lat': 1.5} AS geo, true AS b UNION ALL SELECT 2, 2.5, DATE '2024-01-02', TIMESTAMPTZ '2024-01-02 00:00:00+00', {'lat': 2.5}, false",
    );
    const found = await world.engine.inspectFiles({ location }, INSPECTION_BOUNDS);
    await expectAccepted(found);
    expect(types(found)).toEqual({ id: "bigint", x: "double", d: "date", t: "timestamp", geo_lat: "double", b: "boolean" }); // prettier-ignore
  });

  it("finds a key of two columns, and numbers rows that have none", async () => {
    const two = await look("station,day,temp\na,2024-01-01,1\na,2024-01-02,1\nb,2024-01-01,1\nb,2024-01-02,1\n");
    expect(two.rowKeys[0]).toEqual(["station", "day"]);
    expect(two.entity).toMatchObject({ joinKeys: [{ name: "station", type: "string" }], eventTime: "day" });
    const none = await look("a,b\nx,1\nx,1\n");
    expect(none.rowKeys).toEqual([]);
    expect(none.source).toMatchObject({ rowNumber: "row_number", rowKey: ["row_number"] });
    expect(none.warnings).toContainEqual(expect.stringContaining("tell all rows apart"));
  });

  it("keeps a column as text for one late value that is no number", async () => {
    const rows = Array.from({ length: 60_000 }, (_, id) => `${id},${id === 55_000 ? "n.v." : id}`);
    const found = await look(["id,x", ...rows].join("\n"));
    expect(types(found)).toEqual({ id: "bigint", x: "string" });
    expect(found.warnings).toContainEqual(expect.stringMatching(/n\.v\. in row 55,001.* It is proposed as string\.$/));
  });

  it("proposes an encoding for text that is no UTF-8", async () => {
    const location = path.join(world.folder, "latin.csv");
    writeFileSync(location, Buffer.from("id,name\n1,Zürich\n", "latin1"));
    const found = await world.engine.inspectFiles({ location }, INSPECTION_BOUNDS);
    expect(found.reading.encoding).toBe("windows-1252");
    expect(found.preview[0]).toEqual(["1", "Zürich"]);
  });

  it("says what is not there, and what is no file that it knows", async () => {
    await expect(
      world.engine.inspectFiles({ location: path.join(world.folder, "none.csv") }, INSPECTION_BOUNDS),
    ).rejects.toThrow(/expects a file at .*none\.csv, and there is none/);
    await expect(look("x", "xlsx")).rejects.toThrow(/format of .*\.xlsx cannot be told from its name/);
    await expect(look("", "csv")).rejects.toThrow();
  });
});
