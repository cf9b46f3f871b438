import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { merge, runTables, toPlan, variantsOf } from "./merged-plan.test-support";
import { type SmallWorld, openSmallWorld } from "./small-world.test-support";
import { drawTrips } from "./trips-world.test-support";

let small: SmallWorld;
beforeAll(async () => {
  small = await openSmallWorld();
});
afterAll(() => small.close());

const FIT = { rows: "all" } as const;
const OUTPUTS = ["trip.late", "shop.kinds"];
/** Of numbers that were summed up by threads in another order. Everything else is compared exactly. */
const RELATIVE = 1e-9;

function same(one: unknown, other: unknown): boolean {
  if (typeof one !== "number" || typeof other !== "number") return one === other;
  return one === other || Math.abs(one - other) <= RELATIVE * Math.max(Math.abs(one), Math.abs(other));
}

describe("variants merged into one graph", () => {
  it.each([1, 2, 3])("have the values that each has alone, row by row, in world %i", async (seed) => {
    const world = await drawTrips(small, seed);
    const variants = variantsOf(world, OUTPUTS);
    expect(variants).toHaveLength(8);
    const merged = merge(world, variants);
    const together = await runTables(small, world, await toPlan(small, world, merged, FIT));
    const forked = merged.columns.filter(({ logical, physical }) => logical !== physical);
    expect(new Set(forked.map(({ logical }) => logical))).toContain("trip.late");

    const different = new Set<string>();
    let compared = 0;
    for (const [index, variant] of variants.entries()) {
      const own = merge(world, [variant]);
      const alone = await runTables(small, world, await toPlan(small, world, own, FIT));
      for (const { entity, columns } of alone.result.outputs) {
        const rows = alone.tables.get(entity) ?? new Map<string, Record<string, unknown>>();
        const all = together.tables.get(entity) ?? new Map<string, Record<string, unknown>>();
        for (const { column, name } of columns) {
          const physical = splitColumn(merged.physical[index]?.[column] ?? column)[1];
          for (const [key, row] of all) {
            // A row that this variant does not have was made for another: its column is not on it.
            const expected = rows.get(key)?.[name] ?? null;
            const found = row[physical] ?? null;
            compared++;
            if (!same(found, expected)) different.add(`${column} in variant ${index}`);
          }
          for (const key of rows.keys()) if (!all.has(key)) different.add(`a row of ${entity} in variant ${index}`);
        }
      }
    }
    expect([...different]).toEqual([]);
    expect(compared).toBeGreaterThan(8 * 400 * 5);
    // Nothing runs twice that two variants share: one label, one count of kinds, two of traffic.
    const ran = together.result.stages.map(({ instance }) => instance);
    expect(ran).toHaveLength(merged.instances.length);
    expect(ran.filter((key) => /^(late_label|kinds)@/.test(key))).toHaveLength(2);
  });

  it("have profiles and metrics of their own", async () => {
    const world = await drawTrips(small, 4);
    const variants = variantsOf(world, OUTPUTS);
    const merged = merge(world, variants);
    const selections = [{ part: "all", split: null, window: null }];
    const profiled = (instances: typeof merged) =>
      instances.columns
        .filter(({ logical }) => ["trip.late", "shop.trips", "shop.segment"].includes(logical))
        .map(({ logical, writer }) => ({ column: logical, instance: writer, edges: null }));
    const together = await toPlan(small, world, merged, FIT, {
      profile: { columns: profiled(merged), selections, every: null },
    });
    const all = await runTables(small, world, together);
    expect(all.result.profiles).toHaveLength(profiled(merged).length);
    for (const index of [0, 7]) {
      const own = merge(world, variants.slice(index, index + 1));
      const label = own.columns.find(({ logical }) => logical === "trip.is_late")?.writer ?? null;
      const prediction = own.columns.find(({ logical }) => logical === "trip.late")?.writer ?? null;
      const judged = (instance: string | null) => ({
        prediction: { column: "trip.late", instance },
        label: { column: "trip.is_late", instance: label },
        selections,
        task: "binary" as const,
        threshold: 0.5,
      });
      const alone = await runTables(
        small,
        world,
        await toPlan(small, world, own, FIT, {
          profile: { columns: profiled(own), selections, every: null },
          evaluate: judged(prediction),
        }),
      );
      const writer = (column: string) =>
        merged.columns.find(({ physical }) => physical === merged.physical[index]?.[column])?.writer ?? null;
      const again = await small.engine.runVariant(
        { ...together, evaluate: judged(writer("trip.late")), materialise: [] },
        { signal: new AbortController().signal, progress: () => undefined, log: () => undefined },
      );
      expect(again.metrics.all?.auc).toBeCloseTo(alone.result.metrics.all?.auc ?? NaN, 9);
      for (const profile of alone.result.profiles) {
        const found = all.result.profiles.find(
          ({ column, instance }) => column === profile.column && instance === writer(column),
        );
        expect(found?.stats.rows).toBe(profile.stats.rows);
        expect(found?.histogram).toEqual(profile.histogram);
      }
    }
  });

  it("cannot be written under one name", async () => {
    const world = await drawTrips(small, 5);
    const plan = await toPlan(small, world, merge(world, variantsOf(world, OUTPUTS)), FIT);
    const clash = { ...plan, materialise: plan.materialise.map((column) => ({ ...column, name: "same" })) };
    await expect(runTables(small, world, clash)).rejects.toThrow(/Two columns of (trip|shop) would be written as same/);
  });
});
