import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentsOf } from "../statistics/moments";
import { normalisedEntropy } from "../statistics/normalised-entropy";
import { profileInt64 } from "./profile-int64";
import { profileList } from "./profile-list";
import { profileNumeric } from "./profile-numeric";
import { compareCodePoints, profileString } from "./profile-string";
import { deciles, quantile } from "../statistics/quantiles";
import { countBetween, equalWidthEdges } from "../statistics/value-histogram";

const numbers = fc.array(
  fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  { minLength: 1 },
);

describe("momentsOf", () => {
  it("keeps the digits of a small spread on a large offset", () => {
    expect(momentsOf([1e9 + 1, 1e9 + 2, 1e9 + 3])).toMatchObject({ mean: 1e9 + 2, sampleStd: 1, populationSkew: 0 });
  });

  it("has no spread on a constant, even where its sum rounds", () => {
    expect(momentsOf(Array<number>(10).fill(0.1))).toMatchObject({
      mean: 0.1,
      populationStd: 0,
      sampleStd: 0,
      populationSkew: null,
    });
  });

  it("does not overflow before its result does", () => {
    expect(momentsOf([1.7e308, -1.7e308, 1.7e308, 1.7e308])).toMatchObject({ mean: 0.85e308, min: -1.7e308 });
    expect(momentsOf([1e-308, 3e-308])?.sampleStd).toBeCloseTo(Math.SQRT2 * 1e-308, 320);
  });

  it("has both skews", () => {
    // 1, 2, 6: m₂ = 14/3, m₃ = 6; g₁ = 6 / (14/3)^1.5, G₁ = g₁ √6.
    const skew = 6 / (14 / 3) ** 1.5;
    expect(momentsOf([1, 2, 6])).toMatchObject({
      populationSkew: expect.closeTo(skew, 12),
      sampleSkew: expect.closeTo(skew * Math.sqrt(6), 12),
    });
  });

  it("never gives NaN", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        expect(Object.values(momentsOf(values) ?? {}).some(Number.isNaN)).toBe(false);
      }),
    );
  });
});

describe("quantiles", () => {
  it("lie within their values and grow with p", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const sorted = Float64Array.from(values).sort();
        const all = deciles(sorted);
        expect([all[0], all[10]].map((value) => (value ?? NaN) + 0)).toEqual(
          [sorted[0], sorted.at(-1)].map((value) => (value ?? NaN) + 0),
        );
        const slack = 1e-12 * Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0));
        all.slice(1).forEach((value, index) => expect(value).toBeGreaterThanOrEqual((all[index] as number) - slack));
      }),
    );
  });

  it("of nothing are nothing", () => {
    expect([quantile([], 0.5), deciles([])]).toEqual([null, []]);
  });
});

describe("profileNumeric", () => {
  const column = fc.array(
    fc.oneof(fc.constant(null), fc.double(), fc.constantFrom(0, -0, 1, NaN, Infinity, -Infinity)),
  );

  it("counts every row once and every number in one bucket", () => {
    fc.assert(
      fc.property(column, (values) => {
        const profile = profileNumeric(values);
        expect(
          profile.missing +
            profile.nan +
            profile.positiveInfinity +
            profile.negativeInfinity +
            (profile.moments?.count ?? 0),
        ).toBe(values.length);
        const counted = profile.histogram?.counts.reduce((sum, count) => sum + count, 0);
        if (profile.histogram) expect(counted).toBe(values.length - profile.missing - profile.nan);
      }),
    );
  });

  it("has edges for the widest and the narrowest range", () => {
    const widest = equalWidthEdges(-Number.MAX_VALUE, Number.MAX_VALUE, 10);
    expect(widest.every(Number.isFinite)).toBe(true);
    const narrow = equalWidthEdges(1, 1 + Number.EPSILON, 10);
    expect(countBetween([1, 1 + Number.EPSILON], narrow, "nearest").counts.reduce((sum, count) => sum + count, 0)).toBe(
      2,
    );
    expect(countBetween([1e300, 1e300], equalWidthEdges(1e300, 1e300, 10), "nearest").counts[9]).toBe(2);
  });
});

describe("profileInt64", () => {
  it("of nothing has no minimum, maximum and mean", () => {
    expect(profileInt64([null])).toMatchObject({ rows: 1, missing: 1, min: null, max: null, mean: null, sum: 0n });
  });

  it("has the nearest mean", () => {
    expect(profileInt64([2n ** 62n, 2n ** 62n + 2n]).mean).toBe(2 ** 62);
    expect(profileInt64([-1n, -2n]).mean).toBe(-1.5);
  });
});

describe("profileString", () => {
  it("sorts by count, then by code point, not by UTF-16 unit", () => {
    expect(profileString(["\u{1F44D}", "\uFF5E", "a", "a"]).top.map(({ value }) => value)).toEqual([
      "a",
      "\uFF5E",
      "\u{1F44D}",
    ]);
    expect(Math.sign(compareCodePoints("a", "ab"))).toBe(-1);
    expect(compareCodePoints("ab", "ab")).toBe(0);
  });

  it("counts text that UTF-8 cannot hold, or that was lost", () => {
    expect(profileString(["\uD83D", "caf\uFFFD", "👍", "é"]).invalidText).toBe(2);
  });

  it("of nothing has no average and no top", () => {
    expect(profileString([null, null])).toMatchObject({ missing: 2, distinct: 0, top: [], averageLength: null });
  });
});

describe("profileList", () => {
  it("of nothing has no valency", () => {
    expect(profileList([null])).toEqual({ rows: 1, missing: 1, count: 0, valency: null, total: 0, valencyDeciles: [] });
  });
});

describe("normalisedEntropy", () => {
  it("is in [0, 1], 1 on equal counts and null without rows", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1 }), (counts) => {
        const entropy = normalisedEntropy(counts);
        if (counts.every((count) => count === 0)) expect(entropy).toBeNull();
        else expect(entropy !== null && entropy >= 0 && entropy <= 1).toBe(true);
      }),
    );
    expect(normalisedEntropy([4, 4, 4])).toBeCloseTo(1, 14);
    expect(normalisedEntropy([])).toBeNull();
  });
});
