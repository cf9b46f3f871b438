import { expect, it } from "vitest";
import { differenceInWords } from "./difference-words";

it.each([
  ["auc", 0.84, 0.71, 0.13, "AUC 0.8400 leaking, 0.7100 honest: leakage made 0.1300."],
  ["rmse", 3, 4.5, 1.5, "RMSE 3.0000 leaking, 4.5000 honest: leakage hid 1.5000."],
  ["auc", 0.7, 0.71, -0.01, "AUC 0.7000 leaking, 0.7100 honest: leakage made the score no better."],
])("says of %s what leakage made", (metric, leakingScore, honestScore, difference, words) => {
  expect(differenceInWords({ leaking: 1, honest: 2, metric, leakingScore, honestScore, difference })).toBe(words);
});
