import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { ColumnProfile } from "@/lib/domain/runs/variant-result";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
let files = 0;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

const values = (...list: string[]) =>
  `SELECT * FROM (VALUES ${list.map((value, i) => `(${i}, ${value})`).join(", ")}) t(id, x)`;

async function profileFile(
  location: string,
  type: ColumnType,
  { timed = false, format = "parquet" as "parquet" | "csv" | "json" } = {},
): Promise<ColumnProfile[]> {
  const { result } = await world.run({
    entities: [obsEntity(timed)],
    sources: [{ ...obsSource(location, [{ name: "x", type }], timed), format }],
    profile: {
      columns: [{ column: "obs.x", edges: null }],
      selections: [{ part: "all", split: null, window: null }],
      every: timed ? "month" : null,
    },
  });
  return result.profiles;
}

async function profile(query: string, type: ColumnType, timed = false): Promise<ColumnProfile[]> {
  return profileFile(await world.write(`bad-${++files}.parquet`, query), type, { timed });
}

/** Profiles of values that a statement makes: no source's file has such times. */
async function profileMade(list: readonly string[], type: ColumnType): Promise<ColumnProfile[]> {
  const location = await world.write(`made-${++files}.parquet`, `SELECT range + 1 AS id, range + 1 AS place FROM range(${list.length})`); // prettier-ignore
  const { result } = await world.run({
    entities: [obsEntity()],
    sources: [obsSource(location, [{ name: "place", type: "bigint" }])],
    stages: [
      stage("make", {
        inputs: ["obs.place"],
        outputs: [{ column: "obs.x", type }],
        transformer: "sql",
        params: { statement: `SELECT *, [${list.join(", ")}][place] AS x FROM __THIS__` },
      }),
    ],
    outputs: ["obs.x"],
    profile: { columns: [{ column: "obs.x", edges: null }], selections: [{ part: "all", split: null, window: null }], every: null }, // prettier-ignore
  });
  return result.profiles;
}

/** Every number is finite, so that none becomes null on its way through JSON, and no text has what a database refuses. */
function expectSafe(found: ColumnProfile[]): void {
  const text = JSON.stringify(found, (_, value: unknown) => {
    if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
    return value;
  });
  expect(JSON.parse(text)).toEqual(found);
  expect(text).not.toContain("\\u0000");
  for (const { stats, histogram } of found) {
    const counted = histogram.counts.reduce((sum, n) => sum + n, 0) + histogram.missing;
    const rest =
      histogram.kind === "numeric" ? histogram.underflow + histogram.overflow + histogram.nan : histogram.other;
    if (!stats.valency) expect(counted + rest).toBe(stats.rows);
  }
}

const MILLION = 1_000_000;

