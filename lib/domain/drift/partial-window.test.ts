import { describe, expect, it } from "vitest";
import { arePartial, markPartial } from "./partial-window";

describe("arePartial", () => {
  it.each([
    ["a month that has only begun", [900, 1000, 1100, 30], [false, false, false, true]],
    ["one that was begun late", [100, 1000, 1100], [true, false, false]],
    ["a quiet month between others", [1000, 100, 1000], [false, false, false]],
    ["half as many rows", [1000, 1000, 500], [false, false, false]],
    ["two windows, of which nobody knows which is usual", [1000, 10], [false, false]],
    ["none", [], []],
  ])("%s", (_, rows, expected) => {
    expect(arePartial(rows)).toEqual(expected);
  });
});

describe("markPartial", () => {
  it("tells the windows of each feature apart, in whatever order they come", () => {
    const verdict = (feature: string, from: string, rows: number) => ({ feature, from, rows });
    const verdicts = [
      verdict("a", "2001-07", 3),
      verdict("b", "2001-07", 1000),
      ...["2001-04", "2001-05", "2001-06"].flatMap((from) => [verdict("a", from, 1000), verdict("b", from, 1000)]),
    ];
    const partial = markPartial(verdicts).filter(({ isPartial }) => isPartial);
    expect(partial).toEqual([{ ...verdict("a", "2001-07", 3), isPartial: true }]);
  });
});
