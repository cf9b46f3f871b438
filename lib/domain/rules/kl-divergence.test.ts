import { describe, expect, it } from "vitest";
import { binnedShares, categoricalShares, divergenceOf } from "./kl-divergence";

const none = { tail: 0, internal: 0 };

describe("divergenceOf", () => {
  it("is 0 for equal shares and ln 2 for one of two equally likely values", () => {
    const partition = { values: ["a", "b"], weights: [0.5, 0.5] };
    const same = categoricalShares(partition, [{ value: "a", count: 3 }, { value: "b", count: 3 }], none); // prettier-ignore
    expect(divergenceOf(same)).toBe(0);
    expect(divergenceOf(categoricalShares(partition, [{ value: "a", count: 3 }], none))).toBeCloseTo(Math.log(2), 12);
  });

  it("is infinite for a stranger unless the tail holds weight for it", () => {
    const partition = { values: ["a"], weights: [1] };
    const counts = [{ value: "a", count: 1 }, { value: "z", count: 1 }]; // prettier-ignore
    const strict = categoricalShares(partition, counts, none);
    expect(divergenceOf(strict)).toBe(Infinity);
    expect(strict.observed_partition).toEqual({ values: ["a", "z"], weights: [0.5, 0.5] });
    // 0.5 ln(0.5 / 0.9) + 0.5 ln(0.5 / 0.1)
    expect(divergenceOf(categoricalShares(partition, counts, { tail: 0.1, internal: 0 }))).toBeCloseTo(
      0.5108256237659907,
      12,
    );
  });

  it("does not exist of nothing", () => {
    expect(divergenceOf(categoricalShares({ values: ["a"], weights: [1] }, [], none))).toBeNull();
    expect(divergenceOf(binnedShares({ bins: [0, 1], weights: [1] }, [0, 0, 0], none))).toBeNull();
  });

  it("halves the tail's weight and fills empty bins with the internal weight", () => {
    const shares = binnedShares({ bins: [0, 1, 2], weights: [1, 0] }, [1, 2, 1, 0], { tail: 0.2, internal: 0.1 });
    expect(shares.observed_partition).toEqual({ bins: [0, 1, 2], weights: [0.5, 0.25], tail_weights: [0.25, 0] });
    expect(shares.expected_partition.weights.map((one) => Number(one.toFixed(12)))).toEqual([0.7, 0.1]);
    expect(shares.expected_partition).toMatchObject({ tail_weights: [0.1, 0.1] });
  });
});
