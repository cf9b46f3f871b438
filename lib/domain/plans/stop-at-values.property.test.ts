import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derivable } from "./catalogues.test-support";
import { type Instance, mergeVariants } from "./instances";
import { planVariants } from "./plan-variants";
import { stopAtValues, type WrittenColumn } from "./stop-at-values";

/** A variant's instances in order, with the columns that are asked of them and those that were written before. */
const situation = fc
  .tuple(derivable, fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }))
  .map(([catalogue, coins]) => {
    const { stages, sources, outputs, pins } = catalogue;
    try {
      const { variants } = planVariants({ stages, sources, outputs, options: { pins, limit: 3 } });
      const { instances, columns } = mergeVariants(stages, sources, variants);
      const wanted: WrittenColumn[] = columns
        .filter(({ logical }) => outputs.includes(logical))
        .map(({ logical, writer }) => ({ instance: writer, column: logical }));
      const there = new Set(
        columns.filter((_, i) => coins[i % coins.length]).map((one) => `${one.writer} ${one.logical}`),
      );
      return { instances, wanted, there, predictors: coins[23] };
    } catch {
      return {
        instances: [] as Instance[],
        wanted: [] as WrittenColumn[],
        there: new Set<string>(),
        predictors: false,
      };
    }
  });

const all = (instances: readonly Instance[]) => {
  const byKey = new Map(instances.map((instance) => [instance.key, instance]));
  return (key: string) => Object.keys(byKey.get(key)?.inputs ?? {});
};

describe("stopAtValues", () => {
  it("stops only where everything needed is there, loses nothing, and keeps nothing that nobody needs", () => {
    let stopped = 0;
    let dropped = 0;
    fc.assert(
      fc.property(situation, ({ instances, wanted, there }) => {
        const isThere = (key: string, columns: readonly string[]) => columns.every((one) => there.has(`${key} ${one}`));
        const { read, run } = stopAtValues(instances, wanted, all(instances), isThere);
        const running = new Set(run);
        const byKey = new Map(instances.map((instance) => [instance.key, instance]));
        const needs = [
          ...wanted,
          ...run.flatMap((key) =>
            Object.entries(byKey.get(key)?.inputs ?? {}).flatMap(([column, from]) =>
              "instance" in from ? [{ instance: from.instance, column }] : [],
            ),
          ),
        ];
        // Nothing needed is lost: whoever is needed runs, or its values hold the column.
        for (const { instance, column } of needs)
          expect(running.has(instance) || read.get(instance)?.includes(column)).toBe(true);
        for (const [key, columns] of read) {
          expect(isThere(key, columns)).toBe(true);
          expect(running.has(key)).toBe(false);
        }
        // Nothing is kept in vain.
        const needed = new Set(needs.map(({ instance }) => instance));
        for (const key of [...run, ...read.keys()]) expect(needed.has(key)).toBe(true);
        for (const [key, columns] of read)
          for (const column of columns)
            expect(needs.some((need) => need.instance === key && need.column === column)).toBe(true);
        expect(run).toEqual(instances.map(({ key }) => key).filter((key) => running.has(key)));
        if (read.size > 0) stopped++;
        if (run.length + read.size < instances.length) dropped++;
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(stopped, dropped)).toBeGreaterThan(50);
  });

  it("runs everything when nothing is there, and nothing when all outputs are", () => {
    fc.assert(
      fc.property(situation, ({ instances, wanted }) => {
        const nothing = stopAtValues(instances, wanted, all(instances), () => false);
        expect([nothing.run, nothing.read.size]).toEqual([instances.map(({ key }) => key), 0]);
        const everything = stopAtValues(instances, wanted, all(instances), () => true);
        expect(everything.run).toEqual([]);
        expect(new Set(everything.read.keys())).toEqual(new Set(wanted.map(({ instance }) => instance)));
      }),
      { numRuns: 300 },
    );
  });

  it("leaves out what only a reused fit would have read", () => {
    const instance = (key: string, inputs: Instance["inputs"]) => ({ key, inputs });
    const instances = [
      instance("label@1", { s: { source: true } }),
      instance("vector@1", { s: { source: true } }),
      instance("model@1", { vector: { instance: "vector@1" }, label: { instance: "label@1" } }),
    ];
    const wanted = [{ instance: "model@1", column: "score" }];
    const { run } = stopAtValues(
      instances,
      wanted,
      (key) => (key === "model@1" ? ["vector"] : ["s"]),
      () => false,
    );
    expect(run).toEqual(["vector@1", "model@1"]);
  });
});
