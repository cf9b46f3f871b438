import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { Slice } from "@/lib/domain/profiles/slice";
import type { SampleRequest, SampledColumn } from "@/lib/domain/datasets/row-sample";
import { readDefinitions, toWorld } from "./make-plan.test-support";
import { type SmallWorld, obsSource, openSmallWorld } from "./small-world.test-support";
import { digestFile } from "@/lib/config/file-digest";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

const ask = async (source: SourceDefinition, more: Partial<SampleRequest> = {}): Promise<SampleRequest> => ({
  source,
  snapshot: { ...(await world.engine.describe(source)), version: 1 },
  columns: source.columns.map(({ name, type }) => ({ name, type })),
  joined: [],
  rows: 100,
  slice: null,
  parts: null,
  ...more,
});

/** A column's values as they came: numbers, or the texts that the codes stand for. */
function valuesOf(columns: SampledColumn[], name: string): unknown[] {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`No column ${name}.`);
  return column.kind === "texts"
    ? column.codes.map((code) => (code === null ? null : column.dictionary[code]))
    : column.values;
}

describe("values of sampled rows", () => {
  it("has a defined form for what JSON and UTF-8 cannot hold", async () => {
    const location = await world.write(
      "odd.parquet",
      `SELECT * FROM (VALUES
        (1, 'nan'::DOUBLE, 9223372036854775807, 'ä"~', TIMESTAMP '2001-01-01 00:00:01', true, ['a', NULL], [1.5, 'nan'::DOUBLE]),
        (2, 'inf'::DOUBLE, -9223372036854775808, '', TIMESTAMP '9999-12-31 23:59:59', false, [], []),
        (3, '-inf'::DOUBLE, 9007199254740992, repeat('x', 500), TIMESTAMP '1969-12-31 23:59:59', NULL, NULL, NULL),
        (4, NULL, NULL, NULL, NULL, NULL, NULL, range(30)::DOUBLE[]),
        (5, -0e0, 3, '漢字🚀', TIMESTAMP '0001-01-01', true, ['x'], [1e300])
      ) AS t(id, x, big, s, t, b, words, v)`,
    );
    const source = obsSource(location, [
      { name: "x", type: "double" },
      { name: "big", type: "bigint" },
      { name: "s", type: "string" },
      { name: "t", type: "timestamp" },
      { name: "b", type: "boolean" },
      { name: "words", type: "strings" },
      { name: "v", type: "vector" },
    ]);
    const { rows, matched, columns } = await world.engine.sampleRows(await ask(source));
    expect([rows, matched]).toEqual([5, 5]);
    const of = (name: string) => valuesOf(JSON.parse(JSON.stringify(columns)) as SampledColumn[], name);
    expect(of("x")).toEqual(["NaN", "Infinity", "-Infinity", null, 0]);
    expect(of("big")).toEqual(["9223372036854775807", "-9223372036854775808", "9007199254740992", null, 3]);
    expect(of("s")).toEqual(['ä"~', "", `${"x".repeat(200)}…`, null, "漢字🚀"]);
    expect(of("t")).toEqual([978307201000, 253402300799000, -1000, null, -62135596800000]);
    expect(of("b")).toEqual(["true", "false", null, null, "true"]);
    expect(of("words")).toEqual(["[a, NULL]", "[]", null, null, "[x]"]);
    expect(of("v")[0]).toBe("[1.5, nan]");
    expect(of("v")[3]).toMatch(/^\[0\.0, 1\.0, .*19\.0\] …$/);
  });

  it("reads text that is not UTF-8 with replacement characters, and samples nothing of an empty file", async () => {
    const path = join(world.folder, "latin.csv");
    await writeFile(path, Buffer.from([...Buffer.from("id,s\n1,"), 0xe9, 0xff, ...Buffer.from("\n")]));
    const source: SourceDefinition = { ...obsSource(path, [{ name: "s", type: "string" }]), format: "csv" };
    const snapshot = { dataset: "observations", version: 1, files: [], rows: 1, time: null };
    const request = { ...(await ask(obsSource(await world.write("none.parquet", "SELECT 1 AS id, 'x' AS s WHERE false"), [{ name: "s", type: "string" }]))) }; // prettier-ignore
    expect(await world.engine.sampleRows(request)).toMatchObject({ rows: 0, matched: 0, part: null });
    const latin = { ...request, source, snapshot: { ...snapshot, files: [{ path, ...(await digestFile(path)) }] } };
    const sampled = await world.engine.sampleRows(latin);
    expect(sampled).toMatchObject({ rows: 1, matched: 1 });
    expect(JSON.stringify(sampled)).toContain("\uFFFD\uFFFD");
  });

  it("says when a file is gone or changed", async () => {
    const location = await world.write("moving.parquet", "SELECT 1 AS id, 2e0 AS x");
    const request = await ask(obsSource(location, [{ name: "x", type: "double" }]));
    const files = (path: string, sha256: string) => ({ ...request.snapshot, files: [{ path, sha256, bytes: 1 }] });
    await expect(
      world.engine.sampleRows({ ...request, snapshot: files("/nowhere/x.parquet", "0") }),
    ).rejects.toMatchObject({ code: "not_found" });
    await expect(world.engine.sampleRows({ ...request, snapshot: files(location, "0") })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(
      world.engine.sampleRows({ ...request, columns: [{ name: "y", type: "double" }] }),
    ).rejects.toMatchObject({ code: "invalid", message: expect.stringMatching(/no column y/) as string });
    expect(await world.leftovers()).toEqual([]);
  });
});

describe("slices", () => {
  const slices: [Slice, number[]][] = [
    [{ column: "x", kind: "range", from: 1, to: 2, closed: false }, [1]],
    [{ column: "x", kind: "range", from: 1, to: 2, closed: true }, [1, 2]],
    [{ column: "x", kind: "range", from: 2, to: null, closed: false }, [2, 5]],
    [{ column: "x", kind: "above", from: 2 }, [5]],
    [{ column: "x", kind: "range", from: null, to: 1, closed: false }, [6]],
    [{ column: "x", kind: "missing" }, [3]],
    [{ column: "x", kind: "nan" }, [4]],
    [{ column: "x", kind: "value", value: "1" }, [1]],
    [{ column: "x", kind: "other", values: ["1", "2"] }, [4, 5, 6]],
    [{ column: "s", kind: "value", value: "it's" }, [1]],
    [{ column: "s", kind: "value", value: "" }, [2]],
    [{ column: "s", kind: "other", values: ["it's"] }, [2, 4, 5, 6]],
    [{ column: "s", kind: "other", values: [] }, [1, 2, 4, 5, 6]],
    [{ column: "b", kind: "value", value: "true" }, [1]],
    [{ column: "b", kind: "value", value: "perhaps" }, []],
    [{ column: "s", kind: "nan" }, []],
    [{ column: "d", kind: "range", from: Date.UTC(2001, 0, 1), to: Date.UTC(2001, 0, 2), closed: false }, [1]],
    [{ column: "d", kind: "value", value: "2001-01-02" }, [2]],
    [{ column: "d", kind: "value", value: String(Date.UTC(2001, 0, 2)) }, [2]],
  ];
  const types = { x: "double", s: "string", b: "boolean", d: "date", v: "vector" } as const;
  let source: SourceDefinition;
  beforeAll(async () => {
    const location = await world.write(
      "sliced.parquet",
      `SELECT * FROM (VALUES (1, 1e0, 'it''s', true, DATE '2001-01-01', [1e0]), (2, 2e0, '', false, DATE '2001-01-02', []), (3, NULL, NULL, NULL, NULL, NULL),
        (4, 'nan'::DOUBLE, 'a', NULL, NULL, NULL), (5, 'inf'::DOUBLE, 'b', NULL, NULL, NULL), (6, '-inf'::DOUBLE, 'c', NULL, NULL, NULL)) AS t(id, x, s, b, d, v)`,
    );
    source = obsSource(
      location,
      Object.entries(types).map(([name, type]) => ({ name, type })),
    );
  });

  it.each(slices)("takes the rows of %j", async (slice, expected) => {
    const type = types[slice.column as keyof typeof types];
    const { matched, columns } = await world.engine.sampleRows(await ask(source, { slice: { ...slice, type } }));
    expect(valuesOf(columns, "id")).toEqual(expected);
    expect(matched).toBe(expected.length);
  });

  it("refuses bars that a type has not", async () => {
    for (const slice of [
      { column: "s", kind: "range", from: 0, to: 1, closed: false, type: "string" },
      { column: "v", kind: "value", value: "1", type: "vector" },
    ] as const)
      await expect(world.engine.sampleRows(await ask(source, { slice }))).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("drawing rows", () => {
  it("draws the same rows for the same question, others for another part, and about evenly", async () => {
    const location = await world.write("many.parquet", "SELECT range AS id, range % 10 AS x FROM range(1000000)");
    const source = obsSource(location, [{ name: "x", type: "bigint" }]);
    const request = await ask(source, { rows: 5000 });
    const first = await world.engine.sampleRows(request);
    expect(await world.engine.sampleRows(request)).toEqual(first);
    expect([first.rows, first.matched]).toEqual([1_000_000, 1_000_000]);
    const ids = valuesOf(first.columns, "id") as number[];
    expect(ids).toHaveLength(5000);
    expect(new Set(ids).size).toBe(5000);
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
    expect(ids.reduce((sum, id) => sum + id, 0) / 5000).toBeCloseTo(500_000, -5);
    const counts = new Array<number>(10).fill(0);
    for (const x of valuesOf(first.columns, "x") as number[]) counts[x] = (counts[x] ?? 0) + 1;
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(120);
    // A larger sample holds the smaller one.
    const larger = new Set(valuesOf((await world.engine.sampleRows({ ...request, rows: 20_000 })).columns, "id"));
    expect(ids.every((id) => larger.has(id))).toBe(true);
  });

  it("tells parts by hash and by time, a row in none from the others, and keeps the wanted ones", async () => {
    const location = await world.write(
      "parted.parquet",
      "SELECT range AS id, TIMESTAMP '2001-01-01' + to_days(range::INTEGER) AS t, 1e0 AS x FROM range(100)",
    );
    const source = obsSource(location, [{ name: "x", type: "double" }], true);
    const time: SplitPolicyDefinition = {
      kind: "SplitPolicy",
      name: "by_time",
      type: "time",
      column: "t",
      parts: { early: [null, "2001-01-11T00:00:00Z"], late: ["2001-03-01T00:00:00Z", null] },
    };
    const hash: SplitPolicyDefinition = {
      kind: "SplitPolicy",
      name: "by_id",
      type: "hash",
      algo: "md5-32",
      key: "id",
      salt: "s",
      buckets: 100,
      parts: { half: [[0, 50]] },
    };
    const parts = (policy: SplitPolicyDefinition, names: string[], only: string[] | null) => ({
      labels: names.map((name) => ({ name, split: { policy, parts: [name] } })),
      time: "t",
      keys: ["id"],
      only,
    });
    const all = await world.engine.sampleRows(await ask(source, { parts: parts(time, ["early", "late"], null) }));
    const labels = all.part?.codes.map((code) => (code === null ? null : all.part?.dictionary[code]));
    expect(labels?.filter((label) => label === "early")).toHaveLength(10);
    expect(labels?.filter((label) => label === "late")).toHaveLength(41);
    expect(labels?.filter((label) => label === null)).toHaveLength(49);
    const late = await world.engine.sampleRows(await ask(source, { parts: parts(time, ["early", "late"], ["late"]) }));
    expect([late.rows, late.matched]).toEqual([100, 41]);
    const half = await world.engine.sampleRows(await ask(source, { parts: parts(hash, ["half"], ["half"]) }));
    expect(half.matched).toBeGreaterThan(25);
    expect(half.matched).toBeLessThan(75);
    await expect(
      world.engine.sampleRows(await ask(source, { parts: { ...parts(time, ["early"], null), time: null } })),
    ).rejects.toMatchObject({ code: "invalid" });
  });

  it("reads sources of text and files of runs", async () => {
    const csv = await world.write("some.csv", "SELECT range AS id, 'w' || range % 3 AS s FROM range(1000)");
    const source: SourceDefinition = { ...obsSource(csv, [{ name: "s", type: "string" }]), format: "csv" };
    const slice = { column: "s", kind: "value", value: "w1", type: "string" } as const;
    const { rows, matched, columns } = await world.engine.sampleRows(await ask(source, { rows: 50, slice }));
    expect([rows, matched]).toEqual([1000, 333]);
    expect(new Set(valuesOf(columns, "s"))).toEqual(new Set(["w1"]));
    expect(valuesOf(columns, "id")).toHaveLength(50);

    const path = await world.write("obs-1.parquet", "SELECT range AS id, range * 1e0 AS score FROM range(100)");
    const other = await world.write("obs-2.parquet", "SELECT range + 100 AS id, 1e0 AS score FROM range(100)");
    const output = await world.engine.sampleRows({
      source: null,
      snapshot: { dataset: "obs@scores", version: 1, files: [path, other].map((file) => ({ path: file, sha256: "", bytes: 1 })), rows: 200, time: null }, // prettier-ignore
      columns: [{ name: "id", type: "bigint" }, { name: "score", type: "double" }], // prettier-ignore
      joined: [],
      rows: 20,
      slice: null,
      parts: { labels: [{ name: "serving", split: null }], time: null, keys: ["id"], only: null },
    });
    expect([output.rows, output.matched]).toEqual([200, 200]);
    expect(output.part?.codes).toEqual(new Array(20).fill(0));
    expect(valuesOf(output.columns, "id").some((id) => (id as number) >= 100)).toBe(true);
  });
});

describe("columns in other files", () => {
  const rows = (path: string, dataset: string) => ({
    dataset,
    version: 1,
    files: [{ path, sha256: "", bytes: 1 }],
    rows: 4,
    time: null,
  });
  const time = { own: "t", theirs: "seen" };
  let request: SampleRequest;
  beforeAll(async () => {
    const day = (n: number) => `TIMESTAMP '2001-01-0${n}'`;
    const scored = await world.write("scored.parquet", `SELECT * FROM (VALUES (1, ${day(1)}, 0.1e0), (1, ${day(2)}, 0.2e0), (2, ${day(1)}, 0.3e0), (NULL, ${day(1)}, 0.4e0)) AS v(id, t, score)`); // prettier-ignore
    // Another order, a row too many, one twice, one that is not there.
    const read = await world.write("read.csv", "SELECT * FROM (VALUES ('2001-01-02 00:00:00', 1, 20, 'b'), ('2001-01-01 00:00:00', 1, 10, 'a'), ('2001-01-01 00:00:00', 1, 9, 'z'), ('2001-01-01 00:00:00', NULL, 40, 'a'), ('2001-01-05 00:00:00', 7, 70, 'q')) AS v(seen, id, delay, origin)"); // prettier-ignore
    const model = await world.write("model.parquet", `SELECT * FROM (VALUES (2, 7), (1, 5)) AS v(id, hour)`);
    const source: SourceDefinition = {
      ...obsSource(read, [{ name: "delay", type: "bigint" }, { name: "origin", type: "string" }, { name: "seen", type: "timestamp" }]), // prettier-ignore
      format: "csv",
      timeColumn: "seen",
    };
    const { sha256, bytes } = await digestFile(read);
    const keys = [{ name: "id", type: "bigint" as const }];
    request = {
      source: null,
      snapshot: rows(scored, "obs@scores"),
      columns: [
        { name: "origin", type: "string" },
        { name: "score", type: "double" },
        { name: "hour", type: "bigint" },
        { name: "delay", type: "bigint" },
      ],
      joined: [
        {
          source,
          snapshot: { ...rows(read, "observations"), files: [{ path: read, sha256, bytes }] },
          keys,
          time,
          columns: [{ name: "delay", type: "bigint" }, { name: "origin", type: "string" }], // prettier-ignore
        },
        { source: null, snapshot: rows(model, "obs@model"), keys, time: null, columns: [{ name: "hour", type: "bigint" }] }, // prettier-ignore
      ],
      rows: 10,
      slice: null,
      parts: null,
    };
  });

  it("stand beside their rows, by key and time or by key alone, each row once", async () => {
    const { rows: total, matched, columns } = await world.engine.sampleRows(request);
    expect([total, matched]).toEqual([4, 4]);
    expect(columns.map(({ name }) => name)).toEqual(["origin", "score", "hour", "delay"]);
    expect(valuesOf(columns, "score")).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(valuesOf(columns, "delay")).toEqual([10, 20, null, 40]);
    expect(valuesOf(columns, "origin")).toEqual(["a", "b", null, "a"]);
    expect(valuesOf(columns, "hour")).toEqual([5, 5, 7, null]);
  });

  const slices: [Slice & { type: "bigint" | "string" }, number[]][] = [
    [{ column: "delay", kind: "range", from: 10, to: 20, closed: false, type: "bigint" }, [0.1]],
    [{ column: "delay", kind: "above", from: 10, type: "bigint" }, [0.2, 0.4]],
    [{ column: "delay", kind: "missing", type: "bigint" }, [0.3]],
    [{ column: "origin", kind: "value", value: "a", type: "string" }, [0.1, 0.4]],
    [{ column: "origin", kind: "other", values: ["a", "z"], type: "string" }, [0.2]],
    [{ column: "hour", kind: "missing", type: "bigint" }, [0.4]],
  ];
  it.each(slices)("are sliced by %j", async (slice, expected) => {
    const only = { ...request, slice, columns: [{ name: "score", type: "double" as const }] };
    const { rows: total, matched, columns } = await world.engine.sampleRows(only);
    expect(valuesOf(columns, "score")).toEqual(expected);
    expect([total, matched]).toEqual([4, expected.length]);
  });

  it("need their files only when they are asked for", async () => {
    const [first, ...others] = request.joined;
    const gone = { ...request, joined: [{ ...first, snapshot: rows("/nowhere/x.csv", "observations") }, ...others] } as SampleRequest; // prettier-ignore
    await expect(world.engine.sampleRows(gone)).rejects.toMatchObject({ code: "not_found" });
    const own = await world.engine.sampleRows({ ...gone, columns: [{ name: "score", type: "double" }] });
    expect(own.matched).toBe(4);
  });
});

describe("the flights of vega-datasets", () => {
  it("draws 100,000 of 3 million rows", async () => {
    const { sources } = toWorld(readDefinitions("prisma/demo"));
    const source = sources.find(({ name }) => name === "flights") as SourceDefinition;
    const request = await ask(source, { rows: 100_000 });
    const sample = await world.engine.sampleRows(request);
    expect(sample.matched).toBe(3_000_000);
    for (const column of sample.columns) expect(valuesOf(sample.columns, column.name)).toHaveLength(100_000);
    const late = await world.engine.sampleRows({
      ...request,
      rows: 1000,
      slice: { column: "delay", kind: "range", from: 60, to: 120, closed: false, type: "bigint" },
    });
    expect(late.matched).toBeGreaterThan(10_000);
    for (const delay of valuesOf(late.columns, "delay") as number[]) {
      expect(delay).toBeGreaterThanOrEqual(60);
      expect(delay).toBeLessThan(120);
    }
  });
});
