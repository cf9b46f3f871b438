import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { benjaminiHochberg } from "./benjamini-hochberg";
import { alignedDivergence, type SpanHistogram } from "./aligned-histograms";
import { doaneEdges, sturgesEdges } from "./bin-edges";
import { contingency, goodnessOfFit } from "./chi-square";
import { facetsDistance, normalizedAbsDifference } from "./count-distances";
import { toShares } from "./empty-buckets";
import { hellinger, jsDivergence, klDivergence, lInfinity, totalVariation } from "./share-distances";
import { wasserstein, wassersteinNormed } from "./wasserstein";
import { zTest } from "./z-test";

const counts = fc
  .array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 12 })
  .filter((pairs) => [0, 1].every((side) => pairs.some((pair) => (pair[side] ?? 0) > 0)));
const sidesOf = (pairs: [number, number][]) =>
  [pairs.map(([one]) => one), pairs.map(([, other]) => other)] as [number[], number[]];
const shares = counts.map((pairs) => sidesOf(pairs).map(toShares) as [number[], number[]]);

describe("distances of shares", () => {
  const bounded: [string, (p: number[], q: number[]) => number, number][] = [
    ["Jensen–Shannon in bits", (p, q) => jsDivergence(p, q, "log2"), 1],
    ["Jensen–Shannon in nats", (p, q) => jsDivergence(p, q, "ln"), Math.LN2],
    ["Hellinger", hellinger, 1],
    ["total variation", totalVariation, 1],
    ["L-infinity", (p, q) => lInfinity(p, q).value, 1],
  ];

  it.each(bounded)("%s is symmetric, 0 on the same and bounded", (_, distance, most) => {
    fc.assert(
      fc.property(shares, ([p, q]) => {
        const value = distance(p, q);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(most);
        expect(distance(q, p)).toBeCloseTo(value, 12);
        expect(distance(p, p)).toBe(0);
      }),
    );
  });

  it.each(bounded)("%s does not grow when the reference is mixed into the current side", (_, distance) => {
    fc.assert(
      fc.property(shares, fc.double({ min: 0, max: 1, noNaN: true }), ([p, q], share) => {
        const mixed = q.map((value, index) => share * (p[index] ?? 0) + (1 - share) * value);
        expect(distance(p, mixed)).toBeLessThanOrEqual(distance(p, q) + 1e-12);
      }),
    );
  });

  it("Kullback–Leibler is 0 on the same, never negative, and infinite where q lacks what p has", () => {
    fc.assert(
      fc.property(shares, ([p, q]) => {
        expect(klDivergence(p, p)).toBe(0);
        const isLacking = p.some((share, index) => share > 0 && q[index] === 0);
        expect(klDivergence(p, q) === Infinity).toBe(isLacking);
        expect(klDivergence(p, q)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("Jensen–Shannon survives the smallest number", () => {
    expect(jsDivergence([5e-324, 1], [0, 1])).toBe(0);
  });
});

describe("tests on counts", () => {
  it("have p in [0, 1], and p 1 on the same counts", () => {
    fc.assert(
      fc.property(counts, (pairs) => {
        const [one, other] = sidesOf(pairs);
        for (const test of [
          goodnessOfFit,
          (p: number[], q: number[]) => contingency(p, q, { yates: p.length === 2 }),
        ]) {
          const { statistic, pValue } = test(one, other);
          expect(statistic).toBeGreaterThanOrEqual(0);
          expect(pValue).toBeGreaterThanOrEqual(0);
          expect(pValue).toBeLessThanOrEqual(1);
          expect(test(one, one).pValue).toBeCloseTo(1, 8);
        }
      }),
    );
  });

  it("agree: z² is the contingency statistic without Yates' correction", () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(500), fc.nat(500)), fc.tuple(fc.nat(500), fc.nat(500)), (one, other) => {
        fc.pre(one[0] + one[1] > 0 && other[0] + other[1] > 0 && one[0] + other[0] > 0 && one[1] + other[1] > 0);
        const { z, pValue } = zTest(one, other);
        const test = contingency(one, other, { yates: false });
        expect(z * z).toBeCloseTo(test.statistic, 6);
        expect(pValue).toBeCloseTo(test.pValue, 8);
      }),
    );
  });

  it("z is 0 where both sides have one and the same category", () => {
    expect(zTest([0, 7], [0, 3])).toEqual({ z: 0, pValue: 1 });
  });

  it("Yates' correction never turns a difference round", () => {
    expect(contingency([10, 10], [10, 10], { yates: true })).toEqual({ statistic: 0, df: 1, pValue: 1 });
  });
});

describe("distances of counts", () => {
  it("are 0 without rows on either side, and Facets' is infinite without rows on one", () => {
    expect([normalizedAbsDifference([0], [0]), facetsDistance([], []), facetsDistance([0, 0], [1, 2])]).toEqual([
      0,
      0,
      Infinity,
    ]);
  });

  it("are 0 on the same and symmetric", () => {
    fc.assert(
      fc.property(counts, (pairs) => {
        const [one, other] = sidesOf(pairs);
        for (const distance of [normalizedAbsDifference, facetsDistance]) {
          expect(distance(one, one)).toBe(0);
          expect(distance(one, other)).toBeCloseTo(distance(other, one), 8);
        }
        expect(normalizedAbsDifference(one, other)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("wasserstein", () => {
  const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 25 });

  it("is symmetric, 0 on the same, moves with a shift and scales with the unit", () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: -50, max: 50 }), (one, other, by) => {
        const distance = wasserstein(one, other);
        expect(wasserstein(other, one)).toBeCloseTo(distance, 8);
        expect(wasserstein(one, [...one, ...one])).toBe(0);
        expect(
          wasserstein(
            one,
            one.map((value) => value + by),
          ),
        ).toBeCloseTo(Math.abs(by), 8);
        expect(
          wasserstein(
            one.map((value) => value * 3),
            other.map((value) => value * 3),
          ),
        ).toBeCloseTo(distance * 3, 6);
      }),
    );
  });

  it("is infinite only where shares of infinite values differ", () => {
    expect(wasserstein([1, Infinity], [2, Infinity])).toBe(0.5);
    expect(wasserstein([1, Infinity], [1, 2])).toBe(Infinity);
    expect(wasserstein([-Infinity, 1], [1, 1])).toBe(Infinity);
    expect(wasserstein([Infinity], [-Infinity])).toBe(Infinity);
    expect(wasserstein([Infinity, -Infinity], [-Infinity, Infinity])).toBe(0);
  });

  it("says that a reference is constant", () => {
    expect(wassersteinNormed([5, 5], [5, 6])).toEqual({ value: 500, raw: 0.5, std: 0, isConstant: true });
  });
});

describe("alignedDivergence", () => {
  const histogram = (buckets: SpanHistogram["buckets"], nan = 0): SpanHistogram => ({ buckets, nan });

  it("does not see how buckets are cut", () => {
    expect(
      alignedDivergence(
        histogram([[0, 10, 8]]),
        histogram([
          [0, 5, 4],
          [5, 10, 4],
        ]),
        "log2",
      ).value,
    ).toBe(0);
  });

  it("keeps single values apart from the buckets around them", () => {
    const { value, p, q } = alignedDivergence(histogram([[0, 2, 1]]), histogram([[1, 1, 1]]), "log2");
    expect([value, p, q]).toEqual([1, [1, 0], [0, 1]]);
  });

  it("matches no NaN with another", () => {
    expect(alignedDivergence(histogram([], 3), histogram([], 3), "log2")).toMatchObject({
      value: 1,
      unmatched: [1, 1],
    });
  });

  it("does not overflow on the widest buckets", () => {
    const widest = histogram([[-Number.MAX_VALUE, Number.MAX_VALUE, 2]]);
    expect(
      alignedDivergence(
        widest,
        histogram([
          [-Number.MAX_VALUE, 0, 1],
          [0, Number.MAX_VALUE, 1],
        ]),
        "log2",
      ).value,
    ).toBe(0);
  });
});

describe("edges", () => {
  it("Sturges: 1 + log₂ n buckets, rounded up", () => {
    const sorted = Array.from({ length: 100 }, (_, index) => index / 10);
    expect(sturgesEdges(sorted).length).toBe(9);
    expect(sturgesEdges([3])).toEqual([2.5, 3.5]);
  });

  it("Doane: adds buckets for skew", () => {
    const sorted = Array.from({ length: 100 }, (_, index) => index / 10);
    expect(doaneEdges(sorted, 0).length).toBe(9);
    // 1 + log₂ 100 + log₂(1 + 2 / √(6·98 / (101·103))) = 10.85…
    expect(doaneEdges(sorted, 2).length).toBe(12);
    expect(doaneEdges([1, 2], 0)).toEqual([1, 2]);
  });
});

describe("benjaminiHochberg", () => {
  const pValues = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 5 }), { maxLength: 30 });

  it("gives R's p.adjust", () => {
    expect(benjaminiHochberg([0.01, 0.02, 0.03, 0.04, 0.05])).toEqual(
      [0.05, 0.05, 0.05, 0.05, 0.05].map((p) => expect.closeTo(p, 12)),
    );
    const [first, second, third, fourth] = benjaminiHochberg([0.04, null, 0.01, 0.5]) as number[];
    expect([first, second, third, fourth]).toEqual([expect.closeTo(0.06, 12), null, expect.closeTo(0.03, 12), 0.5]);
  });

  it("keeps order, never lowers a p-value, leaves nulls and stays in [0, 1]", () => {
    fc.assert(
      fc.property(pValues, (given) => {
        const corrected = benjaminiHochberg(given);
        given.forEach((p, index) => {
          const q = corrected[index] ?? null;
          expect(q === null).toBe(p === null);
          if (p === null || q === null) return;
          expect(q).toBeGreaterThanOrEqual(p);
          expect(q).toBeLessThanOrEqual(1);
          given.forEach((other, at) => {
            if (other !== null && other <= p) expect(corrected[at]).toBeLessThanOrEqual(q);
          });
        });
      }),
    );
  });
});
