import { describe, expect, it } from "vitest";
import { chiSquareTail, logGamma, normalTwoSidedTail, upperGamma } from "./special-functions";

describe("logGamma", () => {
  // Abramowitz and Stegun, table 6.1 and 6.4; factorials.
  it.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [1, 0],
    [1.5, -0.12078223763524522],
    [5, Math.log(24)],
    [11, Math.log(3628800)],
    [100, 359.1342053695754],
  ])("ln Γ(%d)", (x, expected) => expect(logGamma(x)).toBeCloseTo(expected, 12));
});

describe("chiSquareTail", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.4, with more digits.
  it.each([
    [3.841458820694124, 1, 0.05],
    [6.634896601021214, 1, 0.01],
    [18.307038053275146, 10, 0.05],
    [29.58829844507442, 10, 0.001],
    [124.34211340400407, 100, 0.05],
  ])("P(X² ≥ %d), %d degrees of freedom", (statistic, df, expected) => {
    expect(chiSquareTail(statistic, df)).toBeCloseTo(expected, 12);
  });

  it("is e^(−x/2) for two degrees of freedom, however far out", () => {
    for (const x of [0, 0.5, 3, 40, 700]) expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 12);
  });

  it("is the sum of Poisson probabilities for even degrees of freedom", () => {
    const poisson = [0, 1, 2, 3].reduce((sum, k) => sum + (Math.exp(-4.5) * 4.5 ** k) / [1, 1, 2, 6][k]!, 0);
    expect(chiSquareTail(9, 8)).toBeCloseTo(poisson, 14);
  });

  it("knows the ends", () => {
    expect(chiSquareTail(0, 5)).toBe(1);
    expect(chiSquareTail(Infinity, 5)).toBe(0);
    expect(chiSquareTail(0, 0)).toBe(1);
    expect(chiSquareTail(1e6, 3)).toBe(0);
  });

  it("stays a probability with a million degrees of freedom", () => {
    expect(upperGamma(5e5, 5e5)).toBeCloseTo(0.5, 3);
  });
});

describe("normalTwoSidedTail", () => {
  it.each([
    [0, 1],
    [1, 0.31731050786291415],
    [-1.959963984540054, 0.05],
    [2.5758293035489004, 0.01],
  ])("P(|Z| ≥ |%d|)", (z, expected) => expect(normalTwoSidedTail(z)).toBeCloseTo(expected, 13));

  it("keeps its digits far out", () => {
    expect(normalTwoSidedTail(10) / 1.523970604832105e-23).toBeCloseTo(1, 10);
  });
});
