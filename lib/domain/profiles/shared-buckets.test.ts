import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countCategories, countNumbers } from "../statistics/histogram";
import { barCounts, distributionDistance, shareBuckets, unevennessCounts } from "./shared-buckets";

const EDGES = [0, 10, 20];

describe("shareBuckets", () => {
  it("keeps groups that were counted on the same edges and names those that were not", () => {
    const one = countNumbers([1, 11], EDGES);
    const other = countNumbers([5], [0, 5, 20]);
    expect(shareBuckets([one, null, other])).toEqual({ groups: [one, null, null], apart: [2] });
    expect(shareBuckets([null, null])).toEqual({ groups: [null, null], apart: [] });
  });

  it("counts values over those of all groups, where each group lists all of its own", () => {
    const { groups, apart } = shareBuckets([
      countCategories(["a", "b"], ["a", "b"]),
      countCategories(["c", "c"], ["c"]),
    ]);
    expect(apart).toEqual([]);
    expect(groups.map((group) => group && barCounts(group))).toEqual([
      [1, 1, 0, 0],
      [0, 0, 2, 0],
    ]);
  });

  it("does not guess what a group's other values are", () => {
    const truncated = countCategories(["a", "x"], ["a"]);
    expect(shareBuckets([truncated, countCategories(["x"], ["x"])]).apart).toEqual([1]);
    expect(shareBuckets([truncated, countCategories(["x"], ["a"])]).apart).toEqual([]);
  });

  it("does not draw numbers over values", () => {
    expect(shareBuckets([countNumbers([1], EDGES), countCategories(["a"], ["a"])]).apart).toEqual([1]);
    expect(shareBuckets([countCategories(["a"], ["a"]), countNumbers([1], EDGES)]).apart).toEqual([1]);
  });
});

describe("distributionDistance", () => {
  it("is Facets' sum of squared differences of shares by their weight", () => {
    // u = [3, 1], U = 4, v = [1, 1], V = 2: (3/4 − 1/2)² / (3/16 + 1/4) + (1/4 − 1/2)² / (1/16 + 1/4)
    const one = countNumbers([1, 2, 3, 11], EDGES);
    const other = countNumbers([1, 11], EDGES);
    expect(distributionDistance(one, other)).toBeCloseTo(0.0625 / 0.4375 + 0.0625 / 0.3125, 12);
  });

  it("knows nothing without rows, and counts missing values", () => {
    expect(distributionDistance(countNumbers([], EDGES), countNumbers([1], EDGES))).toBeNull();
    expect(distributionDistance(countNumbers([1, null], EDGES), countNumbers([1, 1], EDGES))).toBeGreaterThan(0);
  });

  it("is 0 between equals, symmetric and finite", () => {
    const values = fc.array(fc.oneof(fc.integer({ min: -5, max: 30 }), fc.constant(null)), { minLength: 1 });
    fc.assert(
      fc.property(values, values, (first, second) => {
        const [one, other] = [countNumbers(first, EDGES), countNumbers(second, EDGES)];
        expect(distributionDistance(one, one)).toBe(0);
        const distance = distributionDistance(one, other);
        expect(distance).toBeCloseTo(distributionDistance(other, one) as number, 9);
        expect(Number.isFinite(distance)).toBe(true);
      }),
    );
  });
});

it("unevennessCounts goes by equal widths where there are any, and by ends only where something lies there", () => {
  const quantiles = countNumbers([1, 11], EDGES);
  expect(unevennessCounts(quantiles, null)).toEqual([1, 1]);
  expect(unevennessCounts(quantiles, countNumbers([1, 11, 25], EDGES))).toEqual([1, 1, 1]);
  expect(unevennessCounts(countCategories(["a", "z"], ["a", "b"]), null)).toEqual([1, 0, 1]);
});
