import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { commonHashes, SKETCH_SIZE, type UnitIntersection, type UnitRows } from "@/lib/domain/leakage/unit-keys";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { toSplitRule } from "@/lib/domain/definitions/split-rule";
import { bucketOf } from "@/lib/domain/leakage/bucket";
import { judgeLeakage } from "@/lib/domain/leakage/judge-leakage";
import { toMeasurement } from "@/lib/domain/leakage/measured-fit";
import { toSplitPolicy } from "@/lib/domain/leakage/split-policy";
import type { Box, LeakageInput } from "@/lib/domain/leakage/types";
import { quoteText } from "./quote";
import { openSmallWorld, type SmallWorld } from "./small-world.test-support";

vi.setConfig({ testTimeout: 60_000 });

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

interface Row {
  id: number;
  customer: number | null;
  city: string | null;
  /** Day of June 2024. */
  day: number;
}

const DAYS = 6;
const instantOf = (day: number) => `2024-06-0${day + 1}T00:00:00.000Z`;

function sourceOf(name: string, location: string): SourceDefinition {
  return {
    kind: "Source",
    name,
    entity: "trip",
    format: location.endsWith(".csv") ? "csv" : "parquet",
    location,
    columns: [
      { name: "id", type: "bigint" },
      { name: "customer", type: "bigint" },
      { name: "city", type: "string" },
      { name: "at", type: "timestamp" },
    ],
    rowKey: ["id"],
    timeColumn: "at",
  };
}

const valuesOf = ({ id, customer, city, day }: Row) =>
  `(${id}, ${customer ?? "NULL::BIGINT"}, ${city === null ? "NULL" : quoteText(city)}, TIMESTAMP '2024-06-0${day + 1}')`;

async function written(name: string, file: string, rows: readonly Row[]) {
  const values = rows.length > 0 ? rows.map(valuesOf).join(", ") : `(0, 0::BIGINT, '', TIMESTAMP '2024-06-01')`;
  const query = `SELECT * FROM (VALUES ${values}) t(id, customer, city, "at")${rows.length > 0 ? "" : " WHERE false"}`;
  const source = sourceOf(name, await world.write(file, query));
  return { source, snapshot: { ...(await world.engine.describe(source)), version: 1 } };
}

const policies: SplitPolicyDefinition[] = [
  { kind: "SplitPolicy", name: "by_customer", type: "hash", algo: "md5-32", key: "customer", salt: "s", buckets: 4, parts: { train: [[0, 2]], test: [[2, 4]] } },
  { kind: "SplitPolicy", name: "by_city", type: "hash", algo: "md5-32", key: "city", salt: "t", buckets: 5, parts: { train: [[0, 3]], test: [[3, 5]] } },
  { kind: "SplitPolicy", name: "by_time", type: "time", column: "at", parts: { train: [null, instantOf(3)], test: [instantOf(3), null] } },
  { kind: "SplitPolicy", name: "drawn", type: "random", source: "trips", seed: 3, parts: { train: 0.5, test: 0.5 } },
] as SplitPolicyDefinition[]; // prettier-ignore

type Condition = Pick<UnitRows, "time" | "keys"> & { policy: SplitPolicyDefinition | null; parts: string[] };

const condition: fc.Arbitrary<Condition> = fc.record({
  policy: fc.option(fc.constantFrom(...policies)),
  parts: fc.constantFrom(["train"], ["test"], ["train", "test"], []),
  time: fc.option(
    fc
      .tuple(fc.option(fc.nat({ max: DAYS - 1 })), fc.option(fc.nat({ max: DAYS - 1 })))
      .map(([from, to]): [string | null, string | null] => [
        from === null ? null : instantOf(from),
        to === null ? null : instantOf(to),
      ]),
    { freq: 1 },
  ),
  keys: fc.option(
    fc
      .tuple(fc.option(fc.nat({ max: 5 })), fc.option(fc.nat({ max: 5 })))
      .map((range) => ({ column: "customer", range })),
    { freq: 1 },
  ),
});

const table: fc.Arbitrary<Row[]> = fc
  .array(
    fc.record({
      customer: fc.option(fc.nat({ max: 5 }), { freq: 9 }),
      city: fc.option(fc.constantFrom("Bern", "Ulm", "Nîmes", "it's"), { freq: 9 }),
      day: fc.nat({ max: DAYS - 1 }),
    }),
    { maxLength: 12 },
  )
  .map((rows) => rows.map((row, id) => ({ id, ...row })));

