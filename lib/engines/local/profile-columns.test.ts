import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { countNumbers } from "@/lib/domain/statistics/histogram";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { ColumnProfile } from "@/lib/domain/runs/variant-result";
import type { NamedPlan } from "./make-plan.test-support";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld } from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;
const WHOLE: VariantPlan["profile"]["selections"] = [{ part: "all", split: null, window: null }];

async function profile(
  query: string,
  type: ColumnType,
  rest: Partial<NonNullable<NamedPlan["profile"]>> = {},
  timed = false,
): Promise<ColumnProfile[]> {
  const location = await world.write(`profile-${++files}.parquet`, query);
  const run = await world.run({
    entities: [obsEntity(timed)],
    sources: [obsSource(location, [{ name: "x", type }], timed)],
    profile: { columns: [{ column: "obs.x", edges: null }], selections: WHOLE, every: null, ...rest },
  });
  return run.result.profiles;
}

const values = (...list: string[]) =>
  `SELECT * FROM (VALUES ${list.map((value, i) => `(${i}, ${value})`).join(", ")}) t(id, x)`;

describe("figures of one column", () => {
  it("of numbers, as the golden vector has them", async () => {
    const [found] = await profile(
      values("1e0", "2e0", "2e0", "3e0", "5e0", "8e0", "13e0", "21e0", "34e0", "NULL"),
      "double",
    );
    expect(found?.stats).toMatchObject({ rows: 10, missing: 1, zeros: 0, min: 1, max: 34, distinct: 8 });
    expect(found?.stats.mean).toBeCloseTo(9.88888888888889, 12);
    expect(found?.stats.populationStd).toBeCloseTo(10.503379820530197, 12);
    expect(found?.stats.sampleStd).toBeCloseTo(11.14051664471227, 12);
    const deciles = [1.8, 2, 2.4, 3.4, 5, 7.4, 11, 16.2, 23.6];
    deciles.forEach((decile, i) => expect(found?.stats.quantiles?.[`0.${i + 1}`]).toBeCloseTo(decile, 12));
    expect(found?.instance).toBeNull();
  });

  it("counts NaN and infinities apart and leaves them out of the rest", async () => {
    const [found] = await profile(
      values("1e0", "2e0", "3e0", "4e0", "'nan'::DOUBLE", "'inf'::DOUBLE", "'-inf'::DOUBLE", "NULL"),
      "double",
    );
    expect(found?.stats).toMatchObject({
      rows: 8,
      missing: 1,
      nan: 1,
      positiveInfinity: 1,
      negativeInfinity: 1,
      mean: 2.5,
      min: 1,
      max: 4,
    });
    expect(found?.histogram).toMatchObject({ kind: "numeric", underflow: 1, overflow: 1, nan: 1, missing: 1 });
  });

  it.each<[string, string, ColumnType]>([
    ["nothing but missing numbers", values("NULL::DOUBLE", "NULL"), "double"],
    ["no rows", "SELECT 0 AS id, 1e0 AS x WHERE false", "double"],
    ["nothing but NaN", values("'nan'::DOUBLE", "'nan'::DOUBLE"), "double"],
    ["nothing but missing texts", values("NULL::VARCHAR", "NULL"), "string"],
    ["one row", values("42e0"), "double"],
    ["a constant", values("7e0", "7e0", "7e0"), "double"],
    ["one huge outlier", values("1e0", "2e0", "1e308", "-1e308"), "double"],
  ])("never holds NaN: %s", async (_, query, type) => {
    const found = await profile(query, type);
    expect(found).toHaveLength(1);
    // JSON turns NaN and infinity into null, so this finds both.
    expect(JSON.stringify(found)).toBe(JSON.stringify(JSON.parse(JSON.stringify(found))));
    expect(JSON.stringify(found[0]?.stats)).not.toMatch(/:null/);
    expect(JSON.stringify(found[0]?.histogram)).not.toMatch(/null/);
  });

  it("of integers beyond 2^53 is exact", async () => {
    const [found] = await profile(
      values("9007199254740992", "9007199254740993", "9223372036854775807", "-9223372036854775808", "9007199254740993"),
      "bigint",
    );
    expect(found?.stats).toMatchObject({ distinct: 4, min: "-9223372036854775808", max: "9223372036854775807" });
    expect(found?.histogram).toMatchObject({ kind: "categorical", counts: [1, 1, 2, 1] });
  });

  it("of texts counts code points and sorts the top by count, then value", async () => {
    const [found] = await profile(values("'a'", "'b'", "'a'", "'naïve'", "'日本'", "'👍🏽'", "''", "NULL"), "string");
    expect(found?.stats).toMatchObject({ rows: 8, missing: 1, distinct: 6, emptyStrings: 1 });
    expect(found?.stats.averageLength).toBeCloseTo(1.7142857142857142, 12);
    expect(found?.stats.top?.slice(0, 3)).toEqual([
      { value: "a", count: 2 },
      { value: "", count: 1 },
      { value: "b", count: 1 },
    ]);
  });

  it("of true/false values and few integers counts by value", async () => {
    expect((await profile(values("true", "false", "true", "NULL"), "boolean"))[0]?.histogram).toEqual({
      kind: "categorical",
      values: ["false", "true"],
      counts: [1, 2],
      other: 0,
      missing: 1,
    });
    expect((await profile(values("10", "9", "10", "-1"), "bigint"))[0]?.histogram).toEqual({
      kind: "categorical",
      values: ["-1", "9", "10"],
      counts: [1, 1, 2],
      other: 0,
      missing: 0,
    });
  });

  it("of instants gives the range as ISO text", async () => {
    const [found] = await profile(
      values("TIMESTAMP '2024-01-01 10:00'", "TIMESTAMP '2024-03-01'", "NULL"),
      "timestamp",
    );
    expect(found?.stats).toMatchObject({
      missing: 1,
      min: "2024-01-01T10:00:00.000Z",
      max: "2024-03-01T00:00:00.000Z",
    });
  });

  it("of vectors are those of their values, and how many there are; an empty list is not missing", async () => {
    const [found] = await profile(values("[1e0, 5e0]", "[]", "NULL"), "vector");
    expect(found?.stats).toMatchObject({ rows: 3, missing: 1, valency: { min: 0, mean: 1, max: 2 }, min: 1, max: 5 });
    expect(found?.histogram).toMatchObject({ kind: "numeric", edges: expect.arrayContaining([1, 5]), missing: 1 });
  });

  it("of lists of texts counts their texts", async () => {
    const [found] = await profile(values("['a', 'b', 'a']", "[]", "NULL", "['c', NULL]"), "strings");
    expect(found?.stats).toMatchObject({ rows: 4, missing: 1, valency: { min: 0, max: 3 }, distinct: 3 });
    expect(found?.histogram).toEqual({
      kind: "categorical",
      values: ["a", "b", "c"],
      counts: [2, 1, 1],
      other: 0,
      missing: 1,
    });
  });
});

