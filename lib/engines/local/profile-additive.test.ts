import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProfileWindow } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { addHistograms, type Histogram } from "@/lib/domain/statistics/histogram";
import type { ColumnStats } from "@/lib/domain/profiles/column-stats";
import type { ColumnProfile } from "@/lib/domain/runs/variant-result";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld } from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

const RUNS = 25;
const HALVES: SplitPolicyDefinition = {
  kind: "SplitPolicy",
  name: "halves",
  type: "hash",
  algo: "md5-32",
  key: "id",
  salt: "s",
  buckets: 10,
  parts: { train: [[0, 6]], test: [[6, 10]] },
};

/** Rows over three months, the last of which has no row in its middle. */
const row = fc.record({
  day: fc.integer({ min: 0, max: 80 }),
  number: fc.option(
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
      fc.constantFrom(0, 1, 1e8, NaN, Infinity, -Infinity),
    ),
    { freq: 6 },
  ),
  integer: fc.option(fc.integer({ min: -3, max: 40 }), { freq: 6 }),
  text: fc.option(fc.constantFrom("", "a", "b", "ü", "日本"), { freq: 6 }),
  list: fc.option(fc.array(fc.constantFrom("x", "y", "z"), { maxLength: 3 }), { freq: 6 }),
});
const rows = fc.array(row, { minLength: 1, maxLength: 120 });

const literal = (value: number | string | string[] | null, type: string) =>
  value === null
    ? `NULL::${type}`
    : Array.isArray(value)
      ? `[${value.map((item) => `'${item}'`).join(", ")}]::${type}`
      : `'${value}'::${type}`;

async function profile(
  table: readonly (typeof row extends fc.Arbitrary<infer Row> ? Row : never)[],
  every: ProfileWindow,
): Promise<ColumnProfile[]> {
  const cells = table.map(
    ({ day, number, integer, text, list }, i) =>
      `(${i}::BIGINT, TIMESTAMP '2024-01-01' + INTERVAL ${day} DAY, ${literal(number, "DOUBLE")}, ${literal(integer, "BIGINT")}, ${literal(text, "VARCHAR")}, ${literal(list, "VARCHAR[]")})`,
  );
  const location = await world.write(
    "additive.parquet",
    `SELECT * FROM (VALUES ${cells.join(", ")}) v(id, t, number, integer, text, list)`,
  );
  const columns = [
    { name: "number", type: "double" as const },
    { name: "integer", type: "bigint" as const },
    { name: "text", type: "string" as const },
    { name: "list", type: "strings" as const },
  ];
  const { result } = await world.run({
    entities: [obsEntity(true)],
    sources: [obsSource(location, columns, true)],
    profile: {
      columns: columns.map(({ name }) => ({ column: `obs.${name}`, edges: null })),
      selections: [
        { part: "all", split: null, window: null },
        { part: "train", split: { policy: HALVES, parts: ["train"] }, window: null },
        { part: "test", split: { policy: HALVES, parts: ["test"] }, window: null },
      ],
      every,
    },
  });
  return result.profiles;
}

const COUNTS = ["rows", "missing", "finite", "zeros", "negative", "nan", "positiveInfinity", "negativeInfinity", "emptyStrings", "invalidUtf8"] as const; // prettier-ignore

function addCounts(parts: readonly ColumnStats[]) {
  return Object.fromEntries(COUNTS.map((name) => [name, parts.reduce((sum, stats) => sum + (stats[name] ?? 0), 0)]));
}

const add = (parts: readonly Histogram[]) => parts.reduce((sum, part) => addHistograms(sum, part as never));

describe("profiles on shared edges", () => {
  it.each<ProfileWindow>(["day", "week", "month"])(
    "of each %s, and of each part, add up to those of all rows",
    async (every) => {
      await fc.assert(
        fc.asyncProperty(rows, async (table) => {
          const found = await profile(table, every);
          for (const column of new Set(found.map((one) => one.column))) {
            const own = found.filter((one) => one.column === column);
            const whole = own.find(({ part, window }) => part === "all" && window === null) as ColumnProfile;
            const windows = own.filter(({ window }) => window !== null);
            const parts = own.filter(({ part }) => part !== "all");
            for (const set of [windows, parts]) {
              expect(addCounts(set.map(({ stats }) => stats))).toEqual(addCounts([whole.stats]));
              expect(add(set.map(({ histogram }) => histogram))).toEqual(whole.histogram);
              if (whole.equalWidth)
                expect(add(set.map(({ equalWidth }) => equalWidth as Histogram))).toEqual(whole.equalWidth);
            }
          }
        }),
        { numRuns: RUNS },
      );
    },
  );
});
