import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differenceOf } from "./difference";
import { type MeasuredFigure, intervalOf } from "./interval-of";
import { wilson } from "./wilson";

const Z = 1.959963984540054;
const mean = (n: number, value: number, variance: number): MeasuredFigure => ({ n, value, variance });
const share = (events: number, n: number): MeasuredFigure => ({ n, value: events / n, variance: null });

describe("Wilson's interval", () => {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("%d of %d", (events, n, low, high) => {
    const interval = wilson(events / n, n, Z);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
    expect(intervalOf(share(events, n), "share", 0.05)).toEqual({
      low: expect.closeTo(interval.low, 12),
      high: expect.closeTo(interval.high, 12),
    });
  });
});

describe("Newcombe's interval", () => {
  // Newcombe 1998, "Interval estimation for the difference between independent proportions", table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])("%d/%d − %d/%d", (a, m, b, n, low, high) => {
    const difference = differenceOf(share(b, n), share(a, m), "share", 0.05);
    expect(difference?.interval.low).toBeCloseTo(low, 4);
    expect(difference?.interval.high).toBeCloseTo(high, 4);
  });

  it("has the p-value at which its interval begins to include zero", () => {
    const [a, b] = [share(48, 80), share(56, 70)];
    const found = differenceOf(a, b, "share", 0.05);
    const p = found?.pValue as number;
    expect(p).toBeLessThan(0.05);
    expect(differenceOf(a, b, "share", p)?.interval.low).toBeCloseTo(0, 9);
    expect(differenceOf(a, a, "share", 0.05)?.pValue).toBe(1);
  });
});

describe("Welch's interval", () => {
  it("computed by hand", () => {
    // v₁ = 4/4 = 1, v₂ = 27/9 = 3, ν = 16 / (1/3 + 9/8) = 384/35, error 2.
    const found = differenceOf(mean(4, 10, 4), mean(9, 15, 27), "mean", 0.05);
    expect(found?.value).toBe(5);
    // t(0.975; 10.971428…) lies between those of 10 and 11 degrees of freedom, 2.22814 and 2.20099.
    const half = ((found?.interval.high ?? 0) - 5) / 2;
    expect(half).toBeGreaterThan(2.20099);
    expect(half).toBeLessThan(2.2025);
    expect((found?.interval.low ?? 0) + (found?.interval.high ?? 0)).toBeCloseTo(10, 12);
  });

  // The three examples of Wikipedia's "Welch's t-test", as near as their rounded means and variances allow.
  it.each([
    [15, 20.8, 7.9, 15, 23.0, 3.8, 0.021],
    [10, 20.6, 9.0, 20, 22.1, 0.9, 0.149],
    [10, 19.4, 1.4, 20, 21.6, 17.1, 0.036],
  ])("p of n %d, %d ± %d and n %d, %d ± %d", (n1, m1, v1, n2, m2, v2, p) =>
    expect(Math.abs((differenceOf(mean(n1, m1, v1), mean(n2, m2, v2), "mean", 0.05)?.pValue ?? 9) - p)).toBeLessThan(
      0.006,
    ),
  );

  it("knows nothing with one row, and everything where rows are all alike", () => {
    expect(differenceOf(mean(1, 3, null as never), mean(9, 2, 1), "mean", 0.05)).toBeNull();
    expect(differenceOf(mean(5, 3, 0), mean(5, 2, 0), "mean", 0.05)).toEqual({
      value: -1,
      interval: { low: -1, high: -1 },
      pValue: 0,
    });
    expect(differenceOf(mean(5, 2, 0), mean(5, 2, 0), "mean", 0.05)?.pValue).toBe(1);
  });
});

describe("an area's interval", () => {
  it("adds DeLong's variances", () => {
    const found = differenceOf(
      { n: 50, value: 0.7, variance: 9e-4 },
      { n: 50, value: 0.8, variance: 16e-4 },
      "area",
      0.05,
    );
    expect(found?.interval.low).toBeCloseTo(0.1 - Z * 0.05, 10);
    expect(found?.pValue).toBeCloseTo(0.0455, 4);
    expect(intervalOf({ n: 50, value: 0.99, variance: 9e-4 }, "area", 0.05)?.high).toBe(1);
  });
});

