import { describe, expect, it } from "vitest";
import { arePartial } from "./partial-window";

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
