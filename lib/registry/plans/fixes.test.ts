import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FixBody, LeakageFixes, planLeakageFixes as contract } from "@/lib/contracts/leakage-fixes";
import { closeDatabase } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { openTestDatabase } from "@/test/open-test-database";
import { createPipeline } from "../specs/create-pipeline";
import { applySpecs } from "../specs/specs";
import { planLeakageFixes } from "./fixes";
import { previewPlan } from "./plans";

const engine = { unsupported: () => Promise.resolve([]) };

/** The demo, declared and never run. */
beforeAll(async () => {
  await openTestDatabase();
  const documents = readdirSync("prisma/demo").map((file) => ({
    file,
    text: readFileSync(`prisma/demo/${file}`, "utf8"),
  }));
  await applySpecs(SYSTEM, { documents });
});
afterAll(closeDatabase);

const fixesOf = (body: Partial<FixBody>) => planLeakageFixes(SYSTEM, { workspace: "flights", ...body });

describe("the plans that better a verdict", () => {
  it("fork the estimator of another team, or end its owner's rows before the test", async () => {
    const answer = await fixesOf({ pipeline: "late_risk" });
    expect(LeakageFixes.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({
      model: "late_risk_model",
      verdict: { verdict: "leak", severity: "critical", reasons: ["FIT_COVERS_TEST"] },
    });
    expect(answer.fixes).toMatchObject([
      {
        action: "refit_on_train",
        title: "Refit `airport_day_rates` on `late_risk_model`'s training rows",
        estimators: ["airport_day_rates"],
        plan: { consumer: "late_risk", refit: ["airport_day_rates"], split: null, specs: null, pins: {} },
        pipeline: { name: "late_risk_refit", evaluate: { model: "late_risk_model" }, refit: ["airport_day_rates"] },
        existing: "late_risk_honest",
        verdict: { verdict: "safe", severity: "none", estimators: [] },
      },
      {
        action: "cut_fit_window",
        estimators: ["airport_day_rates"],
        plan: { refit: [], specs: expect.stringContaining("before_2001_06_01") },
        existing: null,
        verdict: { verdict: "safe", severity: "none" },
      },
    ]);
    expect(answer.fixes.map(({ cost, remaining }) => [cost, remaining])).toEqual([
      [answer.cost, answer.cost],
      [answer.cost, answer.cost],
    ]);
  });

  it("are what the planner says of the same request, and are stored as a pipeline with the same verdict", async () => {
    const { fixes } = await fixesOf({ pipeline: "late_departures" });
    const [fork] = fixes;
    expect(fork).toMatchObject({
      estimators: ["airport_segments"],
      existing: null,
      plan: { pins: { "airport.segment": "airport_segments", "flight.late_probability": "late_logistic" } },
    });
    for (const { plan, verdict, remaining } of fixes) {
      const { outputs, consumer, pins, refit, split, specs } = plan;
      const preview = await previewPlan(
        SYSTEM,
        { workspace: "flights", outputs, consumer, options: { pins }, refit, ...(split && { split }), ...(specs && { specs }) }, // prettier-ignore
        engine,
      );
      expect(preview.details).toMatchObject([{ verdict, remaining }]);
    }
    await createPipeline(SYSTEM, { workspace: "flights", ...fork!.pipeline });
    const fixed = await fixesOf({ pipeline: "late_departures_refit" });
    expect(fixed).toMatchObject({ model: "late_model", verdict: { verdict: "safe" }, fixes: [] });
    const again = await fixesOf({ pipeline: "late_departures" });
    expect(again.fixes[0]).toMatchObject({
      existing: "late_departures_refit",
      pipeline: { name: "late_departures_refit_2" },
    });
  });

  it("take the variant that pins name, and judge what documents would make of the workspace", async () => {
    const banded = await fixesOf({
      pipeline: "late_departures",
      pins: { "airport.segment": "airport_bands" },
    });
    expect(banded).toMatchObject({ verdict: { verdict: "safe" }, fixes: [] });
    const specs = `
kind: Pipeline
name: by_unit
outputs: [flight.late_risk]
fit: { split: by_flight, parts: [train] }
evaluate: { split: by_flight, test: [test], label: flight.is_late, model: m, unit: [id, date] }
`;
    const { verdict, fixes } = await fixesOf({ pipeline: "by_unit", specs });
    expect(verdict).toMatchObject({ verdict: "leak", severity: "critical" });
    expect(fixes.map(({ action, verdict: after, plan }) => [action, after.verdict, plan.split, plan.refit])).toEqual([
      ["refit_on_train", "safe", null, ["airport_day_rates"]],
      ["adopt_split_policy", "safe", "by_month", ["airport_day_rates"]],
    ]);
  });

  it.each([
    ["a pipeline that is not there", { pipeline: "late_rusk" }, /There is no pipeline `late_rusk`. There are late_/],
    ["a pipeline without a score", { pipeline: "network_reach" }, /`network_reach` is not evaluated/],
    ["a model version that is not there", { modelVersionId: "nothing" }, /no model version `nothing` that you can see/],
    ["a stage that is not there", { pipeline: "late_risk", pins: { "flight.late_risk": "lr" } }, /lr/],
  ])("refuse %s", async (_, body, message) => {
    await expect(fixesOf(body)).rejects.toThrow(message);
  });

  it.each([
    [{ workspace: "flights" }, "pipeline"],
    [{ workspace: "flights", pipeline: "p", modelVersionId: "v" }, "pipeline"],
    [{ pipeline: "p" }, "workspace"],
    [{ modelVersionId: "v", pins: {} }, "pins"],
  ])("are asked of one thing: %j", (body, member) => {
    const parsed = contract.body?.safeParse(body);
    expect(parsed?.error?.issues.map(({ path }) => path[0])).toEqual([member]);
  });
});
