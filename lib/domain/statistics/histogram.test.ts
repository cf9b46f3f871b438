import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addHistograms,
  bucketsOf,
  coarsen,
  countCategories,
  countNumbers,
  edgesFromQuantiles,
  shares,
  totalOf,
  type Histogram,
} from "./histogram";

const number = fc.oneof(
  fc.integer({ min: -5, max: 15 }),
  fc.double({ min: -5, max: 15 }),
  fc.constantFrom(null, NaN, Infinity, -Infinity, 1e8, -0),
);
const numbers = fc.array(number, { maxLength: 40 });
const edges = fc
  .uniqueArray(fc.integer({ min: 0, max: 10 }), { maxLength: 6 })
  .map((list) => list.sort((a, b) => a - b));
const category = fc.constantFrom("a", "b", "c", "", "ü", null);

describe("countNumbers", () => {
  it.each<[string, (number | null)[], number[], string]>([
    ["half-open buckets, the last one closed", [0, 1, 1.9, 2, 3, 3.1, -0.1], [0, 1, 2, 3], "1 | 1 2 2 | 1 0 0"],
    ["infinities, NaN and missing values", [-Infinity, Infinity, NaN, null, 1], [0, 2], "1 | 1 | 1 1 1"],
    ["a constant", [7, 7, 6, 8], [7, 7], "1 | 2 | 1 0 0"],
    ["a reference without numbers", [1, -1, null], [], "0 |  | 2 1 0"],
    ["nothing", [], [0, 1], "0 | 0 | 0 0 0"],
  ])("%s", (_, values, given, expected) => {
    const { underflow, counts, overflow, missing, nan } = countNumbers(values, given);
    expect(`${underflow} | ${counts.join(" ")} | ${overflow} ${missing} ${nan}`).toBe(expected);
  });

  it("puts every number where a linear search puts it", () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 15, noNaN: true }), edges, (value, given) => {
        fc.pre(given.length > 1);
        const last = given.at(-1)!;
        const expected = given.slice(1).map((high, index) => {
          const low = given[index]!;
          return low <= value && (value < high || (high === last && value === high)) ? 1 : 0;
        });
        expect(countNumbers([value], given).counts).toEqual(expected);
      }),
    );
  });

  it.each([[[1, 1, 2]], [[2, 1]], [[0, NaN]], [[0, Infinity]], [[Infinity, Infinity]]])(
    "refuses the edges %j",
    (given) => {
      expect(() => countNumbers([1], given)).toThrow(expect.objectContaining({ code: "invalid" }));
    },
  );
});

describe("countCategories", () => {
  it("counts known, unseen and missing values apart", () => {
    expect(countCategories(["a", "b", "a", "z", null, undefined, ""], ["a", "b", ""])).toEqual({
      kind: "categorical",
      values: ["a", "b", ""],
      counts: [2, 1, 1],
      other: 1,
      missing: 2,
    });
  });
});

describe("edgesFromQuantiles", () => {
  it.each<[string, number[], number[]]>([
    ["are the quantiles", [1, 2, 3], [1, 2, 3]],
    ["collapse where one value fills several buckets", [0, 0, 0, 0, 0, 0, 0, 0, 0.2, 10.1, 20], [0, 0.2, 10.1, 20]],
    ["give a constant its bucket", [4, 4, 4], [4, 4]],
    ["leave infinities out", [-Infinity, 0, 1, Infinity, NaN], [0, 1]],
    ["are none without numbers", [], []],
  ])("%s", (_, quantiles, expected) => {
    expect(edgesFromQuantiles(quantiles)).toEqual(expected);
  });
});

