import { describe, expect, it } from "vitest";
import { shortScore, shortSeverity } from "./drift-words";

describe("a severity in a cell", () => {
  it.each([
    [0, "0.0"],
    [1.94, "1.9"],
    [100, "100.0"],
    [100.01, "> 100"],
    [1e9, "> 100"],
    [Infinity, "> 100"],
  ])("%d is %s", (severity, words) => expect(shortSeverity(severity)).toBe(words));
});

describe("a score in a cell", () => {
  it.each<[string | null, number, string]>([
    ["psi", 0, "0.00"],
    ["psi", 0.004, "<.01"],
    ["psi", 0.105, "0.10"],
    ["psi", 1234, "1e+3"],
    ["ks_p", 0.004, "p <.01"],
    ["ks_p", 0.3, "p 0.30"],
  ])("of %s, %d is %s", (metric, score, words) => expect(shortScore(metric, score)).toBe(words));
});
