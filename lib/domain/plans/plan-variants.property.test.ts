import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DomainError } from "../errors";
import {
  derivableColumns,
  isVariant,
  kahnOrder,
  neededColumns,
  powerSetVariants,
  searchLeaves,
  viableStages,
  type BruteCatalogue,
} from "./brute-force.test-support";
import { COLUMNS, catalogue, columns, derivable } from "./catalogues.test-support";
import { listCheapestVariants } from "./cheapest-variants";
import { countByCost } from "./count-by-cost";
import { deriveColumns } from "./derive-columns";
import { mergeVariants, signatures } from "./instances";
import { toPlanProblem, type PlanProblem } from "./plan-problem";
import { planVariants } from "./plan-variants";
import { readCatalogue } from "./read-catalogue";
import type { Plan, PlanOptions, PlanStage } from "./types";
import { VariantSearch } from "./variant-search";
import { WorkBudget } from "./work-budget";

const RUNS = { numRuns: 1500 };

function plan(it: BruteCatalogue, options: PlanOptions = {}): Plan {
  return planVariants({ ...it, options: { limit: 10_000, pins: it.pins, ...options } });
}

/** The plan, or the error's code. */
function planOrCode(it: BruteCatalogue, options: PlanOptions = {}): Plan | string {
  try {
    return plan(it, options);
  } catch (error) {
    if (error instanceof DomainError) return String(error.context.code);
    throw error;
  }
}

const asSets = (result: Plan | string): unknown =>
  typeof result === "string" ? result : result.variants.map((variant) => [...variant.stages].sort().join()).sort();

function problemOf(it: BruteCatalogue): PlanProblem {
  const read = readCatalogue({ ...it, options: { pins: it.pins } });
  return toPlanProblem(read, deriveColumns(read));
}

