import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, toleratedEdits } from "./edit-distance";

describe("editDistance", () => {
  it.each([
    ["delay", "delay", 0],
    ["deley", "delay", 1],
    ["dealy", "delay", 1],
    ["dely", "delay", 1],
    ["dellay", "delay", 1],
    ["", "ab", 2],
    ["departrue", "departures", 2],
    // A swapped pair is not edited again: the restricted distance.
    ["ca", "abc", 3],
  ])("%s → %s is %i", (one, other, distance) => {
    expect(editDistance(one, other, 5)).toBe(distance);
    expect(editDistance(other, one, 5)).toBe(distance);
  });

  it("cuts off at the limit without changing what lies within it", () => {
    const words = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 7 });
    fc.assert(
      fc.property(words, words, fc.integer({ min: 0, max: 4 }), (one, other, limit) => {
        const exact = editDistance(one, other, 20);
        expect(editDistance(one, other, limit)).toBe(Math.min(exact, limit + 1));
      }),
    );
  });

  it("tolerates nothing in short words", () => {
    expect(["7d", "day", "late", "segment", "departures"].map(toleratedEdits)).toEqual([0, 0, 1, 1, 2]);
  });
});
