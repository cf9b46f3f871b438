import { describe, expect, it } from "vitest";
import { costInWords, reusedInWords } from "./reuse-words";

describe("costInWords", () => {
  it.each([
    [12, 12, "12 cost units"],
    [12, 4, "12 cost units, 4 left to compute"],
    [12, 0, "12 cost units, nothing left to compute"],
    [1, 1, "1 cost unit"],
    [0, 0, "0 cost units"],
  ])("of %i with %i remaining", (cost, remaining, words) => expect(costInWords(cost, remaining)).toBe(words));
});

describe("reusedInWords", () => {
  it.each([
    [0, 0, []],
    [2, 0, ["✓ 2 already fitted"]],
    [2, 1, ["✓ 2 already fitted", "▣ 1 already computed"]],
  ])("of %i fitted and %i computed", (fitted, computed, words) =>
    expect(reusedInWords(fitted, computed)).toEqual(words),
  );
});
