import { describe, expect, it } from "vitest";
import { describeAge } from "./describe-age";

describe("describeAge", () => {
  it.each([
    [90, "90 s"],
    [3600, "1 h"],
    [5400, "90 min"],
    [86_400, "24 h"],
    [3 * 86_400 + 7, "3 d"],
  ])("%d s is %s", (seconds, words) => {
    expect(describeAge(seconds)).toBe(words);
  });
});
