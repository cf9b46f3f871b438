import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ParameterSearch } from "../definitions/parameter-search";
import { trialCount, trialsOf } from "./trials";

const search = (rest: Partial<ParameterSearch>): ParameterSearch => ({ metric: "auc", params: {}, ...rest });
const never = () => false;

describe("trials of a search", () => {
  it("are every combination, the last name varying first, whatever the order of the members", () => {
    // As sklearn.model_selection.ParameterGrid({"b__z": [1, 2], "a__y": ["u", "v"]}).
    const params = { b: { z: [1, 2] }, a: { y: ["u", "v"] } };
    expect(trialsOf(search({ params }), never)).toEqual([
      { a: { y: "u" }, b: { z: 1 } },
      { a: { y: "u" }, b: { z: 2 } },
      { a: { y: "v" }, b: { z: 1 } },
      { a: { y: "v" }, b: { z: 2 } },
    ]);
  });

  it("are drawn without repetition from lists, the same by the same seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer(), (trials, seed) => {
        const asked = search({ params: { a: { x: [1, 2, 3], y: [1, 2] }, b: { z: [true, false] } }, trials, seed });
        const drawn = trialsOf(asked, never);
        expect(new Set(drawn.map((one) => JSON.stringify(one))).size).toBe(trials);
        expect(trialsOf(asked, never)).toEqual(drawn);
      }),
    );
    const orders = [1, 2, 3].map((seed) => JSON.stringify(trialsOf(search({ params: { a: { x: [1, 2, 3, 4, 5, 6] } }, trials: 6, seed }), never))); // prettier-ignore
    expect(new Set(orders).size).toBe(3);
  });

  it("are drawn from ranges within their ends, whole where the parameter is, and by powers of ten where asked", () => {
    const range = { from: 0.001, to: 10, scale: "log" as const };
    const asked = search({ params: { a: { x: range, n: { from: 2, to: 4 } } }, trials: 100 });
    const drawn = trialsOf(asked, (_, param) => param === "n");
    const xs = drawn.map(({ a }) => a?.x as number);
    expect(xs.every((x) => x >= 0.001 && x <= 10)).toBe(true);
    // A quarter of the draws for each of the four powers of ten, give or take.
    for (const power of [0.001, 0.01, 0.1, 1]) expect(xs.filter((x) => x >= power && x < power * 10).length).toBeGreaterThan(12); // prettier-ignore
    const ns = drawn.map(({ a }) => a?.n as number);
    for (const n of [2, 3, 4]) expect(ns.filter((one) => one === n).length).toBeGreaterThan(20);
    expect(ns.filter((n) => ![2, 3, 4].includes(n))).toEqual([]);
  });

  it.each([
    [{ params: { a: { x: [1, 2], y: [1, 2, 3] } } }, 6],
    [{ params: { a: { x: { from: 0, to: 1 } } } }, null],
    [{ params: { a: { x: { from: 0, to: 1 } } }, trials: 5 }, 5],
  ])("of %j are %j", (rest, expected) => {
    expect(trialCount(search(rest))).toBe(expected);
  });
});
