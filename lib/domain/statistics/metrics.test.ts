import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { benjaminiHochberg } from "./benjamini-hochberg";
import { alignHistograms, type SpanHistogram, standardHistogram } from "./aligned-histograms";
import { areaBetween, energyDistance, pointsOf } from "./binned-distribution";
import { doaneEdges, equalWidthEdges, sturgesEdges } from "./bin-edges";
import { contingency, goodnessOfFit } from "./chi-square";
import { facetsDistance, normalizedAbsDifference } from "./count-distances";
import { toShares } from "./empty-buckets";
import { hellinger, jsDivergence, klDivergence, lInfinity, totalVariation } from "./share-distances";
import { countByValue } from "./count-by-value";
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

/** The distribution function of a sample, from how often each of its values occurs. */
function functionsOf(one: readonly number[], other: readonly number[]) {
  const { values, reference, current } = countByValue(one, other);
  const points = (counts: number[]) =>
    pointsOf({ kind: "categorical", values: values.map(String), counts, other: 0, missing: 0 }, null, {});
  return [points(reference), points(current)].map((found) => found ?? { x: [], share: [] });
}

describe.each([
  ["wasserstein", areaBetween, 1],
  ["energy", energyDistance, 0.5],
] as const)("%s distance", (_, distanceOf, power) => {
  const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 25 });
  const distance = (one: readonly number[], other: readonly number[]) => {
    const [first, second] = functionsOf(one, other);
    return distanceOf(first!, second!);
  };

  it("is symmetric, 0 on the same, and scales with the unit", () => {
    fc.assert(
      fc.property(sample, sample, (one, other) => {
        const value = distance(one, other);
        expect(distance(other, one)).toBeCloseTo(value, 8);
        expect(distance(one, [...one, ...one])).toBeCloseTo(0, 6);
        const scaled = [one, other].map((values) => values.map((each) => each * 4));
        expect(distance(scaled[0] ?? [], scaled[1] ?? [])).toBeCloseTo(value * 4 ** power, 6);
      }),
    );
  });

  it("is what its definition says, over all pairs", () => {
    const mean = (one: readonly number[], other: readonly number[], of: (a: number, b: number) => number) =>
      one.reduce((sum, a) => sum + other.reduce((inner, b) => inner + of(a, b), 0), 0) / (one.length * other.length);
    const apart = (a: number, b: number) => Math.abs(a - b);
    fc.assert(
      fc.property(sample, sample, (one, other) => {
        if (power === 0.5) {
          // 2 E|X − Y| − E|X − X′| − E|Y − Y′|
          const squared = 2 * mean(one, other, apart) - mean(one, one, apart) - mean(other, other, apart);
          expect(distance(one, other) ** 2).toBeCloseTo(squared, 6);
          return;
        }
        // Of samples of one size: the mean distance of the values in order.
        const size = Math.min(one.length, other.length);
        const [first = [], second = []] = [one, other].map((values) => values.slice(0, size).sort((a, b) => a - b));
        const paired = first.reduce((sum, value, at) => sum + Math.abs(value - (second[at] ?? 0)), 0) / size;
        expect(distance(first, second)).toBeCloseTo(paired, 8);
      }),
    );
  });
});

describe("alignHistograms", () => {
  const histogram = (buckets: SpanHistogram["buckets"], nan = 0): SpanHistogram => ({ buckets, nan });

  it("does not see how buckets are cut", () => {
    const whole = histogram([[0, 10, 8]]);
    const cut = histogram([
      [0, 5, 4],
      [5, 10, 4],
    ]);
    expect(alignHistograms(whole, cut)).toMatchObject({ edges: [0, 5, 10], reference: [4, 4], current: [4, 4] });
  });

  it("keeps single values apart from the buckets around them", () => {
    const { reference, current } = alignHistograms(histogram([[0, 2, 1]]), histogram([[1, 1, 1]]));
    expect([reference, current]).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it("matches no NaN with another", () => {
    expect(alignHistograms(histogram([], 3), histogram([], 3))).toMatchObject({ reference: [], unmatched: [3, 3] });
  });

  it("does not overflow on the widest buckets", () => {
    const widest = histogram([[-Number.MAX_VALUE, Number.MAX_VALUE, 2]]);
    const halves = histogram([
      [-Number.MAX_VALUE, 0, 1],
      [0, Number.MAX_VALUE, 1],
    ]);
    expect(alignHistograms(widest, halves)).toMatchObject({ reference: [1, 1], current: [1, 1] });
  });

  it("gives values ten buckets, which infinities stretch", () => {
    expect(standardHistogram([1, NaN, 11, Infinity, -Infinity])).toMatchObject({
      nan: 1,
      buckets: { length: 10, 0: [-Infinity, 2, 2], 9: [10, Infinity, 2] },
    });
    expect(standardHistogram([7, 7])).toEqual({ nan: 0, buckets: [[7, 7, 2]] });
    expect(standardHistogram([Infinity])).toEqual({ nan: 0, buckets: [[Infinity, Infinity, 1]] });
  });
});

describe("edges", () => {
  it("are finite and ascending for the widest and the narrowest range", () => {
    expect(equalWidthEdges(-Number.MAX_VALUE, Number.MAX_VALUE, 10).every(Number.isFinite)).toBe(true);
    const narrow = equalWidthEdges(1, 1 + Number.EPSILON, 10);
    expect([narrow[0], narrow.at(-1)]).toEqual([1, 1 + Number.EPSILON]);
    expect(equalWidthEdges(7, 7, 2)).toEqual([6.5, 7, 7.5]);
  });

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
