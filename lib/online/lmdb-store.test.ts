import { mkdtempSync, rmSync } from "node:fs";
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
    ).toEqual({ rows: 2 });
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
});
