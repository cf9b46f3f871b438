import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError } from "../errors";
import type { BruteCatalogue } from "./brute-force.test-support";
import { derivable } from "./catalogues.test-support";
import { drawInstances, instancesOf } from "./draw-plan";
import { mergeVariants } from "./instances";
import { planIndependently } from "./plan-outputs";
import { planVariants } from "./plan-variants";
import type { PlannedVariant, PlanRequest } from "./types";

const requestOf = (it: BruteCatalogue, outputs = it.outputs): PlanRequest => ({
  ...it,
  outputs,
  options: { pins: it.pins, limit: 50 },
});

function orCode<Answer>(run: () => Answer): Answer | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof DomainError) return String(error.context.code);
    throw error;
  }
}

const withStages = (variant: PlannedVariant) => [...variant.stages].sort().join();

describe("planIndependently", () => {
  it("lists what every output's own plan lists, and adds their totals up", () => {
    fc.assert(
      fc.property(derivable, (catalogue) => {
        const together = orCode(() => planIndependently(requestOf(catalogue)));
        const alone = catalogue.outputs.map((output) => orCode(() => planVariants(requestOf(catalogue, [output]))));
        const failed = alone.find((plan) => typeof plan === "string");
        if (typeof together === "string" || failed !== undefined) {
          expect(together).toEqual(failed);
          return;
        }
        const plans = alone.filter((plan) => typeof plan !== "string");
        expect(together.variants).toEqual(plans.flatMap((plan) => plan.variants));
        expect(together.total).toBe(String(plans.reduce((sum, plan) => sum + BigInt(plan.total), 0n)));
        expect(together.perOutput.map(({ output, total }) => [output, total])).toEqual(
          plans.map((plan, index) => [catalogue.outputs[index], plan.total]),
        );
        expect(together.perOutput.flatMap((one) => one.variants)).toEqual([...together.variants.keys()]);
        expect([...together.pruned].sort()).toEqual([...new Set(plans.flatMap((plan) => plan.pruned))].sort());
      }),
      { numRuns: 400 },
    );
  });

  it("plans one output as planning jointly does", () => {
    fc.assert(
      fc.property(derivable, (catalogue) => {
        const one = requestOf(catalogue, catalogue.outputs.slice(0, 1));
        const joint = orCode(() => planVariants(one));
        const independent = orCode(() => planIndependently(one));
        if (typeof joint === "string" || typeof independent === "string") {
          expect(independent).toEqual(joint);
          return;
        }
        const { perOutput: _, ...plan } = independent;
        expect(plan).toEqual(joint);
      }),
      { numRuns: 250 },
    );
  });

  it("names the output that cannot be planned, and refuses no outputs as planning jointly does", () => {
    const stages = [{ name: "p", inputs: ["s"], outputs: ["a"] }];
    expect(() => planIndependently({ stages, sources: ["s"], outputs: ["a", "b"] })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^b, planned on its own: No stage writes column "b"/),
        context: expect.objectContaining({ code: "MISSING_PRODUCER", output: "b" }),
      }),
    );
    expect(() => planIndependently({ stages, sources: ["s"], outputs: [] })).toThrow(
      expect.objectContaining({ context: expect.objectContaining({ code: "NO_OUTPUTS_REQUESTED" }) }),
    );
  });
});

describe("the merged graph of several outputs", () => {
  const drawn = (catalogue: BruteCatalogue, variants: PlannedVariant[]) => {
    const merged = mergeVariants(catalogue.stages, catalogue.sources, variants);
    return { merged, instances: drawInstances(catalogue.stages, variants, merged) };
  };

  it("gives every physical column one writer, and every variant exactly its own stages, inputs before readers", () => {
    let forks = 0;
    fc.assert(
      fc.property(derivable, (catalogue) => {
        const plan = orCode(() => planIndependently(requestOf(catalogue)));
        if (typeof plan === "string") return;
        const { merged, instances } = drawn(catalogue, plan.variants);
        const names = instances.flatMap(({ outputs }) => outputs.map(({ physical }) => physical));
        expect(new Set(names).size).toBe(names.length);
        expect(names).toHaveLength(merged.columns.length);
        if (names.some((name) => name.includes("__"))) forks++;
        const place = new Map(instances.map(({ key }, index) => [key, index]));
        for (const { key, inputs } of instances)
          for (const { writer } of inputs)
            if (writer !== null) expect(place.get(writer)).toBeLessThan(place.get(key) as number);
        for (const [index, variant] of plan.variants.entries()) {
          const own = instancesOf(merged, variant, index);
          expect([...own.instances.values()].map(({ stage }) => stage).sort()).toEqual([...variant.stages].sort());
          for (const [column, stage] of Object.entries(variant.choice))
            expect(own.instances.get(own.writers.get(column) as string)?.stage).toBe(stage);
          // What an instance of the variant reads is written in the variant.
          for (const { inputs } of own.instances.values())
            for (const from of Object.values(inputs))
              if ("instance" in from) expect(own.instances.has(from.instance)).toBe(true);
          expect(
            instances
              .filter(({ predicts }) => predicts.includes(index))
              .map(({ stage }) => stage)
              .sort(),
          ).toEqual([...variant.predict].sort());
        }
        const total = plan.variants.reduce((sum, variant) => sum + variant.stages.length, 0);
        expect(instances.length).toBeLessThanOrEqual(total);
        for (const [stage, count] of Object.entries(plan.mergedInstances))
          expect(instances.filter((instance) => instance.stage === stage)).toHaveLength(count);
      }),
      { numRuns: 300 },
    );
    expect(forks).toBeGreaterThan(20);
  });

  it("is the same set of instances whatever the order of variants and stages", () => {
    fc.assert(
      fc.property(derivable, fc.integer(), (catalogue, seed) => {
        const plan = orCode(() => planIndependently(requestOf(catalogue)));
        if (typeof plan === "string") return;
        const shape = (stages: BruteCatalogue["stages"], variants: PlannedVariant[]) => {
          const { instances } = mergeVariants(stages, catalogue.sources, variants);
          const text = new Map<string, string>();
          for (const { key, stage, inputs } of instances)
            text.set(
              key,
              `${stage}(${Object.entries(inputs)
                .map(([column, from]) => `${column}=${"source" in from ? "" : text.get(from.instance)}`)
                .sort()
                .join()})`,
            );
          return [...text.values()].sort();
        };
        const turn = <Item>(list: readonly Item[]) => {
          const at = list.length > 0 ? Math.abs(seed) % list.length : 0;
          return [...list.slice(at), ...list.slice(0, at)].reverse();
        };
        expect(shape(turn(catalogue.stages), turn(plan.variants))).toEqual(shape(catalogue.stages, plan.variants));
        expect(new Set(plan.variants.map(withStages)).size).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });
});
