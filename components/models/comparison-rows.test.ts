import { describe, expect, it } from "vitest";
import type { ComparedVersion } from "@/lib/contracts/model-comparison";
import { compareVersions } from "./comparison-rows";

const version = (number: number, regParam: number, auc: number | null, rest: Partial<ComparedVersion> = {}) =>
  ({
    id: `v${number}`,
    version: number,
    model: "m",
    params: { model: { regParam, solver: null, family: "binomial" } },
    choice: { "e.p": "model" },
    datasets: { sales: number },
    features: [{ feature: "e.x", version: 1, verdict: "safe", explanation: [] }],
    trainedOn: "part train of s",
    testedOn: "part test of s",
    verdict: "safe",
    metrics: auc === null ? {} : { test: { auc, rows: 100, logLoss: 0.5 } },
    evaluation: auc === null ? null : { task: "binary", threshold: 0.5, parts: { test: { intervals: { auc: [auc - 0.01, auc + 0.01] } } } },
    ...rest,
  }) as ComparedVersion; // prettier-ignore

describe("what versions differ in", () => {
  const groups = compareVersions([version(2, 0.1, 0.8), version(1, 0, 0.7), version(3, 0, null)]);
  const group = (title: string) => groups.find((one) => one.title === title)?.rows ?? [];

  it("is told of parameters, data and features, with what a version does not have", () => {
    expect(group("Parameters")).toEqual([
      { name: "e.p by", values: ["model", "model", "model"], differs: false },
      { name: "model.regParam", values: ["0.1", "0", "0"], differs: true },
      { name: "model.family", values: ["binomial", "binomial", "binomial"], differs: false },
    ]);
    expect(group("Data").filter(({ differs }) => differs)).toEqual([
      { name: "sales", values: ["v2", "v1", "v3"], differs: true },
    ]);
    expect(group("Features")).toEqual([{ name: "e.x", values: ["v1", "v1", "v1"], differs: false }]);
  });

  it("is told of metrics with their intervals and the best", () => {
    expect(group("Metrics")[0]).toEqual({
      name: "AUC, test",
      values: ["0.8000 (0.7900 to 0.8100)", "0.7000 (0.6900 to 0.7100)", null],
      differs: true,
      best: [0],
    });
    // Neither more nor fewer rows are better.
    expect(group("Metrics").find(({ name }) => name === "Rows, test")?.best).toBeUndefined();
  });

  it("never has a version that leaks as the best, and says so", () => {
    const leaking = version(4, 0, 0.99, { verdict: "leak" });
    const metrics = (...all: ComparedVersion[]) => compareVersions(all).at(-1);
    expect(metrics(leaking, version(2, 0.1, 0.8), version(1, 0, 0.7))).toMatchObject({
      note: expect.stringContaining("m v4 leaks"),
      rows: expect.arrayContaining([expect.objectContaining({ name: "AUC, test", best: [1] })]),
    });
    expect(metrics(leaking, version(1, 0, 0.7))?.rows[0]?.best).toBeUndefined();
  });

  it("counts as a difference what is only shown alike", () => {
    const [row] = compareVersions([version(1, 0, 0.70001), version(2, 0, 0.70002)]).at(-1)?.rows ?? [];
    expect(row).toMatchObject({ differs: true, best: [1] });
  });
});