/** Whether a row meets a condition, said in another language than the engine's. */
function meets(row: Row, { policy, parts, time, keys }: Condition, partOf: ReadonlyMap<number, string>): boolean {
  const rule = policy && toSplitRule(policy);
  const isIn = (part: string) => {
    if (rule?.by === "assignment") return partOf.get(row.id) === part;
    if (rule?.by === "time") return within(instantOf(row.day), rule.parts[part] ?? [null, null]);
    if (rule?.by !== "hash") return true;
    const key = rule.key === "city" ? row.city : row.customer;
    if (key === null) return false;
    const bucket = bucketOf(String(key), rule.salt, rule.buckets, md5);
    return (rule.parts[part] ?? []).some(([low, high]) => bucket >= low && bucket < high);
  };
  if (rule && !parts.some(isIn)) return false;
  if (time && !within(instantOf(row.day), time)) return false;
  if (!keys) return true;
  const [low, high] = keys.range as [number | null, number | null];
  return row.customer !== null && (low === null || row.customer >= low) && (high === null || row.customer < high);
}

const within = (at: string, [from, to]: readonly [string | null, string | null]) =>
  (from === null || at >= from) && (to === null || at < to);

describe("units on both sides", () => {
  it("are counted as a scan of all pairs of rows counts them, whatever selects the rows", async () => {
    let compared = 0;
    let leaks = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          rows: table,
          isText: fc.boolean(),
          fit: fc.array(condition, { minLength: 1, maxLength: 2 }),
          test: condition,
          unit: fc.constantFrom(["customer"], ["city"], ["customer", "city"], ["id"]),
        }),
        async ({ rows, isText, fit, test, unit }) => {
          const name = `trips-${compared}.${isText ? "csv" : "parquet"}`;
          const { source, snapshot } = await written("trips", name, rows);
          const assignment = await drawParts(source, snapshot, `drawn-${compared}.parquet`);
          const partOf = await partsIn(assignment.file);
          const rowsOf = ({ policy, parts, time, keys }: Condition): UnitRows => {
            const rule = policy && toSplitRule(policy);
            const split = rule && policy && { policy: policy.name, rule, parts, ...(rule.by === "assignment" && { assignment }) }; // prettier-ignore
            return { source, snapshot, time, keys, split: split ?? null };
          };
          const request = { unit, fit: fit.map(rowsOf), test: [rowsOf(test)] };
          const found = await world.engine.intersectUnits(request);
          const keyOf = (row: Row) => unit.map((column) => row[column as keyof Row]);
          const select = (some: Condition[]) => rows.filter((row) => some.some((one) => meets(row, one, partOf)));
          const whole = (some: Row[]) => some.filter((row) => !keyOf(row).includes(null));
          const seen = new Set(whole(select(fit)).map((row) => JSON.stringify(keyOf(row))));
          const testRows = whole(select([test]));
          const testUnits = new Set(testRows.map((row) => JSON.stringify(keyOf(row))));
          const expected = {
            common: [...testUnits].filter((key) => seen.has(key)).length,
            sharedTestRows: testRows.filter((row) => seen.has(JSON.stringify(keyOf(row)))).length,
            rows: { fit: select(fit).length, test: select([test]).length },
            withoutUnit: {
              fit: select(fit).length - whole(select(fit)).length,
              test: select([test]).length - testRows.length,
            },
          };
          expect(found).toEqual(expected);
          const [one, other] = [
            await world.engine.sketchUnits({ unit, rows: request.fit }),
            await world.engine.sketchUnits({ unit, rows: request.test }),
          ];
          expect([commonHashes(one, other), one.isExact, other.isExact]).toEqual([expected.common, true, true]);
          // `safe` never overlaps, what was measured included.
          const verdict = judgeLeakage(worldOf(snapshot.time, { fit, test, unit }, found));
          if (verdict.verdict === "safe") expect(expected.common).toBe(0);
          if (expected.common > 0 && verdict.verdict === "leak") leaks += 1;
          compared += 1;
        },
      ),
      { numRuns: 40, seed: 20261201 },
    );
    expect(compared).toBe(40);
    expect(leaks).toBeGreaterThan(5);
  });

  it("of other types are refused by name, and of one that is missing too", async () => {
    const { source, snapshot } = await written("trips", "typed.parquet", [{ id: 1, customer: 1, city: "Bern", day: 0 }]); // prettier-ignore
    const text: SourceDefinition = {
      ...source,
      name: "visits",
      columns: source.columns.map((column) => (column.name === "customer" ? { ...column, type: "string" } : column)),
    };
    const rows = (one: SourceDefinition): UnitRows => ({ source: one, snapshot, split: null, time: null, keys: null });
    const count = (other: SourceDefinition, unit = ["customer"]) =>
      world.engine.intersectUnits({ unit, fit: [rows(source)], test: [rows(other)] });
    await expect(count(text)).rejects.toThrow(
      "Units of customer cannot be compared: it is bigint in trips and string in visits. Declare it with one type.",
    );
    await expect(count(source, ["passenger"])).rejects.toThrow("Source trips has no column passenger.");
  });

  it("are not counted from files that changed or went since, nor from an assignment of other rows", async () => {
    const rows = [0, 1, 2, 3].map((id) => ({ id, customer: id, city: "Bern", day: 0 }));
    const { source, snapshot } = await written("trips", "changing.csv", rows);
    const drawn = await drawParts(source, snapshot, "changing-drawn.parquet");
    const whole: UnitRows = { source, snapshot, split: null, time: null, keys: null };
    const rule = toSplitRule(policies[3] as SplitPolicyDefinition);
    const part: UnitRows = { ...whole, split: { policy: "drawn", rule, parts: ["test"], assignment: { ...drawn, digest: "0".repeat(64) } } }; // prettier-ignore
    const count = (fit: UnitRows) => world.engine.intersectUnits({ unit: ["customer"], fit: [fit], test: [whole] });
    await expect(count(part)).rejects.toMatchObject({ code: "conflict" });
    const gone = { ...snapshot, files: [{ path: join(world.folder, "gone.csv"), sha256: "", bytes: 1 }] };
    await expect(count({ ...whole, snapshot: gone })).rejects.toMatchObject({ code: "not_found" });
    appendFileSync(source.location as string, "4,4,Ulm,2024-06-01 00:00:00\n");
    await expect(count(whole)).rejects.toMatchObject({ code: "conflict" });
  });

  it("beyond what a sketch holds share hashes in proportion, and the smallest are those of all", async () => {
    const many = async (name: string, from: number, to: number) => {
      const source: SourceDefinition = { ...sourceOf(name, await world.write(`${name}.parquet`, `SELECT range AS id, range AS customer, 'x' AS city, TIMESTAMP '2024-06-01' AS "at" FROM range(${from}, ${to})`)) }; // prettier-ignore
      const snapshot = { ...(await world.engine.describe(source)), version: 1 };
      return { source, snapshot, split: null, time: null, keys: null } satisfies UnitRows;
    };
    const [one, half] = [await many("many", 0, 40_000), await many("half", 20_000, 60_000)];
    const sketch = (rows: UnitRows) => world.engine.sketchUnits({ unit: ["customer"], rows: [rows] });
    const [a, b] = [await sketch(one), await sketch(half)];
    expect([a.hashes.length, a.isExact, a.rows]).toEqual([SKETCH_SIZE, false, 40_000]);
    const all = Array.from({ length: 40_000 }, (_, id) => md5(String(id)).slice(0, 16)).sort();
    expect(a.hashes).toEqual(all.slice(0, SKETCH_SIZE));
    // Half of each one's units are in both, and so are half of its smallest hashes: 2,048, give or take 30 (one deviation).
    expect(Math.abs(commonHashes(a, b) - SKETCH_SIZE / 2)).toBeLessThan(200);
    expect(commonHashes(a, await sketch(await many("apart", 60_000, 61_000)))).toBe(0);
  });
});

