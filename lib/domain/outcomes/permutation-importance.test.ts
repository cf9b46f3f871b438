import { expect, it } from "vitest";
import { columnBehind, importanceOf } from "./permutation-importance";

it.each([
  ["auc", 0.8, [0.6, 0.7], 0.15],
  ["rmse", 2, [3, 4], 1.5],
])("of %s is the mean loss with its deviation", (metric, score, shuffled, value) => {
  const found = importanceOf("hour", metric, score, shuffled);
  expect(found.feature).toBe("hour");
  expect(found.value).toBeCloseTo(value, 12);
  const distance = Math.abs((shuffled[0] ?? 0) - (shuffled[1] ?? 0));
  expect(found.deviation).toBeCloseTo(distance / Math.SQRT2, 12);
});

it("components of a vector are one column", () => {
  expect(["hour", "segment[3]", "segment[12]", "a[1] × b"].map(columnBehind)).toEqual(["hour", "segment", "segment", "a[1] × b"]); // prettier-ignore
});
