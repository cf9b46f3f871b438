import { describe, expect, it } from "vitest";
import { canonicalJson } from "../canonical-json";
import { countedParts, explainFit, type FitBasis } from "./fit-basis";

const BASIS: FitBasis = {
  stage: "s1",
  signature: "g1",
  rows: [{ dataset: "trips", version: "1", split: { policy: "by_month", version: 1, parts: ["train"] } }],
  split: { policy: "by_month", version: 1, parts: ["train"], digest: "before May" },
  sources: { trips: { version: 1, digest: "t1" } },
  entities: { trip: "e1" },
  fits: { "scaler@1": "f1" },
};

const fingerprintOf = (basis: FitBasis) => canonicalJson(countedParts(basis));
const fitOf = (basis: FitBasis) => ({ fingerprint: fingerprintOf(basis), basis });
const earlier = (basis: FitBasis | null, of = "run 3") => ({
  of,
  fingerprint: basis ? fingerprintOf(basis) : "older",
  basis,
});

/** The policy as another version of it. */
function by(policy: string, version: number, digest: string, parts = ["train"]): Partial<FitBasis> {
  return {
    rows: [{ dataset: "trips", version: "1", split: { policy, version, parts } }],
    split: { policy, version, parts, digest },
  };
}

describe("a fit", () => {
  it.each<[string, Partial<FitBasis>, string]>([
    ["another engine", { engine: "spark" }, "it is fitted on spark, not on local"],
    [
      "a policy that says something else",
      by("by_month", 2, "before February"),
      "split policy by_month is version 2, not 1",
    ],
    ["another policy", by("by_trip", 1, "hash"), "rows are split by by_trip, not by by_month"],
    [
      "other parts",
      by("by_month", 1, "before May", ["train", "test"]),
      "it is fitted on part train and test, not on train",
    ],
    ["no split", { rows: [{ dataset: "trips", version: "1" }], split: null }, "it is fitted on all rows"],
    ["another stage", { stage: "s2", signature: "g2" }, "the stage computes something else"],
    ["a stage before it", { signature: "g2" }, "a stage before it computes something else"],
    ["new data", { sources: { trips: { version: 2, digest: "t1" } } }, "trips@2 is read, not trips@1"],
    ["another layout", { sources: { trips: { version: 1, digest: "t2" } } }, "source trips is declared in another way"],
    ["another entity", { entities: { trip: "e2" } }, "entity trip is declared in another way"],
    ["another fit before it", { fits: { "scaler@1": "f2" } }, "scaler before it is fitted anew"],
    [
      "one source more",
      { sources: { ...BASIS.sources, cities: { version: 1, digest: "c" } } },
      "cities comes before it as well",
    ],
  ])("after %s is another, and says why", (_, change, why) => {
    const now = fitOf({ ...BASIS, ...change });
    expect(now.fingerprint).not.toBe(fingerprintOf(BASIS));
    expect(explainFit(now, [earlier(BASIS)])).toBe(`Fitted anew, unlike in run 3: ${why}.`);
  });

  it("is the same after other words: names and numbers of policies do not count", () => {
    for (const change of [by("by_month", 2, "before May"), by("by_calendar", 7, "before May")])
      expect(explainFit(fitOf({ ...BASIS, ...change }), [earlier(BASIS)])).toBe(
        "The fit of run 3 is used again: nothing that it follows from has changed.",
      );
  });

  it("is found again behind newer ones, and says when there is nothing to compare with", () => {
    const newer = earlier({ ...BASIS, stage: "s2", signature: "g2" }, "run 5");
    expect(explainFit(fitOf(BASIS), [newer, earlier(BASIS)])).toMatch(/^The fit of run 3 is used again/);
    expect(explainFit(fitOf(BASIS), [])).toBe("Fitted for the first time.");
    expect(explainFit(fitOf(BASIS), [earlier(null)])).toBe(
      "Fitted anew: run 3 did not record what its fit follows from.",
    );
  });
});
