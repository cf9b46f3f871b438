import { describe, expect, it } from "vitest";
import { ENVIRONMENTS, canPromote, type Environment, servingEnvironment } from "./environments";

describe("canPromote", () => {
  const allowed = ["dev staging", "staging production"];
  it.each(ENVIRONMENTS.flatMap((from) => ENVIRONMENTS.map((to) => [from, to] as const)))("%s to %s", (from, to) => {
    expect(canPromote(from, to)).toBe(allowed.includes(`${from} ${to}`));
  });
});

describe("servingEnvironment", () => {
  const serving = (...pointers: [Environment, number][]) =>
    pointers.map(([environment, version]) => ({ environment, version }));
  const promoted = serving(["dev", 3], ["production", 1], ["staging", 2]);
  it.each([
    ["the one nearest to production", promoted, undefined, "production"],
    ["the one that serves the version", promoted, 2, "staging"],
    ["the nearest to production of those that serve the version", serving(["dev", 1], ["staging", 1]), 1, "staging"],
    ["none, for a version that none serves", promoted, 4, null],
    ["none, without pointers", [], undefined, null],
  ])("is %s", (_, pointers, version, environment) => {
    expect(servingEnvironment(pointers, version)).toBe(environment);
  });
});
