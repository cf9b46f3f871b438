import { describe, expect, it } from "vitest";
import { normalCritical, regularisedBeta, studentCritical, studentTwoSidedTail } from "./student-t";

describe("regularisedBeta", () => {
  it("has closed forms for small parameters", () => {
    for (const x of [0.001, 0.2, 0.5, 0.83, 0.999]) {
      expect(regularisedBeta(x, 1, 1)).toBeCloseTo(x, 14);
      expect(regularisedBeta(x, 3, 1)).toBeCloseTo(x ** 3, 14);
      expect(regularisedBeta(x, 1, 4)).toBeCloseTo(1 - (1 - x) ** 4, 13);
      expect(regularisedBeta(x, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 13);
      expect(regularisedBeta(x, 2.5, 7.1) + regularisedBeta(1 - x, 7.1, 2.5)).toBeCloseTo(1, 13);
    }
    expect([regularisedBeta(0, 2, 3), regularisedBeta(1, 2, 3)]).toEqual([0, 1]);
  });
});

describe("studentTwoSidedTail", () => {
  it("has closed forms for one and two degrees of freedom", () => {
    for (const t of [0, 0.3, 1, 2.5, 40]) {
      expect(studentTwoSidedTail(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
      expect(studentTwoSidedTail(-t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
    }
  });
});

describe("studentCritical", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2, with more digits.
  it.each([
    [0.05, 1, 12.7062047361747],
    [0.05, 2, 4.30265272974946],
    [0.05, 10, 2.22813885198627],
    [0.01, 10, 3.16927267261695],
    [0.05, 30, 2.04227245630124],
    [0.002, 30, 3.38518487],
    [0.05, 120, 1.97993040508244],
  ])("alpha %d, %d degrees of freedom", (alpha, df, expected) =>
    expect(studentCritical(alpha, df)).toBeCloseTo(expected, 8),
  );

  it("becomes the normal's, also far beyond what the continued fraction is made for", () => {
    expect(normalCritical(0.05)).toBeCloseTo(1.959963984540054, 12);
    expect(normalCritical(0.001)).toBeCloseTo(3.290526731491926, 11);
    for (const df of [5e5, 1e7, 1e9]) expect(studentCritical(0.05, df)).toBeCloseTo(1.959963984540054, 5);
  });
});