describe("properties", () => {
  test("variants are those of the power set, in the order of the plain search, each valid and once", () => {
    let several = 0;
    fc.assert(
      fc.property(derivable, (it) => {
        const brute = powerSetVariants(it);
        const result = planOrCode(it);
        if (typeof result === "string") {
          expect([result, brute]).toEqual(["NO_CONSISTENT_VARIANT", []]);
          return;
        }
        if (brute.length > 1) several++;
        const found = result.variants.map((variant) => [...variant.stages].sort());
        expect(found).toEqual(searchLeaves(it));
        expect(found.map(String).sort()).toEqual(brute.map(String).sort());
        expect(new Set(found.map(String)).size).toBe(found.length);
        expect(result.total).toBe(String(brute.length));
        expect(result).not.toHaveProperty("atLeast");
        const byName = new Map(it.stages.map((s) => [s.name, s]));
        for (const variant of result.variants) {
          const stages = variant.stages.map((name) => byName.get(name)!);
          expect(isVariant(it, stages)).toBe(true);
          expect(variant.stages).toEqual(kahnOrder(it, variant.stages));
          const needed = neededColumns(it, stages);
          expect(new Set(Object.keys(variant.choice))).toEqual(needed);
          for (const [column, name] of Object.entries(variant.choice))
            expect(byName.get(name)!.outputs).toContain(column);
          const made = new Set(it.sources);
          for (const s of stages) {
            for (const column of [...s.inputs, ...(s.fitInputs ?? [])]) expect(made).toContain(column);
            for (const column of s.outputs) if (variant.choice[column] === s.name) made.add(column);
          }
          expect(variant.cost).toBeCloseTo(
            stages.reduce((sum, s) => sum + s.cost!, 0),
            9,
          );
        }
      }),
      RUNS,
    );
    // Guards the generator: a property over catalogues without a choice would prove little.
    expect(several).toBeGreaterThan(RUNS.numRuns / 20);
  });

  test("counting agrees with listing", () => {
    fc.assert(
      fc.property(derivable, (it) => {
        const brute = powerSetVariants(it).length;
        const result = planOrCode(it, { limit: 0 });
        expect(typeof result === "string" ? "0" : result.total).toBe(String(brute));
        const problem = problemOf(it);
        const budget = new WorkBudget(Infinity);
        const search = new VariantSearch(problem, budget);
        const count = search.start() && countByCost(search, new Float64Array(problem.stageCount), undefined, budget);
        expect(count && "levels" in count ? (count.levels[0]?.count ?? 0n) : 0n).toBe(BigInt(brute));
      }),
      RUNS,
    );
  });

  test("a bound given up on is a lower bound", () => {
    let bounded = 0;
    fc.assert(
      fc.property(derivable, fc.integer({ min: 1, max: 60 }), (it, budget) => {
        const result = planOrCode(it, { limit: 1, budget });
        if (typeof result === "string") {
          expect(["BUDGET_EXCEEDED", "NO_CONSISTENT_VARIANT"]).toContain(result);
          return;
        }
        const brute = powerSetVariants(it).length;
        if (result.atLeast) bounded++;
        if (result.atLeast) expect(Number(result.total)).toBeLessThanOrEqual(brute);
        else expect(result.total).toBe(String(brute));
      }),
      RUNS,
    );
    expect(bounded).toBeGreaterThan(10);
  });

  test("a limited run is a prefix of the full run", () => {
    fc.assert(
      fc.property(
        derivable,
        fc.nat(6),
        fc.constantFrom("declaration" as const, "cost" as const),
        (it, limit, order) => {
          const full = planOrCode(it, { order });
          const limited = planOrCode(it, { order, limit });
          if (typeof full === "string" || typeof limited === "string") expect(limited).toBe(full);
          else {
            expect(limited.variants).toEqual(full.variants.slice(0, limit));
            expect(limited.total).toBe(full.total);
          }
        },
      ),
      RUNS,
    );
  });

  test("the cheapest come first, ties in declaration order, however they are found", () => {
    fc.assert(
      fc.property(derivable, fc.integer({ min: 1, max: 8 }), (it, limit) => {
        const cost = new Map(it.stages.map((s) => [s.name, Math.round(s.cost! * 10)]));
        const leaves = searchLeaves(it);
        if (leaves.length === 0) return;
        const costs = leaves.map((names) => names.reduce((sum, name) => sum + cost.get(name)!, 0));
        const expected = [...leaves.keys()]
          .sort((a, b) => costs[a]! - costs[b]! || a - b)
          .map((index) => leaves[index]!);
        const sorted = plan(it, { order: "cost" }).variants.map((variant) => [...variant.stages].sort());
        expect(sorted).toEqual(expected);

        const problem = problemOf(it);
        const name = (id: number) => it.stages[problem.catalogueStage[id]!]!.name;
        const units = Float64Array.from(problem.catalogueStage, (id) => cost.get(it.stages[id]!.name)!);
        const searched = listCheapestVariants(problem, units, limit, new WorkBudget(Infinity), 0);
        expect(searched.variants.map((ids) => Array.from(ids, name).sort())).toEqual(expected.slice(0, limit));

        const search = new VariantSearch(problem, new WorkBudget(Infinity));
        search.start();
        const counted = countByCost(search, units, undefined, new WorkBudget(Infinity));
        const histogram = new Map<number, bigint>();
        for (const c of [...costs].sort((a, b) => a - b)) histogram.set(c, (histogram.get(c) ?? 0n) + 1n);
        expect("levels" in counted && counted.levels).toEqual([...histogram].map(([c, count]) => ({ cost: c, count })));
      }),
      RUNS,
    );
  });

  test("permuting stages changes no set of variants", () => {
    fc.assert(
      fc.property(
        catalogue.chain((it) =>
          fc.record({
            it: fc.constant(it),
            stages: fc.shuffledSubarray(it.stages, { minLength: it.stages.length }),
          }),
        ),
        ({ it, stages }) => {
          expect(asSets(planOrCode({ ...it, stages }))).toEqual(asSets(planOrCode(it)));
        },
      ),
      RUNS,
    );
  });

  test("an irrelevant stage changes nothing", () => {
    fc.assert(
      fc.property(catalogue, columns(0, 3), fc.nat(10), (it, inputs, at) => {
        const stages = [...it.stages];
        stages.splice(at, 0, { name: "irrelevant", inputs, outputs: ["nobody reads this"] });
        expect(planOrCode({ ...it, stages })).toEqual(planOrCode(it));
      }),
      RUNS,
    );
  });

  test("a produced column that becomes a source is chosen nowhere", () => {
    fc.assert(
      fc.property(derivable, fc.constantFrom(...COLUMNS), (it, column) => {
        const result = planOrCode({ ...it, sources: [...it.sources, column] });
        if (typeof result === "string") expect(result).toBe("NO_CONSISTENT_VARIANT");
        else for (const variant of result.variants) expect(variant.choice).not.toHaveProperty(column);
      }),
      RUNS,
    );
  });

  test("predict is part of fit, complete, and contains nothing that only fitting needs", () => {
    fc.assert(
      fc.property(derivable, (it) => {
        const result = planOrCode(it);
        if (typeof result === "string") return;
        const byName = new Map(it.stages.map((s) => [s.name, s]));
        for (const variant of result.variants) {
          expect(variant.stages.filter((name) => variant.predict.includes(name))).toEqual(variant.predict);
          const wanted = new Set(it.outputs);
          for (const name of variant.predict) byName.get(name)!.inputs.forEach((column) => wanted.add(column));
          const writers = Object.entries(variant.choice).filter(([column]) => wanted.has(column));
          expect(new Set(variant.predict)).toEqual(new Set(writers.map(([, name]) => name)));
        }
      }),
      RUNS,
    );
  });

  test("what cannot be derived is an error, and pruned is what could not run on the way", () => {
    fc.assert(
      fc.property(catalogue, (it) => {
        const known = derivableColumns(it);
        const result = planOrCode(it);
        if (!it.outputs.every((column) => known.has(column))) {
          expect(["MISSING_PRODUCER", "CYCLE"]).toContain(result);
          return;
        }
        if (typeof result === "string") return;
        const viable = new Set(viableStages(it).map((s) => s.name));
        const wanted = new Set(it.outputs.filter((column) => !it.sources.includes(column)));
        const met = new Set<PlanStage>();
        for (const column of wanted) {
          for (const s of it.stages) {
            if (!s.outputs.includes(column) || (it.pins?.[column] ?? s.name) !== s.name) continue;
            met.add(s);
            for (const input of [...s.inputs, ...s.fitInputs!]) if (!it.sources.includes(input)) wanted.add(input);
          }
        }
        expect(result.pruned).toEqual(it.stages.filter((s) => met.has(s) && !viable.has(s.name)).map((s) => s.name));
      }),
      RUNS,
    );
  });

  test("the merged graph runs, gives each physical column one writer and each variant its own results", () => {
    fc.assert(
      fc.property(derivable, (it) => {
        const result = planOrCode(it, { limit: 20 });
        if (typeof result === "string") return;
        const merged = mergeVariants(it.stages, it.sources, result.variants);
        const byKey = new Map(merged.instances.map((instance) => [instance.key, instance]));
        expect(byKey.size).toBe(merged.instances.length);
        const seen = new Set<string>();
        const counts: Record<string, number> = {};
        for (const instance of merged.instances) {
          counts[instance.stage] = (counts[instance.stage] ?? 0) + 1;
          for (const from of Object.values(instance.inputs))
            if ("instance" in from) expect(seen).toContain(from.instance);
          seen.add(instance.key);
          expect(instance.outputs.length).toBeGreaterThan(0);
        }
        expect(counts).toEqual(result.mergedInstances);

        expect(new Set(merged.columns.map((column) => column.physical)).size).toBe(merged.columns.length);
        for (const { physical, logical } of merged.columns) {
          const alone = merged.columns.filter((column) => column.logical === logical).length === 1;
          expect(physical === logical).toBe(alone);
          expect(COLUMNS.includes(physical)).toBe(alone);
        }

        // What a variant computes on its own, as a term over the sources, is what it finds under its physical names.
        const terms = new Map<string, string>();
        const keyTerms = signatures(
          merged.instances,
          (name) => name,
          (text) => text,
        );
        for (const { physical, writer } of merged.columns) terms.set(physical, keyTerms.get(writer)!);
        const byName = new Map(it.stages.map((s) => [s.name, s]));
        result.variants.forEach((variant, index) => {
          const own = new Map<string, string>();
          for (const name of variant.stages) {
            const s = byName.get(name)!;
            const reads = [...new Set([...s.inputs, ...s.fitInputs!])].sort();
            const term = JSON.stringify([
              name,
              reads.map((c) => [c, it.sources.includes(c) ? `source:${c}` : own.get(c)!]),
            ]);
            for (const column of s.outputs) if (variant.choice[column] === name) own.set(column, term);
          }
          const map = merged.physical[String(index)]!;
          expect(new Set(Object.keys(map))).toEqual(new Set(own.keys()));
          for (const [logical, physical] of Object.entries(map)) expect(terms.get(physical)).toBe(own.get(logical));
        });
        expect(new Set(keyTerms.values()).size).toBe(keyTerms.size);
      }),
      RUNS,
    );
  });
});
