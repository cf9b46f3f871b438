import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeValue } from "./encode-value";
import { LmdbStore } from "./lmdb-store";
import { entityKey, type OnlineRow } from "./online-store";

const directory = mkdtempSync(path.join(tmpdir(), "tributary-online-"));
let store: LmdbStore;

beforeAll(() => {
  store = LmdbStore.open(directory);
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function* batches(...rows: OnlineRow[][]) {
  yield* rows;
}

describe("encodeValue", () => {
  it.each([
    [1, "double", "1.0"],
    [-0.5, "double", "-0.5"],
    [1e21, "double", "1e+21"],
    [Number.NaN, "double", '"NaN"'],
    [9007199254740993n, "bigint", "9007199254740993"],
    ["9223372036854775807", "bigint", "9223372036854775807"],
    [42, "bigint", "42"],
    ["a\nb", "string", '"a\\nb"'],
    [null, "string", "null"],
    [[1, 2.5], "vector", "[1.0,2.5]"],
    [["a", "b"], "strings", '["a","b"]'],
    [true, "boolean", "true"],
    [new Date("2001-07-01T00:00:00Z"), "timestamp", '"2001-07-01T00:00:00Z"'],
  ] as const)("%s as %s is %s", (value, type, text) => {
    expect(encodeValue(value, type)).toBe(text);
  });
});

describe("the embedded online store", () => {
  it("answers rows in the order of the keys, duplicates kept, strangers undefined", async () => {
    const rows = [
      { key: "ATL", values: [7, 1.5, "busy\nhub"], eventTime: "2001-07-01T00:00:00.000Z" },
      { key: "ORD", values: [null, 2, "b"], eventTime: null },
    ];
    expect(
      await store.writeSet("s1", ["bigint", "double", "string"], batches(rows.slice(0, 1), rows.slice(1))),
    ).toEqual({ rows: 2, longKeys: [] });
    expect(store.readRows("s1", ["ORD", "ZZZZ", "ATL", "ORD"])).toEqual([
      { eventTime: "1970-01-01T00:00:00Z", values: ["null", "2.0", '"b"'] },
      undefined,
      { eventTime: "2001-07-01T00:00:00Z", values: ["7", "1.5", '"busy\\nhub"'] },
      { eventTime: "1970-01-01T00:00:00Z", values: ["null", "2.0", '"b"'] },
    ]);
  });

  it("drops one set and leaves its neighbours", async () => {
    await store.writeSet("a", ["bigint"], batches([{ key: "é", values: [1], eventTime: null }]));
    await store.writeSet("ab", ["bigint"], batches([{ key: "k", values: [2], eventTime: null }]));
    await store.dropSet("a");
    expect(store.readRows("a", ["é"])).toEqual([undefined]);
    expect(store.readRows("ab", ["k"])[0]?.values).toEqual(["2"]);
  });

  it.each([
    ["ascii", "x".repeat(3000)],
    ["beyond ASCII", "é".repeat(1500)],
    ["control characters, which take more bytes", "\u0001".repeat(880)],
    ["one that begins as a digest does", "#sha256:k"],
    ["of several parts", entityKey(["part", "of the key".repeat(7)])],
  ])("serves a key of any length: %s", async (_, key) => {
    const rows = [key, `${key}!`, "k0"].map((one, at) => ({ key: one, values: [at], eventTime: null }));
    expect(await store.writeSet("long", ["bigint"], batches(rows))).toMatchObject({
      rows: 3,
      longKeys: Buffer.byteLength(key) > 900 ? [key, `${key}!`] : [],
    });
    expect(store.readRows("long", ["k0", `${key}!`, key, `${key}?`]).map((row) => row?.values)).toEqual([
      ["2"],
      ["1"],
      ["0"],
      undefined,
    ]);
    await store.dropSet("long");
    expect(store.readRows("long", [key, "k0"])).toEqual([undefined, undefined]);
  });

  it("begins a set as another one: newer rows stay, others are replaced, the base is as it was", async () => {
    const row = (key: string, value: number, month: number) => ({
      key,
      values: [value],
      eventTime: `2001-0${month}-01T00:00:00.000Z`,
    });
    const many = Array.from({ length: 4100 }, (_, at) => row(`k${at}`, at, 1));
    const two = ({ key, values, eventTime }: OnlineRow) => ({ key, eventTime, values: ["other", ...values] });
    await store.writeSet("base", ["string", "bigint"], batches(many.map(two), [two(row("A", 1, 3))]));
    const window = [row("A", 2, 2), row("k7", -7, 2), row("B", 3, 2)];
    expect(
      await store.writeSet("window", ["bigint"], batches(window), { setId: "base", positions: [1] }),
    ).toMatchObject({ rows: 4102 });
    const keys = ["A", "B", "k7", "k8", "k4099"];
    expect(store.readRows("window", keys).map((one) => one?.values)).toEqual([["1"], ["3"], ["-7"], ["8"], ["4099"]]);
    expect(store.readRows("base", keys).map((one) => one?.values[1])).toEqual(["1", undefined, "7", "8", "4099"]);
  });

  it("gives back any string exactly", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (text) => {
        await store.writeSet("p", ["string"], batches([{ key: "x", values: [text], eventTime: null }]));
        const [value] = store.readRows("p", ["x"])[0]?.values ?? [];
        expect(JSON.parse(value ?? "")).toBe(text.toWellFormed());
      }),
      { numRuns: 50 },
    );
  });
});

