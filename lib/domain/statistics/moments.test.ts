import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCodePoints } from "./code-points";
import { type CentralMoments, combineMoments, momentsOf } from "./moments";
import { normalisedEntropy } from "./normalised-entropy";
import { deciles, quantile } from "./quantiles";

const numbers = fc.array(
  fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  { minLength: 1 },
);

describe("momentsOf", () => {
  it("keeps the digits of a small spread on a large offset", () => {
    expect(momentsOf([1e9 + 1, 1e9 + 2, 1e9 + 3])).toMatchObject({ mean: 1e9 + 2, sampleStd: 1, populationSkew: 0 });
  });

  /** Mean and population variance by exact rational arithmetic, as doubles. */
  function exactly(values: readonly number[]): { mean: number; std: number } {
    // Every double below 2^60 with 10 binary places is a whole number of 1024ths.
    const parts = values.map((value) => BigInt(Math.floor(value)) * 1024n + BigInt((value - Math.floor(value)) * 1024));
    const n = BigInt(parts.length);
    const sum = parts.reduce((total, part) => total + part, 0n);
    const squares = parts.reduce((total, part) => total + part * part, 0n);
    const spread = n * squares - sum * sum;
    const whole = sum / (n * 1024n);
    const mean = Number(whole) + Number(sum - whole * n * 1024n) / Number(n * 1024n);
    return { mean, std: Math.sqrt(Number(spread)) / Number(n) / 1024 };
  }

  it.each([
    ["a thousand values near 1e15", 1000, 1e15, 8],
    ["many values near 1e15", 200_000, 1e15, 8],
    ["values near −1e15", 5000, -1e15, 8],
    ["values near 1e12 that differ by thousandths", 20_000, 1e12, 1024],
  ])("is right for %s", (_, count, offset, fraction) => {
    const values = Array.from({ length: count }, (__, at) => offset + ((at * 7919) % 37) / fraction);
    const { mean, std } = exactly(values);
    const found = momentsOf(values)!;
    expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(Math.abs(offset) * 2 ** -52);
    expect(Math.abs(found.populationStd / std - 1)).toBeLessThan(1e-12);
  });

  function centralOf(values: readonly number[]): CentralMoments {
    const { count, mean, populationStd, populationSkew } = momentsOf(values)!;
    return {
      n: count,
      mean,
      rest: 0,
      m2: count * populationStd ** 2,
      m3: count * (populationSkew ?? 0) * populationStd ** 3,
    };
  }

  it("is that of its parts together", () => {
    const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 5 }), (parts) => {
        const whole = centralOf(parts.flat());
        const combined = combineMoments([...parts.map(centralOf), { n: 0, mean: 0, rest: 0, m2: 0, m3: 0 }])!;
        expect(combined.n).toBe(whole.n);
        expect(combined.mean + combined.rest).toBeCloseTo(whole.mean, 8);
        expect(combined.m2 / (whole.m2 + 1)).toBeCloseTo(whole.m2 / (whole.m2 + 1), 8);
        expect(combined.m3 / (Math.abs(whole.m3) + 1e9)).toBeCloseTo(whole.m3 / (Math.abs(whole.m3) + 1e9), 8);
      }),
    );
    expect(combineMoments([])).toBeNull();
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

describe("compareCodePoints", () => {
  it("is the order of UTF-8's bytes, not of UTF-16 units", () => {
    expect(["\u{1F44D}", "\uFF5E", "a", "ab"].sort(compareCodePoints)).toEqual(["a", "ab", "\uFF5E", "\u{1F44D}"]);
    expect(compareCodePoints("ab", "ab")).toBe(0);
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
