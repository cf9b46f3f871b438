import { describe, expect, it } from "vitest";
import { explainDrift, probability } from "./explain-drift";
import { countNumbers, type Histogram } from "../statistics/histogram";
import { judgeDrift } from "./judge-drift";
import { measureDrift } from "./measure-drift";

describe("probability", () => {
  it.each([
    [0.5, "0.50"],
    [0.0312, "0.031"],
    // On the side of the level that it is judged to be on, however near.
    [0.0503, "0.0503"],
    [0.04996, "0.04996"],
    [0.010004, "0.010004"],
    [0.05, "0.050"],
    [0.01, "0.010"],
    [0.00009, "below 0.0001"],
  ])("%s is written %s", (p, text) => {
    expect(probability(p)).toBe(text);
  });
});

describe("explainDrift", () => {
  it("names the same change by the natural metric as by the figure that it chose", () => {
    const side = (counts: number[]): { histogram: Histogram } => ({
      histogram: { ...countNumbers([], [0, 1, 2, 3, 4]), counts },
    });
    // The last bucket moves the score most, the first one the most values.
    const [reference, current] = [side([4000, 3000, 2900, 100]), side([5000, 2500, 2490, 10])];
    const words = (metric: "psi" | "natural") => {
      const question = { metric, reference, current };
      return explainDrift(question, measureDrift(question), judgeDrift(question));
    };
    expect(words("natural")).toBe(words("psi"));
    expect(words("natural")).toContain("The greatest change is in");
  });
});
