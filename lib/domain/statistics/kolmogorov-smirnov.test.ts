import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kolmogorovLimitTail, kolmogorovTail } from "./kolmogorov-distribution";
import { countByValue } from "./count-by-value";
import {
  exactTail,
  exactTailFraction,
  kolmogorovSmirnov as ofCounts,
  limitTail,
  oneSampleTail,
} from "./kolmogorov-smirnov";

function kolmogorovSmirnov(one: readonly number[], other: readonly number[]) {
  const { reference, current } = countByValue(one, other);
  return ofCounts(reference, current);
}

describe("kolmogorovLimitTail", () => {
  // Smirnov's table (1948) of the limit distribution, complemented.
  it.each([
    [0.5, 1 - 0.036055],
    [0.8, 1 - 0.455857],
    [1, 1 - 0.73],
    [1.36, 1 - 0.950514],
    [2, 1 - 0.999329],
  ])("P(K ≥ %d)", (x, expected) => expect(kolmogorovLimitTail(x)).toBeCloseTo(expected, 5));

  it("is continuous where the series changes, and 1 at and below 0", () => {
    expect(kolmogorovLimitTail(1 - 1e-12)).toBeCloseTo(kolmogorovLimitTail(1), 10);
    expect([kolmogorovLimitTail(0), kolmogorovLimitTail(0.01)]).toEqual([1, 1]);
  });
});

describe("kolmogorovTail", () => {
  // Printed in Marsaglia, Tsang and Wang (2003).
  it.each([
    [0.274, 10, 0.6284796154565],
    [0.04, 2000, 0.99676943191713],
  ])("P(D ≥ %d) over %d values", (d, n, below) => expect(kolmogorovTail(d, n)).toBeCloseTo(1 - below, 8));

  it.each([10, 50, 140, 500, 501, 5000])("falls without a jump where the method changes, over %d values", (n) => {
    const points = Array.from({ length: 24 }, (_, index) => (0.3 + index * 0.08) / Math.sqrt(n));
    const tails = points.map((d) => kolmogorovTail(d, n));
    tails.slice(1).forEach((tail, index) => expect(tail).toBeLessThanOrEqual(tails[index] as number));
    const [before, after] = [kolmogorovTail(Math.sqrt(2.4999 / n), n), kolmogorovTail(Math.sqrt(2.5001 / n), n)];
    expect(after / before).toBeCloseTo(1, 2);
  });

  it("knows the ends", () => {
    expect([kolmogorovTail(0, 5), kolmogorovTail(0.1, 5), kolmogorovTail(1, 5)]).toEqual([1, 1, 0]);
  });
});

/** Share of all ways to deal n + m ranks to two sides whose statistic is at least that large. */
function byEnumeration(n: number, m: number, statistic: number): number {
  let [hits, all] = [0, 0];
  for (let mask = 0; mask < 2 ** (n + m); mask += 1) {
    const ranks = Array.from({ length: n + m }, (_, rank) => rank);
    const one = ranks.filter((rank) => mask & (1 << rank));
    if (one.length !== n) continue;
    all += 1;
    const other = ranks.filter((rank) => !(mask & (1 << rank)));
    if (kolmogorovSmirnov(one, other).statistic >= statistic - 1e-12) hits += 1;
  }
  return hits / all;
}

describe("exactTail", () => {
  const sizes = [1, 2, 3, 4, 5].flatMap((n) => [1, 3, 4, 6].map((m) => [n, m] as const));

  it.each(sizes)("is the share of arrangements, %d against %d values", (n, m) => {
    for (let scaled = 0; scaled <= n * m; scaled += 1) {
      const statistic = scaled / (n * m);
      expect(exactTail({ statistic, scaled, n, m })).toBeCloseTo(byEnumeration(n, m, statistic), 12);
    }
  });

  it("is its fraction", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, m, at) => {
          const scaled = Math.round(at * n * m);
          const test = { statistic: scaled / (n * m), scaled, n, m };
          const [top, bottom] = exactTailFraction(test).split("/").map(Number);
          expect(exactTail(test)).toBeCloseTo((top ?? 0) / (bottom ?? 1), 12);
        },
      ),
    );
  });

  it("comes near to the limit for large samples", () => {
    const test = { statistic: 0.05, scaled: 0.05 * 1500 * 1500, n: 1500, m: 1500 };
    expect(exactTail(test) / limitTail(test)).toBeCloseTo(1, 1);
    expect(exactTail(test) / oneSampleTail(test).tail).toBeCloseTo(1, 1);
  });
});

describe("kolmogorovSmirnov", () => {
  const sample = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true })), {
    minLength: 1,
    maxLength: 30,
  });

  it("is in [0, 1], symmetric, 0 on the same sample, unmoved by order and by any growing function", () => {
    fc.assert(
      fc.property(sample, sample, (one, other) => {
        const { statistic } = kolmogorovSmirnov(one, other);
        expect(statistic).toBeGreaterThanOrEqual(0);
        expect(statistic).toBeLessThanOrEqual(1);
        expect(kolmogorovSmirnov(other, one).statistic).toBe(statistic);
        expect(kolmogorovSmirnov(one, [...one].reverse()).statistic).toBe(0);
        const grow = (value: number) => value / 4;
        const isOneToOne = [...one, ...other].every((value) => grow(value) * 4 === value);
        if (isOneToOne) expect(kolmogorovSmirnov(one.map(grow), other.map(grow)).statistic).toBe(statistic);
      }),
    );
  });

  it("has p-values in [0, 1] that fall as the statistic grows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (n, m) => {
        const tests = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ statistic: at, scaled: Math.floor(at * n * m), n, m }));
        for (const tail of [exactTail, limitTail, (test: (typeof tests)[0]) => oneSampleTail(test).tail]) {
          const tails = tests.map(tail);
          tails.forEach((p, index) => {
            expect(p).toBeGreaterThanOrEqual(0);
            expect(p).toBeLessThanOrEqual(index === 0 ? 1 : (tails[index - 1] as number) + 1e-12);
          });
        }
      }),
    );
  });
});
