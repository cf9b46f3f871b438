import { describe, expect, test } from "vitest";
import cases from "../../../test/fixtures/planner-cases.json";
import { DomainError } from "../errors";
import { planVariants } from "./plan-variants";
import type { PlanRequest } from "./types";

interface Expected {
  total?: string;
  variants?: string[][];
  mergedInstances?: Record<string, number>;
  pruned?: string[];
  predict?: string[][];
  error?: { code: string };
}

describe("planner cases", () => {
  test.each(cases.map((it) => [it.name, it] as const))("%s", (_, it) => {
    const request = it as unknown as PlanRequest;
    const expected = it.expected as Expected;
    if (expected.error) {
      let thrown: unknown;
      try {
        planVariants(request);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(DomainError);
      expect((thrown as DomainError).code).toBe("invalid");
      expect((thrown as DomainError).context).toEqual(expected.error);
      return;
    }
    const plan = planVariants(request);
    expect(plan).not.toHaveProperty("atLeast");
    expect({
      total: plan.total,
      variants: plan.variants.map((variant) => variant.stages),
      mergedInstances: plan.mergedInstances,
      pruned: plan.pruned,
      predict: plan.variants.map((variant) => variant.predict),
    }).toEqual({
      total: expected.total,
      variants: expected.variants,
      mergedInstances: expected.mergedInstances,
      pruned: expected.pruned ?? [],
      predict: expected.predict ?? expected.variants,
    });
  });
});