/** The policies' rows as the leakage rules read them: all undecided where one unit may be on both sides. */
function worldOf(
  time: [string, string] | null,
  { fit, test, unit }: { fit: Condition[]; test: Condition; unit: readonly string[] },
  found: UnitIntersection,
): LeakageInput {
  const box = ({ policy, parts, time: window, keys }: Condition): Box => ({
    dataset: "trips",
    version: "1",
    ...(policy && { split: { policy: policy.name, parts, ...(policy.type === "random" && { assignment: "digest" }) } }),
    ...(window && { time: window }),
    ...(keys && { keys }),
  });
  return {
    datasets: { trips: { columns: ["id", "customer", "city", "at"], rowKey: ["id"], timeColumn: "at", versions: { 1: { time: time && [time[0], null] } } } }, // prettier-ignore
    policies: Object.fromEntries(policies.map((policy) => [policy.name, toSplitPolicy(policy)])),
    estimators: [{ id: "scaler", class: "statistic", inputs: ["raw"], fitInputs: [], outputs: ["scaled"], fit: fit.map(box) }], // prettier-ignore
    transformers: [],
    consumer: { features: ["scaled"], unit, train: [], test: [box(test)] },
    measurements: [toMeasurement("scaler", found)],
  };
}

async function drawParts(source: SourceDefinition, snapshot: UnitRows["snapshot"], name: string) {
  const file = join(world.folder, name);
  const policy = policies[3] as SplitPolicyDefinition;
  const { digest } = await world.engine.assignRows({ source, snapshot, policy, file });
  return { file, digest };
}

async function partsIn(file: string): Promise<Map<number, string>> {
  const parts = new Map<number, string>();
  for await (const rows of world.engine.readRows(file, { columns: ["part"], keys: ["key0"] }))
    for (const { key0, part } of rows) parts.set(Number(key0), String(part));
  return parts;
}