describe("addHistograms", () => {
  it("gives windows together the histogram of the joint window", () => {
    fc.assert(
      fc.property(numbers, numbers, edges, (one, other, given) => {
        expect(addHistograms(countNumbers(one, given), countNumbers(other, given))).toEqual(
          countNumbers([...one, ...other], given),
        );
      }),
    );
    fc.assert(
      fc.property(fc.array(category), fc.array(category), (one, other) => {
        const values = ["a", ""];
        expect(addHistograms(countCategories(one, values), countCategories(other, values))).toEqual(
          countCategories([...one, ...other], values),
        );
      }),
    );
  });

  it.each<[string, Histogram, Histogram]>([
    ["edges", countNumbers([], [0, 1]), countNumbers([], [0, 2])],
    ["edges", countNumbers([], [0, 1]), countNumbers([], [0, 1, 2])],
    ["values", countCategories([], ["a"]), countCategories([], ["b"])],
    ["kinds", countNumbers([], [0, 1]), countCategories([], ["b"])],
  ])("refuses different %s", (what, one, other) => {
    expect(() => addHistograms(one, other)).toThrow(`different ${what}`);
  });

  it("changes neither side", () => {
    const one = countNumbers([1], [0, 2]);
    addHistograms(one, one).counts[0] = 99;
    expect(one.counts).toEqual([1]);
  });
});

describe("coarsen", () => {
  it("gives the histogram that the coarser edges would have given", () => {
    fc.assert(
      fc.property(numbers, edges, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (values, fine, keep) => {
        fc.pre(fine.length > 1);
        const coarse = fine.filter((_, index) => index === 0 || index === fine.length - 1 || keep[index]);
        expect(coarsen(countNumbers(values, fine), coarse)).toEqual(countNumbers(values, coarse));
      }),
    );
    expect(coarsen(countNumbers([4], [4, 4]), [4, 4])).toEqual(countNumbers([4], [4, 4]));
  });

  it.each([[[0, 1.5, 3]], [[1, 3]], [[0, 1]], [[0]], [[]]])("refuses %j for [0, 1, 2, 3]", (given) => {
    expect(() => coarsen(countNumbers([], [0, 1, 2, 3]), given)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});

describe("shares", () => {
  it("sum to one over all rows, and are zero without rows", () => {
    fc.assert(
      fc.property(numbers, edges, (values, given) => {
        const histogram = countNumbers(values, given);
        expect(totalOf(histogram)).toBe(values.length);
        const sum = shares(histogram).reduce((total, share) => total + share, 0);
        expect(sum).toBeCloseTo(values.length === 0 ? 0 : 1, 12);
      }),
    );
  });

  it("follow the order of the buckets", () => {
    const numeric = countNumbers([-1, 0, 1, 1, 5, null, NaN, NaN], [0, 1, 2]);
    expect(bucketsOf(numeric)).toEqual([
      { label: "below 0", count: 1 },
      { label: "0 to 1", count: 1 },
      { label: "1 to 2", count: 2 },
      { label: "above 2", count: 1 },
      { label: "missing", count: 1 },
      { label: "NaN", count: 2 },
    ]);
    expect(
      bucketsOf(numeric, true)
        .map(({ label }) => label)
        .slice(1, 3),
    ).toEqual(["below 1", "1 and above"]);
    expect(bucketsOf(countNumbers([7], [7, 7]), true)[1]).toEqual({ label: "7", count: 1 });
    expect(shares(numeric)).toEqual([0.125, 0.125, 0.25, 0.125, 0.125, 0.25]);
    expect(bucketsOf(countCategories(["a", "x", null, null], ["a"]))).toEqual([
      { label: '"a"', count: 1 },
      { label: "unseen values", count: 1 },
      { label: "missing", count: 2 },
    ]);
  });

  it.each<[string, number[], string[]]>([
    ["three significant digits", [-22.1429, 0.637626, 12.3456], ["−22.1 to 0.638", "0.638 to 12.3"]],
    ["whole numbers whole", [1998, 2001, 2012.75], ["1998 to 2001", "2001 to 2010"]],
    ["as many digits as keep edges apart", [0.184358, 0.184472, 0.2], ["0.1844 to 0.1845", "0.1845 to 0.2"]],
    ["all digits where six make two edges one", [1.0000001, 1.0000002], ["1.0000001 to 1.0000002"]],
    ["small and great numbers short", [-1.23456e-9, 2.34567e9], ["−1.23e−9 to 2350000000"]],
  ])("are called by %s", (_, edges, labels) => {
    expect(
      bucketsOf(countNumbers([], edges))
        .map(({ label }) => label)
        .slice(1, -3),
    ).toEqual(labels);
  });
});
