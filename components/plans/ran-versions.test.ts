import { describe, expect, it } from "vitest";
import type { ModelVersion } from "@/lib/contracts/models";
import { metricsRows, versionsOf } from "./ran-versions";

const version = (number: number, choice: Record<string, string>): ModelVersion =>
  ({ version: number, choice, createdAt: `2001-01-0${number}T00:00:00Z`, metrics: {}, runId: "", runNumber: number }) as never; // prettier-ignore

const models = [
  { name: "one", versions: [version(3, { late: "tree", segment: "bands", label: "label" }), version(1, { late: "tree", segment: "kmeans" })] }, // prettier-ignore
  { name: "two", versions: [version(2, { late: "tree", segment: "bands" })] },
];

describe("versionsOf", () => {
  it("finds runs that chose the same, whatever else they made, the newest first", () => {
    const found = versionsOf(models, { late: "tree", segment: "bands" });
    expect(found.map(({ model, version: number }) => `${model} ${number}`)).toEqual(["one 3", "two 2"]);
  });

  it("finds nothing that chose otherwise", () => {
    expect(versionsOf(models, { late: "logistic", segment: "bands" })).toEqual([]);
  });
});

it("metricsRows puts the values of both sides side by side", () => {
  expect(metricsRows({ metrics: { test: { auc: 0.7, rows: 5 } } }, { metrics: { test: { auc: 0.8 } } })).toEqual([
    { part: "test", metric: "auc", a: 0.7, b: 0.8 },
    { part: "test", metric: "rows", a: 5, b: null },
  ]);
  expect(metricsRows(undefined, undefined)).toEqual([]);
});
