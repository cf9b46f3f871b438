import { expect, it } from "vitest";
import { compareMetrics } from "./compare-results";

it("says of a figure that nobody counted then that it was not recorded, and of one that is missing now that it differs", () => {
  const none = { crossValidation: null };
  const states = (before: Record<string, number>, after: Record<string, number>) =>
    compareMetrics({ metrics: { test: before }, ...none }, { metrics: { test: after }, ...none }).findings.map(
      ({ subject, state }) => [subject, state],
    );
  expect(states({ auc: 0.5 }, { auc: 0.5, duplicates: 0 })).toEqual([
    ["test auc", "identical"],
    ["test duplicates", "not_recorded"],
  ]);
  expect(states({ auc: 0.5, duplicates: 0 }, { auc: 0.5 })).toEqual([
    ["test auc", "identical"],
    ["test duplicates", "differs"],
  ]);
});
