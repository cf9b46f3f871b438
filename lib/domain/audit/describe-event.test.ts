import { describe, expect, it } from "vitest";
import { describeEvent } from "./describe-event";

const sentence = (action: string, object: string, after: unknown = null) => {
  const { did, object: what, href } = describeEvent({ action, object, after });
  return [`${did} ${what}`, href];
};

describe("describeEvent", () => {
  it.each<[string, string, unknown, string, string | null]>([
    ["run.start", "flights/run/42", null, "started run 42", null],
    [
      "feature.promote",
      "flights/feature/airport.segment",
      { environment: "production", version: 3 },
      "promoted airport.segment to production",
      "/features/airport.segment",
    ],
    ["change.open", "flights/change/7", { feature: "airport.segment" }, "opened change 7", "/changes/7"],
    ["change.review", "flights/change/7", { decision: "approve" }, "approved change 7", "/changes/7"],
    [
      "change.review",
      "flights/change/7",
      { decision: "request_changes" },
      "asked for changes in change 7",
      "/changes/7",
    ],
    ["token.create", "flights/token/0190-ab", { name: "CI" }, "made the token CI", "/settings"],
    ["token.revoke", "flights/token/0190-ab", null, "revoked a token", "/settings"],
    ["stage.create", "flights/stage/airport_daily", null, "created stage airport_daily", "/stages/airport_daily"],
    ["monitor.evaluate", "flights/monitor/outcomes", null, "ran monitor outcomes", "/monitors/outcomes"],
    ["monitor.look", "flights/monitor/outcomes", null, "ran monitor outcomes", "/monitors/outcomes"],
    [
      "monitor.baseline",
      "flights/monitor/outcomes",
      null,
      "reset the baseline of monitor outcomes",
      "/monitors/outcomes",
    ],
    [
      "monitor.backfill",
      "flights/monitor/outcomes",
      null,
      "started a history check by monitor outcomes",
      "/monitors/outcomes",
    ],
    [
      "ab_test.create",
      "flights/ab_test/segmentation",
      null,
      "created A/B test segmentation",
      "/deployments/ab-tests/segmentation",
    ],
    ["dataset.check_fail", "flights/dataset/weather", null, "could not check the rules of dataset weather", null],
    ["policy.apply", "flights/policy/production", null, "applied policy production", null],
  ])("%s of %s", (action, object, after, text, href) => {
    expect(sentence(action, object, after)).toEqual([text, href]);
  });
});
