import { expect, it } from "vitest";
import { otherName, rangeNames } from "./slices";

it.each([
  [[], ["all values"]],
  [[3], ["up to 3", "above 3"]],
  [
    [-1.5, 0, 2],
    ["up to -1.5", "above -1.5 to 0", "above 0 to 2", "above 2"],
  ],
])("edges %j cut ranges %j", (edges, names) => {
  expect(rangeNames(edges)).toEqual(names);
});

it.each([
  [1, "other (1 value)"],
  [12, "other (12 values)"],
])("%i rarer values are %s", (values, name) => {
  expect(otherName(values)).toBe(name);
});
