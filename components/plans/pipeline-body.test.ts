import { describe, expect, it } from "vitest";
import { suggestName, suggestNames, toPipelineBody, type PipelineForm } from "./pipeline-body";

const form: PipelineForm = { name: "late", description: " why ", owner: "", model: "late_two", fit: "consumer" };
const variant = { output: null, details: { pins: { "a.segment": "bands" } } } as never;
const consumer = {
  fit: { split: "by_month", parts: ["train"] },
  refit: ["scaler"],
  evaluate: { split: "by_month", test: ["test"], label: "f.is_late", model: "late_one", unit: ["id"] },
};

describe("toPipelineBody", () => {
  it("keeps the consumer's rows and evaluation, with a model of its own", () => {
    expect(toPipelineBody("flights", form, ["f.late"], variant, consumer, null, [])).toEqual({
      workspace: "flights",
      name: "late",
      outputs: ["f.late"],
      pins: { "a.segment": "bands" },
      fit: { split: "by_month", parts: ["train"] },
      refit: ["scaler"],
      evaluate: { split: "by_month", test: ["test"], label: "f.is_late", model: "late_two", unit: ["id"] },
      description: "why",
    });
  });

  it("takes another split for fit and evaluation, and other refits", () => {
    const body = toPipelineBody("flights", form, ["f.late"], variant, consumer, "by_flight", ["kmeans"]);
    expect(body.fit).toEqual({ split: "by_flight", parts: ["train"] });
    expect(body.evaluate?.split).toBe("by_flight");
    expect(body.refit).toEqual(["kmeans"]);
  });

  it("has no evaluation without a consumer, and one output when planned on its own", () => {
    const alone = { output: "a.segment", details: { pins: {} } } as never;
    expect(
      toPipelineBody("w", { ...form, description: "", fit: "all" }, ["a.segment", "b.c"], alone, null, null, []),
    ).toEqual({
      workspace: "w",
      name: "late",
      outputs: ["a.segment"],
      fit: { rows: "all" },
    });
  });
});

it("suggestName makes a name that is allowed", () => {
  expect(suggestName(["flight.late_probability"], ["airport_bands", "late_tree"])).toBe("late_probability_airport_bands_late_tree"); // prettier-ignore
  expect(suggestName(["a.b"], [])).toBe("b");
  expect(suggestName(["a.b"], ["x".repeat(80)])).toHaveLength(60);
});

describe("suggestNames", () => {
  const names = (refit: string[], split: string | null) =>
    suggestNames(["flight.late_risk"], ["lr"], { refit, split }, { model: "late_risk_model" });

  it("gives another computation a model of its own, and the same with other fits the consumer's", () => {
    expect(names([], null)).toEqual({ name: "late_risk_lr", model: "late_risk_lr" });
    expect(names(["rates"], null)).toEqual({ name: "late_risk_lr_refit", model: "late_risk_model" });
    expect(names([], "by_month")).toEqual({ name: "late_risk_lr_resplit", model: "late_risk_model" });
    expect(suggestNames(["a.b"], [], { refit: ["c"], split: null }, null)).toEqual({
      name: "b_refit",
      model: "b_refit",
    });
  });
});