const figures = fc.record({
  n: fc.integer({ min: 2, max: 100_000 }),
  value: fc.double({ min: 0, max: 1, noNaN: true }),
  variance: fc.double({ min: 1e-6, max: 0.25, noNaN: true }),
});
const kinds = fc.constantFrom("mean", "share", "area") as fc.Arbitrary<"mean" | "share" | "area">;

describe("any difference", () => {
  it("turns round when the arms are swapped", () => {
    fc.assert(
      fc.property(figures, figures, kinds, (one, other, kind) => {
        const there = differenceOf(one, other, kind, 0.05)!;
        const back = differenceOf(other, one, kind, 0.05)!;
        expect(back.value).toBeCloseTo(-there.value, 12);
        expect(back.interval.low).toBeCloseTo(-there.interval.high, 10);
        expect(back.interval.high).toBeCloseTo(-there.interval.low, 10);
        expect(back.pValue).toBeCloseTo(there.pValue, 9);
      }),
    );
  });

  it("narrows with more rows, and widens with more confidence", () => {
    const width = (difference: { interval: { low: number; high: number } }) =>
      difference.interval.high - difference.interval.low;
    fc.assert(
      fc.property(figures, figures, fc.constantFrom("mean", "share" as const), (one, other, kind) => {
        const found = differenceOf(one, other, kind, 0.05)!;
        const more = differenceOf({ ...one, n: one.n * 4 }, { ...other, n: other.n * 4 }, kind, 0.05)!;
        expect(width(more)).toBeLessThan(width(found));
        expect(width(differenceOf(one, other, kind, 0.01)!)).toBeGreaterThan(width(found));
      }),
    );
  });

  it("holds its value, and leaves zero out exactly when its p-value is below alpha", () => {
    fc.assert(
      fc.property(figures, figures, kinds, fc.constantFrom(0.01, 0.05, 0.2), (one, other, kind, alpha) => {
        const { value, interval, pValue } = differenceOf(one, other, kind, alpha)!;
        expect(interval.low).toBeLessThanOrEqual(value);
        expect(interval.high).toBeGreaterThanOrEqual(value);
        fc.pre(Math.abs(pValue - alpha) > 1e-9);
        expect(interval.low > 0 || interval.high < 0).toBe(pValue < alpha);
      }),
    );
  });
});

/** Park and Miller's generator: the same numbers wherever the tests run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe("coverage by simulation", () => {
  const TIMES = 4000;

  it("of Welch's interval, for skewed rows of unequal spread", () => {
    const random = seeded(7);
    const draw = (n: number, scale: number): MeasuredFigure => {
      // Exponential: mean and standard deviation are `scale`, as skewed as a log loss.
      const rows = Array.from({ length: n }, () => -scale * Math.log(random()));
      const value = rows.reduce((sum, row) => sum + row, 0) / n;
      return { n, value, variance: rows.reduce((sum, row) => sum + (row - value) ** 2, 0) / (n - 1) };
    };
    let covered = 0;
    for (let time = 0; time < TIMES; time += 1) {
      const { low, high } = differenceOf(draw(60, 1), draw(90, 2), "mean", 0.05)!.interval;
      if (low <= 1 && 1 <= high) covered += 1;
    }
    expect(covered / TIMES).toBeGreaterThan(0.935);
    expect(covered / TIMES).toBeLessThan(0.965);
  });

  it("of Newcombe's interval, for rare errors", () => {
    const random = seeded(11);
    const draw = (n: number, p: number) => share(Array.from({ length: n }, random).filter((x) => x < p).length, n);
    let covered = 0;
    for (let time = 0; time < TIMES; time += 1) {
      const { low, high } = differenceOf(draw(80, 0.05), draw(100, 0.12), "share", 0.05)!.interval;
      if (low <= 0.07 && 0.07 <= high) covered += 1;
    }
    expect(covered / TIMES).toBeGreaterThan(0.935);
    expect(covered / TIMES).toBeLessThan(0.975);
  });
});
