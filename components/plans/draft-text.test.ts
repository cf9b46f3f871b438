import { describe, expect, it } from "vitest";
import { correctInYaml, stagesIn } from "./draft-text";

const YAML = `kind: Stage
name: one
inputs: [a.delay, a.delay_mean]
---
kind: Feature
name: a.delay
---
kind: Stage
name: two
inputs:
  - a.delay
`;

describe("stagesIn", () => {
  it("finds stages and nothing else", () => {
    expect([...stagesIn(YAML)]).toEqual(["one", "two"]);
    expect([...stagesIn("kind: Sta")]).toEqual([]);
    expect([...stagesIn("")]).toEqual([]);
  });
});

describe("correctInYaml", () => {
  it("replaces whole names in the one stage", () => {
    expect(correctInYaml(YAML, "one", "a.delay", "a.late")).toBe(
      YAML.replace("[a.delay, a.delay_mean]", "[a.late, a.delay_mean]"),
    );
    expect(correctInYaml(YAML, "two", "a.delay", "a.late")).toBe(YAML.replace("  - a.delay\n", "  - a.late\n"));
  });
});
