/** Files as people have them, read with their right values: none is lost or changed in silence. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceColumn, SourceDefinition, SourceReading } from "@/lib/domain/definitions/source";
import type { SourceDescription } from "@/lib/domain/datasets/dataset-snapshot";
import { type SmallWorld, openSmallWorld } from "./small-world.test-support";

const FILES = fileURLToPath(new URL("../../../test/fixtures/source-files", import.meta.url));

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

type Format = SourceDefinition["format"];
interface Case {
  location: string;
  columns: SourceColumn[];
  format?: Format;
  reading?: SourceReading;
  rowKey?: string[];
  timeColumn?: string;
}

const sourceOf = ({ location, columns, format = "csv", reading, rowKey = ["id"], timeColumn }: Case) =>
  ({
    kind: "Source",
    name: "things",
    entity: "thing",
    format,
    location: location.startsWith("/") ? location : join(FILES, location),
    columns,
    rowKey,
    ...(reading && { reading }),
    ...(timeColumn && { timeColumn }),
  }) satisfies SourceDefinition;

/** What describing says, and every value as the engine reads it. */
async function read(one: Case): Promise<{ described: SourceDescription; rows: Record<string, unknown>[] }> {
  const source = sourceOf(one);
  const described = await world.engine.describe(source);
  const snapshot = { ...described, version: 1 };
  const sample = await world.engine.sampleRows({
    source,
    snapshot,
    columns: source.columns.map(({ name, type }) => ({ name, type })),
    joined: [],
    rows: 1000,
    slice: null,
    parts: null,
  });
  const rows = Array.from({ length: sample.rows }, (_, row) =>
    Object.fromEntries(
      sample.columns.map((column) => [
        column.name,
        column.kind === "texts"
          ? column.codes[row] === null
            ? null
            : column.dictionary[column.codes[row] as number]
          : column.kind === "instants" && typeof column.values[row] === "number"
            ? iso(column.values[row])
            : column.values[row],
      ]),
    ),
  );
  return { described, rows };
}

/** Milliseconds with their fraction as ISO. */
function iso(ms: number): string {
  const micros = BigInt(Math.round(ms * 1000));
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const text = new Date(Number((micros - rest) / 1000n)).toISOString();
  return rest === 0n ? text : text.replace("Z", `${String(rest).padStart(3, "0")}Z`);
}

const refusal = async (one: Case): Promise<{ message: string; issues: { path: unknown[]; found?: string }[] }> => {
  const error = (await world.engine.describe(sourceOf(one)).then(
    () => undefined,
    (reason: unknown) => reason,
  )) as { code: string; message: string; context: { issues: { path: unknown[]; found?: string }[] } } | undefined;
  expect(error?.code).toBe("invalid");
  return { message: error?.message ?? "", issues: error?.context.issues ?? [] };
};

