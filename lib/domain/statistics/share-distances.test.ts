import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EMPTY_BUCKETS, type Fill, sharesOf } from "./empty-buckets";
import * as between from "./share-distances";

type Counts = readonly number[];
type Distance = (reference: Counts, current: Counts) => number;

const of =
  (distance: (p: number[], q: number[]) => number, fill: Fill | null = null): Distance =>
  (reference, current) => {
    const { p, q } = sharesOf(reference, current, fill);
    return distance(p, q);
  };

const ADD: Fill = { emptyBuckets: "add", epsilon: 1e-6, renormalise: true };

const distances: [string, Distance, greatest: number][] = [
  ["psi", of(between.psi, ADD), Infinity],
  ["psi, floor", of(between.psi, { emptyBuckets: "floor", epsilon: 1e-4, renormalise: false }), Infinity],
  ["psi, replace", of(between.psi, { emptyBuckets: "replace", epsilon: 1e-4, renormalise: false }), Infinity],
  ["js_divergence", of(between.jsDivergence), 1],
  ["js_distance in nats", of((p, q) => Math.sqrt(between.jsDivergence(p, q, "ln"))), Math.sqrt(Math.LN2)],
  ["l_infinity", of((p, q) => between.lInfinity(p, q).value), 1],
  ["hellinger", of(between.hellinger), 1],
  ["total_variation", of(between.totalVariation), 1],
];

const count = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(1_000_000) });
const countsOfSize = (size: number) =>
  fc.array(count, { minLength: size, maxLength: size }).filter((counts) => counts.some((rows) => rows > 0));
const pair = fc.integer({ min: 1, max: 9 }).chain((size) => fc.tuple(countsOfSize(size), countsOfSize(size)));

describe.each(distances)("%s", (_, distance, greatest) => {
  it("is a number from 0 to its greatest, zero for the same shares, and symmetric", () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 1000 }), ([one, other], factor) => {
        const value = distance(one, other);
        expect(Number.isFinite(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(greatest);
        expect(distance(other, one)).toBeCloseTo(value, 9);
        expect(distance(one, one)).toBe(0);
        const scaled = one.map((rows) => rows * factor);
        expect(distance(one, scaled)).toBeCloseTo(0, 6);
      }),
    );
  });

  it("is greatest, or large, between distributions without a common bucket", () => {
    const value = distance([10, 0], [0, 10]);
    if (Number.isFinite(greatest)) expect(value).toBeCloseTo(greatest, 12);
    else expect(value).toBeGreaterThan(5);
  });

  it("does not depend on how many buckets are empty on both sides", () => {
    expect(distance([60, 40, 0, 0, 0], [30, 70, 0, 0, 0])).toBe(distance([60, 40], [30, 70]));
  });
});

describe("psi by hand", () => {
  const known = 0.1 * Math.log(0.7 / 0.6);
  it.each([
    // (0.1 − ε) ln(0.1 / ε), with ε as the fill says it.
    ["floor", { emptyBuckets: "floor", epsilon: 0.01, renormalise: false }, known + 0.09 * Math.log(10)],
    ["replace", { emptyBuckets: "replace", epsilon: 1e-4, renormalise: false }, known + 0.0999 * Math.log(1000)],
    ["replace a millionth", { emptyBuckets: "replace", epsilon: 0.5, renormalise: false }, NaN],
  ] as [string, Fill, number][])("%s", (_, fill, expected) => {
    const value = of(between.psi, fill)([70, 30, 0], [60, 30, 10]);
    if (Number.isNaN(expected)) {
      const least = 0.3 / 1e6;
      expect(value).toBeCloseTo(known + (0.1 - least) * Math.log(0.1 / least), 12);
    } else expect(value).toBeCloseTo(expected, 12);
  });

  it("in bits is that in nats over ln 2", () => {
    expect(between.psi([0.5, 0.5], [0.25, 0.75], "log2")).toBeCloseTo((0.25 * Math.log(3)) / Math.LN2, 14);
  });
});

describe("sharesOf", () => {
  it.each(EMPTY_BUCKETS)(
    "%s fills what one side lacks, and only that, and adds up to 1 where it is scaled",
    (emptyBuckets) => {
      fc.assert(
        fc.property(pair, ([one, other]) => {
          const { p, q } = sharesOf(one, other, { emptyBuckets, epsilon: 1e-4, renormalise: true });
          for (const shares of [p, q]) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
          one.forEach((rows, at) => {
            const isUsed = rows > 0 || (other[at] ?? 0) > 0;
            expect([(p[at] ?? 0) > 0, (q[at] ?? 0) > 0]).toEqual([isUsed, isUsed]);
          });
        }),
      );
    },
  );
});