describe("a profile of", () => {
  it.each<[what: string, query: string, type: ColumnType, stats: object]>([
    ["no rows of numbers", "SELECT 0 AS id, 1e0 AS x WHERE false", "double", { rows: 0, missing: 0, distinct: 0 }],
    ["no rows of texts", "SELECT 0 AS id, 'a' AS x WHERE false", "string", { rows: 0, distinct: 0, top: [] }],
    ["no rows of lists", "SELECT 0 AS id, ['a'] AS x WHERE false", "strings", { rows: 0, missing: 0 }],
    ["no rows of times", "SELECT 0 AS id, TIMESTAMP '2024-01-01' AS x WHERE false", "timestamp", { rows: 0 }],
    ["one row", values("42e0"), "double", { rows: 1, finite: 1, populationStd: 0, sum: 42, distinctIsExact: true }],
    ["a constant", values("7e0", "7e0", "7e0"), "double", { distinct: 1, populationStd: 0, sampleStd: 0, mean: 7 }],
    ["a constant far out", values("1e300", "1e300"), "double", { distinct: 1, min: 1e300, max: 1e300 }],
    ["nulls as numbers", values("NULL::DOUBLE", "NULL"), "double", { rows: 2, missing: 2, finite: 0, distinct: 0 }],
    ["nulls as integers", values("NULL::BIGINT", "NULL"), "bigint", { missing: 2, finite: 0 }],
    ["nulls as texts", values("NULL::VARCHAR", "NULL"), "string", { missing: 2, distinct: 0 }],
    ["nulls as true/false values", values("NULL::BOOLEAN", "NULL"), "boolean", { missing: 2, distinct: 0 }],
    ["nulls as lists", values("NULL::VARCHAR[]", "NULL"), "strings", { rows: 2, missing: 2 }],
    ["empty lists", values("[]::VARCHAR[]", "[]"), "strings", { missing: 0, valency: { min: 0, mean: 0, max: 0 } }],
    ["lists of nulls", values("[NULL]::DOUBLE[]", "[NULL, 1]"), "vector", { valency: { min: 1, max: 2 }, min: 1 }],
    ["NaN", values("'nan'::DOUBLE", "'nan'::DOUBLE", "1e0"), "double", { nan: 2, finite: 1, mean: 1 }],
    ["nothing but NaN", values("'nan'::DOUBLE"), "double", { nan: 1, finite: 0, missing: 0, distinct: 0 }],
    [
      "infinities",
      values("'inf'::DOUBLE", "'-inf'::DOUBLE", "'-inf'::DOUBLE", "0e0"),
      "double",
      { positiveInfinity: 1, negativeInfinity: 2, negative: 2, zeros: 1, distinct: 3, min: 0, max: 0 },
    ],
    ["nothing but infinities", values("'inf'::DOUBLE", "'-inf'::DOUBLE"), "double", { finite: 0, distinct: 2 }],
    ["the ends of doubles", values("1.7976931348623157e308", "-1.7976931348623157e308"), "double", { mean: 0 }],
    ["the least doubles", values("5e-324", "1e-323"), "double", { distinct: 2 }],
    [
      "2^63 − 1",
      values("9223372036854775807", "9223372036854775807", "-9223372036854775808", "1"),
      "bigint",
      { max: "9223372036854775807", min: "-9223372036854775808", sum: "9223372036854775807", distinct: 3 },
    ],
    ["sums beyond 2^53", values("9007199254740991", "9007199254740991"), "bigint", { sum: "18014398509481982" }],
    ["texts with NUL", values("'a' || chr(0)", "'a' || chr(0)"), "string", { top: [{ value: "a\u2400", count: 2 }] }],
    ["texts with quotes", values("'it''s \"x\"'", "'|'"), "string", { distinct: 2 }],
    ["a very long text", values("repeat('x', 1000000)"), "string", { averageLength: MILLION }],
    [
      "a million different numbers",
      `SELECT range AS id, range * 1.5e0 AS x FROM range(${MILLION})`,
      "double",
      // DuckDB's estimate is 1,133,185.
      { distinct: MILLION, distinctIsExact: false, finite: MILLION, max: 1499998.5 },
    ],
    [
      "a million different integers beyond 2^53",
      `SELECT range AS id, 9007199254740993 + range AS x FROM range(${MILLION})`,
      "bigint",
      { distinctIsExact: false, min: "9007199254740993", max: "9007199255740992", sum: "9007199255240992500000" },
    ],
    [
      "a million different texts",
      `SELECT range AS id, 'v' || range AS x FROM range(${MILLION})`,
      "string",
      { distinct: MILLION, distinctIsExact: true },
    ],
  ])("%s is defined", async (_, query, type, stats) => {
    const found = await profile(query, type);
    expect(found).toHaveLength(1);
    expectSafe(found);
    expect(found[0]?.stats).toMatchObject(stats);
  });

  it.each<[what: string, list: string[], type: ColumnType, stats: object]>([
    ["infinite times", ["'infinity'::TIMESTAMP", "'-infinity'::TIMESTAMP"], "timestamp", { positiveInfinity: 1 }],
    [
      "times that no calendar of JavaScript has",
      ["TIMESTAMP '290000-01-01'", "TIMESTAMP '0001-01-01'"],
      "timestamp",
      { min: "0001-01-01T00:00:00.000Z", max: "+275760-09-13T00:00:00.000Z" },
    ],
    ["dates before Christ", ["DATE '0044-03-15 (BC)'", "DATE '2024-01-01'"], "date", { distinct: 2 }],
  ])("%s that a statement makes is defined", async (_, list, type, stats) => {
    const found = await profileMade(list, type);
    expect(found).toHaveLength(1);
    expectSafe(found);
    expect(found[0]?.stats).toMatchObject(stats);
  });

  it("numbers shows their distribution beside one outlier of 1e8", async () => {
    const [found] = await profile(
      "SELECT range AS id, CASE WHEN range = 0 THEN 1e8 ELSE (range % 100)::DOUBLE END AS x FROM range(1000)",
      "double",
    );
    for (const histogram of [found?.histogram, found?.equalWidth]) {
      if (histogram?.kind !== "numeric") throw new Error("a numeric histogram was expected");
      expect(Math.max(...histogram.counts)).toBeLessThan(200);
    }
  });

  it.each([
    ["a byte", [0xff]],
    ["half a character", [0xe2, 0x82]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
  ])("a CSV file with %s that is no UTF-8 is refused with row and column", async (_, bytes) => {
    const location = join(world.folder, `lost-${++files}.csv`);
    await writeFile(
      location,
      Buffer.concat([Buffer.from("id,x\n1,a€\n2,b"), Buffer.from(bytes), Buffer.from("\n3,c\n")]),
    );
    await expect(profileFile(location, "string", { format: "csv" })).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(
        /column x has 1 text with bytes that are not utf-8: b\uFFFD+ in row 2 of/,
      ) as unknown,
    });
  });

  it("a CSV file whose texts were lost before it was written counts them", async () => {
    const location = join(world.folder, `lost-${++files}.csv`);
    await writeFile(location, "id,x\n1,a€\n2,b\uFFFD\n3,c\n");
    const found = await profileFile(location, "string", { format: "csv" });
    expectSafe(found);
    expect(found[0]?.stats).toMatchObject({ rows: 3, distinct: 3, invalidUtf8: 1 });
  });

  it("a Parquet file with bytes for text names the column", async () => {
    const location = await world.write(`bytes-${++files}.parquet`, values("'\\xFF'::BLOB"));
    await expect(profileFile(location, "string")).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/Column x of source observations holds BLOB, not string/) as unknown,
    });
  });

  it("times that go backwards has its windows in order, and rows without a window in the whole alone", async () => {
    const found = await profile(
      `SELECT * FROM (VALUES (1, TIMESTAMP '2024-03-01', 1e0), (2, '2024-01-31 23:59:59.999', 2e0), (3, '1969-12-31', 3e0),
       (4, NULL, 4e0), (5, '9999-12-31', 5e0), (6, NULL, 6e0), (7, '2024-01-01', 7e0)) v(id, t, x)`,
      "double",
      true,
    );
    expectSafe(found);
    expect(
      found.map(({ part, window, stats }) => [part, window?.[0] ?? null, window?.[1] ?? null, stats.rows]),
    ).toEqual([
      ["all", null, null, 7],
      ["all", "1969-12-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z", 1],
      ["all", "2024-01-01T00:00:00.000Z", "2024-02-01T00:00:00.000Z", 2],
      ["all", "2024-03-01T00:00:00.000Z", "2024-04-01T00:00:00.000Z", 1],
    ]);
  });
});
