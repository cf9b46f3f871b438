import { describe, expect, it } from "vitest";
import type { DeploymentSummary } from "@/lib/contracts/deployments";
import type { PipelineDetail } from "@/lib/contracts/pipelines";
import { variantsOf } from "./pipeline-variants";

const pipeline = (choices: Record<string, string>[]) =>
  ({
    pins: {},
    plan: {
      variants: choices.map((choice) => [...new Set(Object.values(choice))]),
      choices,
      costs: choices.map(() => 3),
    },
  }) as unknown as PipelineDetail;
const deployment = (name: string, choice: Record<string, string>, state = "active") =>
  ({ name, choice, state }) as unknown as DeploymentSummary;

const BANDS = { "a.segment": "bands", "f.p": "tree" };
const MEANS = { "a.segment": "kmeans", "f.p": "tree" };

describe("variantsOf", () => {
  it("tells variants apart by the stages at the forks, and pins just those", () => {
    expect(variantsOf(pipeline([MEANS, BANDS]), [], [])).toMatchObject([
      { index: 0, words: "kmeans", pins: { "a.segment": "kmeans" }, cost: 3, deployment: null },
      { index: 1, words: "bands", pins: { "a.segment": "bands" } },
    ]);
  });

  it("takes a column that some variants do not have for a fork", () => {
    const found = variantsOf(pipeline([{ ...MEANS, "a.scaled": "scaler" }, BANDS]), [], []);
    expect(found.map(({ words }) => words)).toEqual(["kmeans · scaler", "bands"]);
  });

  it("has nothing to tell apart in an only variant, and none without a plan", () => {
    expect(variantsOf(pipeline([MEANS]), [], [])).toMatchObject([{ words: "the only variant", pins: {} }]);
    expect(variantsOf({ plan: null } as unknown as PipelineDetail, [], [])).toEqual([]);
  });

  it("names what the pipeline pins, and how the variant ran", () => {
    const last = { id: "r7", number: 7, state: "succeeded" };
    const ran = [{ choice: { ...BANDS, "f.is_late": "label" }, runs: 3, last }];
    const pinned = { ...pipeline([MEANS, BANDS]), pins: { "f.p": "tree" } };
    expect(variantsOf(pinned, [], ran)).toMatchObject([
      { words: "tree · kmeans", ran: null },
      { words: "tree · bands", ran: { runs: 3, last } },
    ]);
  });

  it("finds the deployment of each, which may write a label as well, and no retired one", () => {
    const known = [deployment("old", BANDS, "retired"), deployment("daily", { ...MEANS, "f.is_late": "label" })];
    expect(variantsOf(pipeline([MEANS, BANDS]), known, []).map((one) => one.deployment?.name ?? null)).toEqual([
      "daily",
      null,
    ]);
  });
});
