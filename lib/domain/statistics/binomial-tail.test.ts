import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialTail } from "./binomial-tail";

describe("binomialTail", () => {
  it.each([
    [10, 0.5, 0, 1],
    [10, 0.5, 11, 0],
    [10, 0.5, 10, 1 / 1024],
    [10, 0.5, 5, 638 / 1024],
    [10, 0, 1, 0],
    [10, 1, 10, 1],
    [1, 0.01, 1, 0.01],
  ])("P(Binomial(%i, %d) ≥ %i)", (trials, chance, hits, expected) => {
    expect(binomialTail(trials, chance, hits)).toBeCloseTo(expected, 9);
  });

  it("is the sum of the terms, computed exactly for small numbers", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.nat(41),
        (n, p, k) => {
          let sum = 0;
          let choose = 1;
          for (let i = 0; i <= n; i += 1) {
            if (i >= k) sum += choose * p ** i * (1 - p) ** (n - i);
            choose = (choose * (n - i)) / (i + 1);
          }
          expect(binomialTail(n, p, k)).toBeCloseTo(sum, 8);
        },
      ),
    );
  });

  it("stays a probability for large numbers, and follows the normal approximation there", () => {
    const sixSigma = binomialTail(1e8, 0.01, 1e6 + 6 * Math.sqrt(1e6 * 0.99));
    expect(sixSigma).toBeGreaterThan(0.9e-9);
    expect(sixSigma).toBeLessThan(1.1e-9);
    expect(binomialTail(1e9, 0.01, 1e7)).toBeCloseTo(0.5, 3);
  });
});