function file(name: string, text: string | Buffer): string {
  const path = join(world.folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const id: SourceColumn = { name: "id", type: "bigint" };
const when: SourceColumn = { name: "when", type: "timestamp" };
const columns: SourceColumn[] = [
  id,
  when,
  { name: "price", type: "double" },
  { name: "name", type: "string" },
  { name: "flag", type: "boolean" },
];
const ZOE = 'Zoë, "x"\nÅngström';

describe("times", () => {
  it.each<[what: string, one: Case, times: string[]]>([
    [
      "offsets in CSV",
      { location: "off.csv", columns: [id, when, { name: "x", type: "bigint" }] },
      ["2024-06-01T17:00:00.000Z", "2024-06-01T12:00:00.000Z", "2024-06-01T12:00:00.000Z"],
    ],
    [
      "offsets of several forms",
      { location: "01-csv-offset.csv", columns: [id, { name: "when", from: "z", type: "timestamp" }] },
      ["2025-01-01T04:59:59.000Z", "2024-12-31T22:59:59.000Z", "2024-12-31T23:59:59.000Z"],
    ],
    [
      "microseconds, also before 1970",
      { location: "11-microseconds.csv", columns: [id, { name: "when", from: "at_feature", type: "timestamp" }] },
      ["1969-12-31T23:59:59.123456Z", "2024-11-29T10:00:00.123456Z"],
    ],
    [
      "offsets in JSON",
      { location: "joff.json", format: "json", columns: [id, when] },
      Array.from({ length: 3 }, () => "2024-01-01T03:00:00.000Z"),
    ],
    [
      "milliseconds in JSON",
      { location: "jms.json", format: "json", columns: [id, when] },
      Array.from({ length: 3 }, () => "2024-01-01T05:00:00.123Z"),
    ],
  ])("of %s are the instants that they say", async (_, one, times) => {
    const { rows } = await read(one);
    expect(rows.map((row) => row.when)).toEqual(times);
  });

  it.each([
    ["2024-07-01 12:00:00", undefined, "2024-07-01T12:00:00.000Z"],
    ["2024-07-01 12:00:00", "Europe/Berlin", "2024-07-01T10:00:00.000Z"],
    ["2024-07-01T12:00:00+05:30", "Europe/Berlin", "2024-07-01T06:30:00.000Z"],
    ["2024-07-01T12:00:00-0530", undefined, "2024-07-01T17:30:00.000Z"],
    ["2024-07-01 12:00+02", undefined, "2024-07-01T10:00:00.000Z"],
    ["2024-07-01 12:00:00 +02:00", undefined, "2024-07-01T10:00:00.000Z"],
    ["2024-07-01 12:00:00 UTC", "Europe/Berlin", "2024-07-01T12:00:00.000Z"],
    ["2024-07-01", "Europe/Berlin", "2024-06-30T22:00:00.000Z"],
    ["2024-07-01 12:00:00.5Z", undefined, "2024-07-01T12:00:00.500Z"],
    ["1890-01-01T00:00:00.000001Z", undefined, "1890-01-01T00:00:00.000001Z"],
  ])("reads %s in zone %s", async (text, timeZone, instant) => {
    for (const format of ["csv", "json"] as const) {
      const location = file(
        `time.${format}`,
        format === "csv" ? `id,when\n1,${text}\n` : `${JSON.stringify({ id: 1, when: text })}\n`,
      );
      const { rows } = await read({ location, format, columns: [id, when], ...(timeZone && { reading: { timeZone } }) }); // prettier-ignore
      expect(rows[0]?.when).toBe(instant);
    }
  });

  it("places times of Parquet without a zone as well", async () => {
    const location = await world.write("zone.parquet", `SELECT 1 AS id, TIMESTAMP '2024-07-01 12:00:00' AS "when"`);
    const one = { location, format: "parquet" as const, columns: [id, when], reading: { timeZone: "Europe/Berlin" } };
    expect((await read(one)).rows[0]?.when).toBe("2024-07-01T10:00:00.000Z");
  });

  it.each([
    ["of Parquet", "parquet"],
    ["of CSV", "csv"],
  ] as const)("%s that clocks went over or showed twice are counted", async (_, format) => {
    const times = ["2024-03-31 02:30:00", "2024-10-27 02:30:00", "2024-10-27 01:30:00", "2024-07-01 00:00:00"];
    const query = `SELECT * FROM (VALUES ${times.map((time, i) => `(${i}, TIMESTAMP '${time}')`).join(", ")}) t(id, "when")`;
    const location = await world.write(`clocks.${format}`, query);
    const found = await read({ location, format, columns: [id, when], reading: { timeZone: "Europe/Berlin" } });
    expect(found.rows.map((row) => row.when)).toEqual(["2024-03-31T01:30:00.000Z", "2024-10-27T01:30:00.000Z", "2024-10-26T23:30:00.000Z", "2024-06-30T22:00:00.000Z"]); // prettier-ignore
    expect(found.described.warnings).toEqual([expect.stringMatching(/^2 times of when are such that the clocks of Europe\/Berlin went over or showed twice.*the later moment was taken/)]); // prettier-ignore
    expect((await read({ location, format, columns: [id, when] })).described.warnings).toEqual([]);
  });

  it.each<[type: SourceColumn["type"], sql: string, shown: string]>([
    ["timestamp", "TIMESTAMP 'infinity'", "infinity"],
    ["timestamp", "TIMESTAMP '-infinity'", "-infinity"],
    ["timestamp", "TIMESTAMPTZ 'infinity'", "infinity"],
    ["timestamp", "DATE '-infinity'", "-infinity"],
    ["timestamp", "TIMESTAMP '290000-01-01'", "290000-01-01 00:00:00"],
    ["timestamp", "TIMESTAMP '10000-01-01'", "10000-01-01 00:00:00"],
    ["timestamp", "DATE '5000000-01-01'", "5000000-01-01"],
    ["timestamp", "TIMESTAMP '0044-03-15 (BC)'", "0044-03-15 (BC) 00:00:00"],
    ["date", "DATE 'infinity'", "infinity"],
    ["date", "DATE '5000000-01-01'", "5000000-01-01"],
    ["date", "TIMESTAMP '-infinity'", "-infinity"],
  ])("%s of Parquet that no calendar has is refused: %s", async (type, sql, shown) => {
    const location = await world.write("never.parquet", `SELECT 1 AS id, ${sql} AS "when"`);
    const one = { location, format: "parquet" as const, columns: [id, { name: "when", type }], timeColumn: "when" };
    const { message } = await refusal(one);
    expect(message).toContain(`column when has 1 value that is not ${type}: ${shown} in row 1 of ${location}`);
    expect(message).toContain("Times are of the years 1 to 9999");
  });

  it("of the first and the last year are in the range of the version", async () => {
    const location = await world.write("ends.parquet", `SELECT range AS id, CASE range WHEN 0 THEN TIMESTAMP '0001-01-01' ELSE TIMESTAMP '9999-12-31 23:59:59.999999' END AS "when" FROM range(2)`); // prettier-ignore
    const { described, rows } = await read({ location, format: "parquet", columns: [id, when], timeColumn: "when" });
    expect(described.time).toEqual(["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999999Z"]);
    expect(rows).toHaveLength(2);
  });

  it("says when a time is finer than a microsecond", async () => {
    const location = file("nanos.csv", "id,when\n1,2024-01-01 00:00:00.123456789\n2,2024-01-01 00:00:00.123456000\n");
    const { described, rows } = await read({ location, columns: [id, when] });
    expect(rows[0]?.when).toBe("2024-01-01T00:00:00.123456Z");
    expect(described.warnings).toEqual([expect.stringMatching(/^1 time of when is finer than a microsecond/)]);
  });
});

describe("a value that is none of its column's type", () => {
  it("is refused with file, column, row, value and how many", async () => {
    const { message, issues } = await refusal({
      location: "fl2i.csv",
      columns: [id, { name: "x", type: "bigint" }],
    });
    expect(message).toMatch(/column x has 2 values that are not bigint: 1\.5 in row 1, 2\.7 in row 2 of .*fl2i\.csv/);
    expect(issues).toMatchObject([{ path: ["columns", 1, "type"], expected: "bigint", found: "1.5" }]);
  });

  it.each<[type: SourceColumn["type"], text: string]>([
    ["bigint", "9223372036854775808"],
    ["bigint", "0x10"],
    ["bigint", "1_000"],
    ["bigint", "1,000"],
    ["bigint", "1e30"],
    ["bigint", "true"],
    ["bigint", "nan"],
    ["bigint", "1.00000000000000001"],
    ["bigint", "9007199254740991.4"],
    ["bigint", "9.007199254740993e15"],
    ["double", "9007199254740993"],
    ["double", "-9007199254740993.0"],
    ["double", "1.2.3"],
    ["double", "1e400"],
    ["double", "12 kg"],
    ["boolean", "2"],
    ["boolean", "maybe"],
    ["date", "2024-01-01 12:00:00"],
    ["date", "2024-02-30"],
    ["timestamp", "01/02/2024"],
    ["timestamp", "1704067200"],
    ["timestamp", "yesterday"],
    ["timestamp", "infinity"],
    ["timestamp", "2016-12-31T23:59:60Z"],
    ["timestamp", "0001-01-01T00:00:00+14:00"],
    ["timestamp", "9999-12-31T23:59:59-14:00"],
    ["vector", "[1, x]"],
    ["vector", "[1, 9007199254740993]"],
  ])("%s %s is refused in CSV and JSON", async (type, text) => {
    for (const format of ["csv", "json"] as const) {
      const location = file(
        `misfit.${format}`,
        format === "csv" ? `id,x\n1,\n2,"${text}"\n` : `{"id":1,"x":null}\n${JSON.stringify({ id: 2, x: text })}\n`,
      );
      const { message } = await refusal({ location, format, columns: [id, { name: "x", type }] });
      expect(message).toContain(`column x has 1 value that is not ${type}: ${text} in row 2 of ${location}`);
    }
  });

  it.each<[type: SourceColumn["type"], text: string, value: unknown]>([
    ["bigint", "9223372036854775807", "9223372036854775807"],
    ["bigint", "-9223372036854775808", "-9223372036854775808"],
    ["bigint", "9007199254740993", "9007199254740993"],
    ["bigint", "9007199254740993.0", "9007199254740993"],
    ["bigint", " 12 ", 12],
    ["bigint", "3.0", 3],
    ["bigint", "1e3", 1000],
    ["double", "0.1", 0.1],
    ["double", "-.5", -0.5],
    ["double", "1E-3", 0.001],
    // As JavaScript writes it: no more digits than tell it from other doubles.
    ["double", "123456789012345680000", 123456789012345680000],
    ["double", "NaN", "NaN"],
    ["double", "-inf", "-Infinity"],
    ["double", "NA", null],
    ["bigint", "null", null],
    ["boolean", "TRUE", "true"],
    ["boolean", "0", "false"],
    ["boolean", "1.0", "true"],
    ["date", "2024-01-31", "2024-01-31T00:00:00.000Z"],
    ["date", "2024-01-31 00:00:00", "2024-01-31T00:00:00.000Z"],
    ["string", "NA", "NA"],
    ["string", "007", "007"],
    ["string", " a ", " a "],
    ["vector", "[1, 2.5]", "[1.0, 2.5]"],
    ["strings", "[a, b]", "[a, b]"],
  ])("%s %s is read", async (type, text, value) => {
    const location = file("fits.csv", `id,x\n1,"${text}"\n`);
    expect((await read({ location, columns: [id, { name: "x", type }] })).rows).toEqual([{ id: 1, x: value }]);
  });

  it.each<[type: SourceColumn["type"], json: string, value: unknown]>([
    ["string", "18446744073709551615", "18446744073709551615"],
    ["string", "123456789012345678901234567890", "123456789012345678901234567890"],
    ["bigint", "9007199254740993", "9007199254740993"],
    ["bigint", "2.0", 2],
    ["double", "5", 5],
    ["double", '"NaN"', "NaN"],
    ["boolean", "1", "true"],
    ["string", '"q\\"u\\u00eb"', 'q"uë'],
    ["vector", "[1, 2.5, null]", "[1.0, 2.5, NULL]"],
    ["strings", '["a, b", "c"]', "['a, b', c]"],
  ])("%s %s is read from JSON, alone on its line and in an array", async (type, json, value) => {
    for (const text of [`{"id":1,"x":${json}}\n`, `[{"id":1,"x":${json}}]`]) {
      const location = file("fits.json", text);
      const { rows } = await read({ location, format: "json", columns: [id, { name: "x", type }] });
      expect(rows).toEqual([{ id: 1, x: value }]);
    }
  });

  it.each<[type: SourceColumn["type"], json: string]>([
    ["bigint", "18446744073709551615"],
    ["bigint", "1.5"],
    ["string", '{"a":1}'],
    ["double", "[1]"],
    ["double", "9007199254740993"],
    ["bigint", "9007199254740993.0"],
    ["vector", '"x"'],
    ["vector", '[1, "x"]'],
    ["vector", '[1, "2"]'],
    ["vector", "[1, true]"],
    ["vector", "[9007199254740993]"],
    ["strings", '["a", ["b"]]'],
    ["strings", '["a", {"b": 1}]'],
    ["timestamp", "true"],
  ])("%s %s is refused in JSON", async (type, json) => {
    const location = file("misfit.json", `{"id":1,"x":${json}}\n`);
    expect((await refusal({ location, format: "json", columns: [id, { name: "x", type }] })).message).toMatch(
      new RegExp(`column x has 1 value that is not ${type}`),
    );
  });

  it.each<[what: string, text: string, said: RegExp]>([
    ["a key twice", '{"id":1,"x":1}\n{"id":2,"x":1,"x":2}\n', /Key x stands more than once in an object, first in row 2 of (.*), and nothing says which value counts/], // prettier-ignore
    ["a key twice, null first", '[{"id":1,"x":null,"x":2}]', /Key x stands more than once in an object, first in row 1 of /], // prettier-ignore
    ["a key twice, escaped", '{"id":1,"x":1,"\\u0078":1}\n', /Key x stands more than once/],
    ["a member twice", '{"id":1,"geo":{"lat":1}}\n{"id":2,"geo":{"lat":1,"lat":2}}\n', /Key geo\.lat stands more than once in an object, first in row 2 of /], // prettier-ignore
    ["a column twice, as pandas writes tables", '{"columns":["id","x","x"],"data":[[1,2,3]]}', /Column x stands more than once/], // prettier-ignore
    ["a column twice, by columns", '{"id":{"0":1,"1":2},"x":{"0":1,"1":2},"x":{"0":3,"1":4}}', /Key x stands more than once/], // prettier-ignore
    ["a short row", '{"columns":["id","x"],"data":[[1,2],[2]]}', /Row 2 of .* as many values \(1\) as there are names of columns \(2\)/], // prettier-ignore
    ["a long row", '{"columns":["id","x"],"data":[[1,2,3]]}', /Row 1 of .* as many values \(3\) as there are names of columns \(2\)/], // prettier-ignore
  ])("JSON with %s is refused with file and row", async (_, text, said) => {
    const location = file("twice.json", text);
    const x: SourceColumn = text.includes("geo") ? { name: "x", from: "geo.lat", type: "bigint" } : { name: "x", type: "bigint" }; // prettier-ignore
    const { message } = await refusal({ location, format: "json", columns: [id, x] });
    expect(message).toMatch(said);
    expect(message).toContain(location);
  });

  it("JSON with a key twice that nobody reads is read", async () => {
    const location = file("other.json", '{"id":1,"x":2,"y":3,"y":4}\n');
    const one = { location, format: "json" as const, columns: [id, { name: "x", type: "bigint" as const }] };
    expect((await read(one)).rows).toEqual([{ id: 1, x: 2 }]);
  });

  it("is found after any number of rows, in the file that has it", async () => {
    const rows = Array.from({ length: 30000 }, (_, i) => `${i},${i}`).join("\n");
    file("many/a.csv", `id,x\n${rows}\n`);
    const b = file("many/b.csv", `id,x\n${rows}\n30000,1.5\n`);
    const { message } = await refusal({
      location: join(world.folder, "many"),
      columns: [id, { name: "x", type: "bigint" }],
    });
    expect(message).toContain(`column x has 1 value that is not bigint: 1.5 in row 30,001 of ${b}`);
  });
});

describe("Parquet types", () => {
  it.each<[column: SourceColumn, location: string, values: unknown[]]>([
    [{ name: "x", type: "bigint" }, "dec38.parquet", [1, 2]],
    [{ name: "x", type: "double" }, "dec38.parquet", [1, 2]],
    [{ name: "x", type: "string" }, "time.parquet", ["00:00:00.000001", "00:00:00.000002"]],
    [{ name: "flag", type: "boolean" }, "flagint8.parquet", ["false", "true", "true"]],
    [{ name: "flag", type: "bigint" }, "flagint8.parquet", [0, 1, 1]],
    [{ name: "x", from: "price.usd", type: "double" }, "names.parquet", [1537.72, 1460.37, 1692.13]],
    [{ name: "x", from: "Größe", type: "double" }, "names.parquet", [1537.72, 1460.37, 1692.13]],
    [{ name: "x", from: "Name", type: "string" }, "names.parquet", [ZOE, "name 1", "name 2"]],
    [{ name: "x", from: "select", type: "boolean" }, "names.parquet", ["false", "true", "true"]],
    [{ name: "x", from: "geo.lat", type: "double" }, "nested.parquet", [0, 1, 2]],
    [{ name: "x", from: "emb32", type: "vector" }, "nested.parquet", ["[1.0, 2.0]", "[1.0, 2.0]", "[1.0, 2.0]"]],
    [{ name: "x", from: "tags", type: "strings" }, "nested.parquet", ["[a, b]", "[a, b]", "[a, b]"]],
  ])("%o of %s", async (column, location, values) => {
    const { rows } = await read({ location, format: "parquet", columns: [id, column] });
    expect(rows.slice(0, 3).map((row) => row[column.name])).toEqual(values);
  });

  it.each<[type: SourceColumn["type"], sql: string, value: unknown]>([
    ["bigint", "2::DOUBLE", 2],
    ["bigint", "'nan'::DOUBLE", null],
    ["bigint", "7::UBIGINT", 7],
    ["bigint", "7::HUGEINT", 7],
    ["bigint", "3.00::DECIMAL(10,2)", 3],
    ["boolean", "1::DOUBLE", "true"],
    ["boolean", "NULL::TINYINT", null],
    ["double", "9007199254740992::BIGINT", 9007199254740992],
    ["string", "18446744073709551615::UBIGINT", "18446744073709551615"],
    ["date", "TIMESTAMP '2024-01-01'", "2024-01-01T00:00:00.000Z"],
    ["timestamp", "TIMESTAMPTZ '2024-01-01 00:00:00+02'", "2023-12-31T22:00:00.000Z"],
  ])("%s from %s", async (type, sql, value) => {
    const location = await world.write("typed.parquet", `SELECT 1 AS id, ${sql} AS x`);
    const { rows } = await read({ location, format: "parquet", columns: [id, { name: "x", type }] });
    expect(rows).toEqual([{ id: 1, x: value }]);
  });

  it.each<[type: SourceColumn["type"], sql: string, shown: string]>([
    ["bigint", "1.5::DOUBLE", "1.5"],
    ["bigint", "'inf'::DOUBLE", "inf"],
    ["bigint", "1e17::DOUBLE", "1e+17"],
    ["bigint", "18446744073709551615::UBIGINT", "18446744073709551615"],
    ["bigint", "3.25::DECIMAL(10,2)", "3.25"],
    ["boolean", "2::TINYINT", "2"],
    ["double", "9007199254740993::BIGINT", "9007199254740993"],
    ["date", "TIMESTAMP '2024-01-01 12:00:00'", "2024-01-01 12:00:00"],
  ])("%s from %s is refused", async (type, sql, shown) => {
    const location = await world.write("typed.parquet", `SELECT 1 AS id, ${sql} AS x`);
    const { message } = await refusal({ location, format: "parquet", columns: [id, { name: "x", type }] });
    expect(message).toContain(`column x has 1 value that is not ${type}: ${shown} in row 1 of ${location}`);
  });
});

describe("files in other forms", () => {
  const first = { id: 0, when: "2024-01-01T00:00:00.000Z", price: 1537.72, name: ZOE, flag: "false" };
  const midnight = { ...first, when: "2024-01-01T00:00:00.000Z" };

  it.each<[location: string, one: Omit<Case, "location" | "columns">, rows: number]>([
    ["na.csv", {}, 200],
    ["na_null.csv", {}, 200],
    ["semi.csv", {}, 200],
    ["semi.csv", { reading: { delimiter: ";", decimal: "," } }, 200],
    ["thousands.csv", { reading: { thousands: "," } }, 200],
    ["thousands.csv", {}, 200],
    ["currency.csv", { reading: { thousands: "," } }, 200],
    ["currency.csv", {}, 200],
    ["latin1.csv", { reading: { encoding: "latin1" } }, 200],
    ["latin1.csv", { reading: { encoding: "windows-1252" } }, 200],
    ["utf16.csv", {}, 200],
    ["utf16.csv", { reading: { encoding: "utf-16" } }, 200],
    ["gz.csv.gz", {}, 200],
    ["noheader.csv", { reading: { header: false } }, 200],
    ["epoch.csv", { reading: { epoch: "seconds" } }, 200],
    ["ddmmyyyy.csv", { reading: { timestampFormat: "%d/%m/%Y %H:%M" } }, 200],
    ["mdy.csv", { reading: { dateFormat: "%m/%d/%Y" } }, 200],
    ["mixeddates.csv", { reading: { dateFormat: ["%Y-%m-%d", "%d/%m/%Y"] } }, 200],
    ["nd.json", { format: "json" }, 200],
    ["nd_epoch.json", { format: "json", reading: { epoch: "milliseconds" } }, 200],
    ["f.feather", { format: "arrow" }, 200],
    ["flagint8.parquet", { format: "parquet" }, 200],
  ])("%s read with %o", async (location, one, count) => {
    const { rows, described } = await read({ location, columns, ...one });
    expect(described.rows).toBe(count);
    expect(rows).toHaveLength(count);
    expect(rows[0]).toEqual(midnight);
    expect(rows[7]).toMatchObject({ price: 1784.12, name: ZOE });
    if (location === "ddmmyyyy.csv") expect(rows[85]?.when).toMatch(/^2024-01-22/);
    if (location === "mdy.csv" || location === "mixeddates.csv")
      expect(rows[85]?.when).toBe("2024-01-22T00:00:00.000Z");
  });

  it("takes NA as missing in numbers, says so, and leaves it in texts unless it is named", async () => {
    const { rows, described } = await read({ location: "na.csv", columns });
    expect(rows[5]).toMatchObject({ price: null, name: "name 5" });
    expect(rows[6]).toMatchObject({ price: 1891.2, name: "NA" });
    expect(described.warnings.join()).toMatch(/values? of price .*read as missing/);
    const named = await read({ location: "na.csv", columns, reading: { nullValues: ["NA"] } });
    expect(named.rows[6]).toMatchObject({ price: 1891.2, name: null });
    expect(named.described.warnings).toEqual([]);
  });

  it.each<[location: string, message: RegExp]>([
    ["ddmmyyyy.csv", /column when has 200 values that are not timestamp: 01\/01\/2024 00:00 in row 1.*timestampFormat/],
    ["mdy.csv", /column when has 200 values that are not timestamp.*timestampFormat/],
    ["mixeddates.csv", /column when has 100 values that are not timestamp: 01\/01\/2024 in row 2.*timestampFormat/],
    ["epoch.csv", /column when has 200 values that are not timestamp: 1704067200 in row 1.*epoch: seconds/],
    ["noheader.csv", /has no column id.*header: false/],
    ["ragged.csv", /cannot be read as csv.*Line: 3.*2,2024-01-02,1/],
  ])("refuses %s without a setting, and says which", async (location, message) => {
    expect((await refusal({ location, columns })).message).toMatch(message);
  });

  it("warns of a name that several columns have, and says how the others are read", async () => {
    const location = file("twice.csv", "id,x,X,x\n1,5,6,7\n");
    const x: SourceColumn = { name: "x", type: "bigint" };
    const first = await read({ location, columns: [id, x] });
    expect(first.rows).toEqual([{ id: 1, x: 5 }]);
    expect(first.described.warnings).toEqual([expect.stringMatching(/twice\.csv has several columns x: the first of them is read.*from: x_1/)]); // prettier-ignore
    expect((await read({ location, columns: [id, { ...x, from: "x_2" }] })).rows).toEqual([{ id: 1, x: 7 }]);
    expect((await read({ location, columns: [id] })).described.warnings).toEqual([]);
  });

  it("says what to do with line ends of two kinds", async () => {
    const location = file("ends.csv", "id,x\r\n1,5\n2,6\r\n");
    expect((await refusal({ location, columns: [id, { name: "x", type: "bigint" }] })).message).toMatch(
      /line ends or quotes differ from row to row\. Store it with one kind/,
    );
  });

  it("names several currencies in one column", async () => {
    const location = file("units.csv", "id,x\n1,$5\n2,€6\n");
    expect((await refusal({ location, columns: [id, { name: "x", type: "double" }] })).message).toMatch(
      /several currencies: \$, €/,
    );
  });

  it("never takes 1,5 for 15 or 1.234,5 for 1.2345", async () => {
    const x: SourceColumn = { name: "x", type: "double" };
    const comma = file("comma.csv", 'id,x\n1,"1,5"\n');
    expect((await refusal({ location: comma, columns: [id, x], reading: { thousands: "," } })).message).toMatch(/1,5/);
    const german = file("german.csv", "id;x\n1;1.234,5\n2;0,25\n");
    expect((await read({ location: german, columns: [id, x] })).rows.map((row) => row.x)).toEqual([1234.5, 0.25]);
  });

  it("finds n/a in JSON after 25,000 numbers", async () => {
    const x: SourceColumn = { name: "x", type: "double" };
    const one = { location: "jmixed.json.gz", format: "json" as const, columns: [id, when, x] };
    expect((await world.engine.describe(sourceOf(one))).warnings).toEqual([
      expect.stringMatching(/^5,000 values of x are words that stand for nothing/),
    ]);
    expect(await refusal({ ...one, reading: { nullValues: [] } })).toMatchObject({
      message: expect.stringContaining("column x has 5,000 values that are not double: n/a in row 25,001") as string,
    });
  });

  it("reads the first name of a file without one, comments, skipped lines, tabs and quotes of another kind", async () => {
    const species: SourceColumn[] = [
      { name: "id", from: "column0", type: "bigint" },
      { name: "bill", from: "bill_length_mm", type: "double" },
      { name: "year", type: "bigint" },
    ];
    const penguins = await read({ location: "penguins.csv", columns: species });
    expect(penguins.rows[3]).toEqual({ id: 3, bill: null, year: 2007 });
    const location = file("odd.csv", "made by hand\n# id is the id\nid\tx\n# a note\n1\t'a\tb'\n");
    const odd = { location, columns: [id, { name: "x", type: "string" as const }] };
    expect((await read({ ...odd, reading: { skip: 1, comment: "#", quote: "'" } })).rows).toEqual([{ id: 1, x: "a\tb" }]); // prettier-ignore
    const escaped = file("escaped.csv", 'id,x\n1,"a \\"b\\" c"\n');
    expect((await read({ ...odd, location: escaped })).rows).toEqual([{ id: 1, x: 'a "b" c' }]);
  });

  it("reads UTF-16 of both byte orders, with a mark or by name, and compressed text in another encoding", async () => {
    const text = "id,x\n1,Zoë €\n";
    const swapped = (value: string) => Buffer.from(value, "utf16le").swap16();
    const one = { columns: [id, { name: "x", type: "string" as const }] };
    const rows = [{ id: 1, x: "Zoë €" }];
    expect((await read({ ...one, location: file("be.csv", swapped(`\uFEFF${text}`)) })).rows).toEqual(rows);
    const unmarked = file("plain-be.csv", swapped(text));
    expect((await read({ ...one, location: unmarked, reading: { encoding: "utf-16be" } })).rows).toEqual(rows);
    const latin = Buffer.from("id,x\n1,Zo\xeb \x80\n", "latin1");
    const packed = file("cp1252.csv.gz", gzipSync(latin));
    expect((await read({ ...one, location: packed, reading: { encoding: "windows-1252" } })).rows).toEqual(rows);
    const marked = file("marked.csv", `\uFEFF${text}`);
    expect((await read({ ...one, location: marked })).rows).toEqual(rows);
    expect((await refusal({ ...one, location: "utf16.csv", reading: { encoding: "utf-8" } })).message).toMatch(
      /mark of utf-16le/,
    );
    expect((await refusal({ ...one, location: marked, reading: { encoding: "klingon" } })).message).toMatch(/unknown/);
  });

  it("refuses text that is not of its encoding with file, row and column, unless the named encoding reads it", async () => {
    const { message, issues } = await refusal({ location: "latin1.csv", columns });
    expect(message).toMatch(
      /has 29 texts with bytes that are not utf-8: .+ in row 1, .+ in row 8, .+ of .*latin1\.csv/s,
    );
    expect(issues[0]).toMatchObject({ path: ["reading", "encoding"], expected: "text in utf-8" });
    const texts: SourceColumn[] = [
      { name: "id", type: "bigint" },
      { name: "t", type: "string" },
    ];
    const bad = file(
      "bad-bytes.csv",
      Buffer.concat([Buffer.from("id,t,u\n1,ä,x\n2,b"), Buffer.from([0xff]), Buffer.from(",y\n3,c,z\n")]),
    );
    for (const reading of [{}, { encoding: "utf-8" }])
      expect((await refusal({ location: bad, columns: texts, reading })).message).toMatch(
        /column t has 1 text with bytes that are not utf-8: b\uFFFD in row 2 of .*bad-bytes\.csv/,
      );
    expect((await read({ location: bad, columns: texts, reading: { encoding: "windows-1252" } })).described.rows).toBe(
      3,
    );
    // What nobody reads is said only.
    const other = file(
      "other-bytes.csv",
      Buffer.concat([Buffer.from("id,t,u\n1,a,"), Buffer.from([0xff]), Buffer.from("\n")]),
    );
    expect((await read({ location: other, columns: texts })).described.warnings).toContainEqual(
      expect.stringMatching(/bytes in 1 places that are not utf-8, in columns that the source does not declare/),
    );
    const lines = file(
      "bad.json",
      Buffer.concat([Buffer.from('{"id":1,"t":"b'), Buffer.from([0xe9]), Buffer.from('"}\n')]),
    );
    expect((await refusal({ format: "json", location: lines, columns: texts })).message).toMatch(
      /column t has 1 text with bytes/,
    );
    // The character itself is text like any other, in UTF-16 too.
    const written = Buffer.from("id,t,u\n1,\uFFFD,😀\n");
    expect((await read({ location: file("fffd.csv", written), columns: texts })).rows[0]).toMatchObject({
      t: "\uFFFD",
    });
    const utf16 = file("fffd16.csv", Buffer.from(written.toString(), "utf16le"));
    expect((await read({ location: utf16, columns: texts, reading: { encoding: "utf-16le" } })).rows[0]).toMatchObject({
      t: "\uFFFD",
    });
  });

  it("reads folders, patterns and Hive partitions whose keys are columns", async () => {
    const region: SourceColumn = { name: "region", type: "string" };
    const hive = { format: "parquet" as const, columns: [...columns, region] };
    for (const location of ["hive", "hive/*/*.parquet", "hive/**/*.parquet"]) {
      const { rows, described } = await read({ ...hive, location });
      expect(described).toMatchObject({ rows: 200 });
      expect(described.files).toHaveLength(2);
      expect(new Set(rows.map((row) => row.region))).toEqual(new Set(["eu", "us"]));
      expect(rows.find((row) => row.id === 0)).toMatchObject({ region: "us", name: ZOE });
    }
    file("parts/day=01/a.csv", "id,x\n1,5\n");
    file("parts/day=02/b.csv", "x,id\n6,2\n");
    file("parts/_SUCCESS", "");
    const parts = await read({
      location: join(world.folder, "parts"),
      columns: [id, { name: "x", type: "bigint" }, { name: "day", type: "string" }],
    });
    expect(parts.rows).toEqual([
      { id: 1, x: 5, day: "01" },
      { id: 2, x: 6, day: "02" },
    ]);
    file("lines/k=1/a.json", '{"id":1,"geo":{"lat":1.5}}\n');
    file("lines/k=2/b.json", '[{"id":2,"geo":{"lat":2.5}}]');
    const lines = await read({
      location: join(world.folder, "lines/k=*/*.json"),
      format: "json",
      columns: [id, { name: "lat", from: "geo.lat", type: "double" }, { name: "k", type: "bigint" }],
    });
    expect(lines.rows).toEqual([
      { id: 1, lat: 1.5, k: 1 },
      { id: 2, lat: 2.5, k: 2 },
    ]);
  });

  it("keeps integers of one file beside doubles of another, and says what a file lacks", async () => {
    mkdirSync(join(world.folder, "mixed"));
    await world.write("mixed/a.parquet", "SELECT 1 AS id, 9007199254740993::BIGINT AS x, TIMESTAMP '2024-01-01' AS t");
    await world.write("mixed/b.parquet", "SELECT 2 AS id, 2.0::DOUBLE AS x, TIMESTAMPTZ '2024-01-01 00:00:00+02' AS t");
    await world.write("mixed/c.parquet", "SELECT 3 AS id, NULL::DOUBLE AS x");
    const one = {
      location: join(world.folder, "mixed"),
      format: "parquet" as const,
      columns: [id, { name: "x", type: "bigint" as const }, { name: "t", type: "timestamp" as const }],
    };
    const { rows, described } = await read(one);
    expect(rows).toEqual([
      { id: 1, x: "9007199254740993", t: "2024-01-01T00:00:00.000Z" },
      { id: 2, x: 2, t: "2023-12-31T22:00:00.000Z" },
      { id: 3, x: null, t: null },
    ]);
    expect(described.warnings).toEqual([expect.stringMatching(/^t is missing in 1 of 3 files, such as .*c\.parquet/)]);
    file("less/a.csv", "id,x\n1,5\n");
    file("less/b.csv", "id\n2\n");
    const less = await world.engine.describe(sourceOf({ location: join(world.folder, "less"), columns: [id, { name: "x", type: "bigint" }] })); // prettier-ignore
    expect(less.warnings).toEqual([expect.stringMatching(/^x is missing in 1 of 2 files, such as .*b\.csv/)]);
  });

  it("refuses JSON whose rows are no objects", async () => {
    const location = file("scalars.json", "[1, 2]");
    expect((await refusal({ location, format: "json", columns: [id] })).message).toMatch(/no objects|cannot be read/);
  });

  it("reads JSON as pandas writes it", async () => {
    const x: SourceColumn = { name: "x", type: "double" };
    const split = file("split.json", '{"columns":["id","x"],"index":[0,1],"data":[[1,1.5],[2,null]]}');
    const byColumn = file("columns.json", '{"id":{"0":1,"1":2},"x":{"0":1.5,"1":null}}');
    const single = file("single.json", '{"id":1,"x":1.5}');
    const rows = [
      { id: 1, x: 1.5 },
      { id: 2, x: null },
    ];
    expect((await read({ location: split, format: "json", columns: [id, x] })).rows).toEqual(rows);
    expect((await read({ location: byColumn, format: "json", columns: [id, x] })).rows).toEqual(rows);
    expect((await read({ location: single, format: "json", columns: [id, x] })).rows).toEqual(rows.slice(0, 1));
  });

  it("keeps every value of an Arrow file", async () => {
    const { rows } = await read({ location: "f.feather", format: "arrow", columns });
    const parquet = await read({ location: "flagint8.parquet", format: "parquet", columns });
    expect(rows).toEqual(parquet.rows);
    expect((await refusal({ location: "na.csv", format: "arrow", columns })).message).toMatch(
      /cannot be read as arrow/,
    );
  });
});

describe("row keys and times", () => {
  it("counts repeated and missing ones", async () => {
    const described = await world.engine.describe(
      sourceOf({
        location: "15-row-key.csv",
        columns: [
          { name: "k", type: "string" },
          { name: "ts", type: "timestamp" },
          { name: "a", type: "bigint" },
        ],
        rowKey: ["k"],
        timeColumn: "ts",
      }),
    );
    expect(described.rows).toBe(4);
    expect(described.warnings).toEqual([
      expect.stringMatching(/^1 row has no k, which is the row's key/),
      expect.stringMatching(/^1 row has no ts, which is the row's time/),
      expect.stringMatching(/^1 row repeats the key \(k, ts\) of another row, such as k1, 2024-11-29 00:00:00/),
    ]);
  });

  it("says nothing of keys that tell rows apart", async () => {
    const text = readFileSync(join(FILES, "off.csv"), "utf8");
    const location = file("fine.csv", text);
    expect((await world.engine.describe(sourceOf({ location, columns: [id, when], timeColumn: "when" }))).warnings).toEqual([]); // prettier-ignore
  });
});
