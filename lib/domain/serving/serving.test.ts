import { describe, expect, it } from "vitest";
import { describePredicted } from "./predictions-served";
import { valuesServedIn } from "./values-served";

describe("valuesServedIn", () => {
  const fitted = { id: "fit", environment: null };
  const older = { id: "older fit", environment: null };
  const production = { id: "production", environment: "production" };
  it.each([
    ["production", [fitted, production], "production"],
    ["production", [production, fitted], "production"],
    ["staging", [production, fitted, older], "fit"],
    ["dev", [production, older], "older fit"],
    ["staging", [production], undefined],
  ] as const)("%s", (environment, values, id) => {
    expect(valuesServedIn(environment, values)?.id).toBe(id);
  });
});

describe("describePredicted", () => {
  const model = { name: "late", version: 3 };
  it("says where alias and pointer agree", () => {
    expect(
      describePredicted({ feature: "flight.p", version: 2, pointer: 2 }, { environment: "production", model }),
    ).toEqual({ isServed: true, sentence: "production serves flight.p v2 from it." });
  });
  it.each([
    [
      1,
      model,
      "production does not serve these values of flight.p: version 3 of model late, which has the alias production, writes v2, and production serves v1. Promote v2 of the feature to production, or give the alias to a version of the model that writes v1.",
    ],
    [
      null,
      model,
      "production does not serve these values of flight.p: version 3 of model late, which has the alias production, writes v2, and production serves no version yet. Promote v2 of the feature to production.",
    ],
    [
      1,
      null,
      "production does not serve these values of flight.p: the deployed variant writes v2, and production serves v1. Promote v2 of the feature to production.",
    ],
  ])("says where they differ, and what to do", (pointer, of, sentence) => {
    expect(
      describePredicted({ feature: "flight.p", version: 2, pointer }, { environment: "production", model: of }),
    ).toEqual({ isServed: false, sentence });
  });
});
