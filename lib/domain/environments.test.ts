import { describe, expect, it } from "vitest";
import { ENVIRONMENTS, canPromote } from "./environments";

describe("canPromote", () => {
  const allowed = ["dev staging", "staging production"];
  it.each(ENVIRONMENTS.flatMap((from) => ENVIRONMENTS.map((to) => [from, to] as const)))("%s to %s", (from, to) => {
    expect(canPromote(from, to)).toBe(allowed.includes(`${from} ${to}`));
  });
});
