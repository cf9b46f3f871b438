import { expect, it } from "vitest";
import { comparedMetrics, describeEdges, describeSlice, otherName, rangeNames, sliceName } from "./slices";

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

it.each([
  ["auc", [0.01, 0.2], "better"],
  ["auc", [-0.2, -0.01], "worse"],
  ["rmse", [0.01, 0.2], "worse"],
  ["rmse", [-0.2, -0.01], "better"],
  ["auc", [-0.1, 0.1], "no difference shown"],
  ["auc", [0, 0.1], "no difference shown"],
  ["auc", null, "too few rows to tell"],
  ["macroF1", undefined, null],
] as const)("a difference of %s of %j is %s", (metric, interval, words) => {
  const differences = interval === undefined ? {} : { [metric]: { value: 0, interval: interval && [...interval] as [number, number] } }; // prettier-ignore
  expect(describeSlice(metric, { differences })).toBe(words);
});

it("names what a person could not see, and where edges are from", () => {
  expect(sliceName({ kind: "value", name: " " })).toBe("(empty text)");
  expect(sliceName({ kind: "missing", name: "missing" })).toBe("missing");
  expect(describeEdges({ edges: null, edgesOf: null })).toBe("by value");
  expect(describeEdges({ edges: [1], edgesOf: "train" })).toBe("by the quartiles of train");
  expect(describeEdges({ edges: [1], edgesOf: "judged" })).toBe("by the quartiles of the judged rows");
});

it("metrics are compared in the order in which they are shown", () => {
  const slice = (names: string[]) => ({ kind: "value" as const, name: "a", metrics: {}, intervals: {}, differences: Object.fromEntries(names.map((name) => [name, { value: 0, interval: null }])) }); // prettier-ignore
  expect(comparedMetrics([{ parts: { test: [slice(["accuracy"]), slice(["auc", "accuracy"])] } }])).toEqual([
    "auc",
    "accuracy",
  ]);
});
