import { describe, expect, it } from "vitest";
import type { DeploymentDetail, DeploymentJob } from "@/lib/contracts/deployments";
import { purposeOf, variantInWords, whyNotRun } from "./job-words";

const deployment = (more: Partial<DeploymentDetail> = {}) =>
  ({ state: "active", model: "late_model", outputs: ["flight.late"], actions: ["run"], ...more }) as DeploymentDetail;
const job = (more: Partial<DeploymentJob> = {}) => ({ alias: "staging", follows: null, ...more }) as DeploymentJob;

describe("whyNotRun", () => {
  it.each<[string, Partial<DeploymentJob>, Partial<DeploymentDetail>, RegExp | null]>([
    ["a fit", { alias: null }, {}, null],
    ["an alias that names a version", { follows: { version: 1, since: "", by: "" } }, {}, null],
    ["nothing under staging", {}, {}, /run the fit job first/],
    ["nothing under production", { alias: "production" }, {}, /promote one first/],
    ["nothing that is fitted", {}, { model: null }, null],
    ["a retired one", { alias: null }, { state: "retired" }, /retired/],
    ["somebody who may not", { alias: null }, { actions: [] }, /roles/],
  ])("%s", (_, one, more, reason) => {
    const found = whyNotRun(job(one), deployment(more));
    if (reason === null) expect(found).toBeNull();
    else expect(found).toMatch(reason);
  });
});

describe("purposeOf", () => {
  it("says what is written, with which version", () => {
    expect(purposeOf("predict_production", deployment())).toContain("the alias production");
    expect(purposeOf("predict_production", deployment({ model: null }))).toBe("Computes flight.late for production.");
    expect(purposeOf("fit", deployment())).toContain("a version of late_model");
  });
});

describe("variantInWords", () => {
  it("names the stages at the forks once each", () => {
    const choice = { "a.x": "one", "a.y": "one", "a.z": "two" };
    expect(variantInWords(choice, ["a.x", "a.y"])).toBe("one");
    expect(variantInWords(choice, ["a.x", "a.z", "b.gone"])).toBe("one · two");
    expect(variantInWords(choice, [])).toBe("the only variant");
  });
});