describe("entityKey", () => {
  it("tells composite keys apart that concatenate alike, and null from the empty string", () => {
    expect(entityKey(["a", "bc"])).not.toBe(entityKey(["ab", "c"]));
    expect(entityKey([null])).not.toBe(entityKey([""]));
    expect(entityKey([1001])).toBe(entityKey(["1001"]));
  });

  it("tells any two lists of values apart", () => {
    const part = fc.oneof(
      fc.constant(null),
      fc.string({ unit: fc.constantFrom("\u0001", "\u0002", "\u0003", "a", "b") }),
    );
    const list = fc.array(part, { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(list, list, (one, other) => (entityKey(one) === entityKey(other)) === (JSON.stringify(one) === JSON.stringify(other))), { numRuns: 2000 }); // prettier-ignore
    expect(entityKey(["a\u0001b", "c"])).not.toBe(entityKey(["a", "b\u0001c"]));
    expect(entityKey(["\u0002"])).not.toBe(entityKey([null]));
  });

  it("takes the moment of a date or a time, however it is written", () => {
    const stored = entityKey(["2024-01-31T00:00:00.000Z"]);
    for (const text of ["2024-01-31", "2024-01-31T00:00:00Z", "2024-01-31T02:00:00+02:00"])
      expect(entityKey([text], ["date"])).toBe(stored);
    expect(entityKey(["2024-01-31"])).not.toBe(stored);
    expect(entityKey(["no day"], ["date"])).toBe("no day");
  });
});

describe("a damaged file of the online store", () => {
  it.each<[string, (file: string) => void]>([
    ["something else", (file) => writeFileSync(file, "this is no database ".repeat(5000))],
    ["a few bytes", (file) => writeFileSync(file, "x")],
    ["its beginning overwritten", (file) => writeFileSync(file, Buffer.concat([Buffer.alloc(8192, 7), readFileSync(file).subarray(8192)]))], // prettier-ignore
    ["its end missing", (file) => truncateSync(file, 40_000)],
  ])("is said with what to do instead of ending the process: %s", async (_, damage) => {
    const folder = mkdtempSync(path.join(tmpdir(), "tributary-damaged-"));
    try {
      const rows = Array.from({ length: 2000 }, (_, at) => ({ key: `k${at}`, values: [`v${at}`], eventTime: null }));
      const whole = LmdbStore.open(folder);
      await whole.writeSet("set", ["string"], batches(rows));
      await whole.close();
      await LmdbStore.open(folder).close();
      damage(path.join(folder, "online.lmdb"));
      expect(() => LmdbStore.open(folder)).toThrow(/online store .* is damaged: .*move it out of the folder/);
      rmSync(path.join(folder, "online.lmdb"));
      const fresh = LmdbStore.open(folder);
      await fresh.writeSet("set", ["string"], batches(rows));
      expect(fresh.readRows("set", ["k7"])[0]?.values).toEqual(['"v7"']);
      await fresh.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