describe("histograms", () => {
  const many =
    "SELECT range AS id, TIMESTAMP '2024-01-01' + to_hours(range::INTEGER) AS t, sin(range) * (1 + range / 700.0) + (range % 5) AS x FROM range(2000)";

  it("has the same edges in every profile, fixed by the first month", async () => {
    const found = await profile(many, "double", { every: "month" }, true);
    const months = found.filter(({ window }) => window !== null);
    expect(months.map(({ window }) => window?.[0].slice(0, 7))).toEqual(["2024-01", "2024-02", "2024-03"]);
    const edges = found.map(({ histogram }) => histogram.kind === "numeric" && histogram.edges);
    for (const own of edges) expect(own).toEqual(edges[0]);
    const january = months[0]?.histogram;
    // Deciles of January hold a tenth of January each: 744 rows.
    expect(january?.kind === "numeric" && january.counts.every((n) => n >= 74 && n <= 75)).toBe(true);
    const total = found.find(({ window }) => window === null);
    const sum = months.reduce((n, { stats }) => n + stats.rows, 0);
    expect(sum).toBe(total?.stats.rows);
  });

  it("counts what the domain's own counting counts, by value and by rows", async () => {
    // 60,000 different values go another way than 2,000.
    for (const n of [2000, 60_000]) {
      const query = `SELECT range AS id, (range * 7919 % ${n}) / 10.0 - 100 AS x FROM range(${n})`;
      const [found] = await profile(query, "double");
      const raw = Array.from({ length: n }, (_, i) => ((i * 7919) % n) / 10 - 100);
      for (const histogram of [found?.histogram, found?.equalWidth]) {
        if (histogram?.kind !== "numeric") throw new Error("a numeric histogram was expected");
        expect(histogram).toEqual(countNumbers(raw, histogram.edges));
      }
      const sorted = [...raw].sort((a, b) => a - b);
      const h = (n - 1) * 0.05;
      const low = sorted[Math.floor(h)] ?? 0;
      expect(found?.stats.quantiles?.["0.05"]).toBeCloseTo(
        low + (h - Math.floor(h)) * ((sorted[Math.floor(h) + 1] ?? 0) - low),
        9,
      );
      const mean = raw.reduce((sum, x) => sum + x, 0) / n;
      expect(found?.stats.mean).toBeCloseTo(mean, 8);
      expect(found?.stats.populationStd).toBeCloseTo(
        Math.sqrt(raw.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n),
        8,
      );
      expect(found?.stats.distinct && Math.abs(found.stats.distinct - n) / n).toBeLessThan(n > 50_000 ? 0.25 : 1e-9);
    }
  });

  it("uses given edges and puts unseen categories into other", async () => {
    const edges = {
      kind: "numeric" as const,
      edges: [0, 1, 2],
      counts: [],
      underflow: 0,
      overflow: 0,
      missing: 0,
      nan: 0,
    };
    const [numeric] = await profile(values("-1e0", "0e0", "1e0", "2e0", "3e0"), "double", {
      columns: [{ column: "obs.x", edges }],
    });
    expect(numeric?.histogram).toMatchObject({ edges: [0, 1, 2], counts: [1, 2], underflow: 1, overflow: 1 });
    const categories = { kind: "categorical" as const, values: ["a", "b"], counts: [], other: 0, missing: 0 };
    const [text] = await profile(values("'a'", "'c'", "'a'"), "string", {
      columns: [{ column: "obs.x", edges: categories }],
    });
    expect(text?.histogram).toEqual({ kind: "categorical", values: ["a", "b"], counts: [2, 0], other: 1, missing: 0 });
  });

  it.each(["reference", "train"])("takes the selection %s for edges, and skips what does not apply", async (fixing) => {
    const policy: SplitPolicyDefinition = {
      kind: "SplitPolicy",
      name: "by_day",
      type: "time",
      column: "t",
      parts: { early: [null, "2024-01-02"], late: ["2024-01-02", null] },
    };
    const found = await profile(
      many,
      "double",
      {
        selections: [
          { part: "late", split: { policy, parts: ["late"] }, window: null },
          { part: fixing, split: { policy, parts: ["early"] }, window: null },
          { part: "window", split: null, window: ["2024-01-01T00:00:00Z", "2024-01-01T06:00:00Z"] },
        ],
      },
      true,
    );
    expect(found.map(({ part, stats }) => [part, stats.rows])).toEqual([
      ["late", 1976],
      [fixing, 24],
      ["window", 6],
    ]);
    const reference = found[1]?.histogram;
    expect(reference?.kind === "numeric" && reference.underflow + reference.overflow).toBe(0);
    const untimed = await profile(values("1e0"), "double", {
      selections: [{ part: "late", split: { policy, parts: ["late"] }, window: null }, ...WHOLE],
    });
    expect(untimed.map(({ part }) => part)).toEqual(["all"]);
  });
});
