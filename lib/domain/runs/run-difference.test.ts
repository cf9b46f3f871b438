import { describe, expect, it } from "vitest";
import { type ComparableRun, compareRuns } from "./run-difference";

const BASE: ComparableRun = {
  inputs: [{ dataset: "people", version: 1, digest: "a" }],
  definitions: [{ kind: "Stage", name: "bands", version: 1 }, { kind: "Feature", name: "person.band", version: 1 }],
  choice: { "person.band": "bands" },
  environment: { commit: "c1", node: "v20", memoryBytes: 1, lockfile: null },
  metrics: { test: { auc: 0.7 } },
}; // prettier-ignore

describe("a difference of two runs", () => {
  it.each([
    ["none: equal bytes are equal data, whatever their number", "none", { inputs: [{ dataset: "people", version: 3, digest: "a" }] }],
    ["none: a description, the machine, and what one did not record", "none", { definitions: [{ kind: "Stage", name: "bands", version: 1 }, { kind: "Feature", name: "person.band", version: 2 }], environment: { ...BASE.environment, memoryBytes: 2, lockfile: "l" } }],
    ["data: another version", "data", { inputs: [{ dataset: "people", version: 2, digest: "b" }] }],
    ["data: a source more", "data", { inputs: [...BASE.inputs, { dataset: "visits", version: 1, digest: "v" }] }],
    ["parameters: another version of a stage", "parameters", { definitions: [{ kind: "Stage", name: "bands", version: 2 }] }],
    ["parameters: another stage for a column", "parameters", { choice: { "person.band": "steps" } }],
    ["code: another commit", "code", { environment: { ...BASE.environment, commit: "c2" } }],
    ["several", "several", { inputs: [{ dataset: "people", version: 2, digest: "b" }], choice: { "person.band": "steps" } }],
  ] as const)("is attributed to %s", (_, cause, changed) => {
    const there = compareRuns(BASE, { ...BASE, ...changed });
    const back = compareRuns({ ...BASE, ...changed }, BASE);
    expect([there.cause, back.cause]).toEqual([cause, cause]);
    const turned = there.data.map(({ what, before, after }) => ({ what, before: after, after: before }));
    expect(back.data).toEqual(turned);
  }); // prettier-ignore

  it("names what changed, from what to what, and the scores of both", () => {
    const after = { ...BASE, inputs: [{ dataset: "people", version: 2, digest: "b" }], metrics: { test: { auc: 0.8 }, validation: { auc: 0.9 } } }; // prettier-ignore
    expect(compareRuns(BASE, after)).toMatchObject({
      data: [{ what: "people", before: "version 1", after: "version 2" }],
      metrics: [{ part: "test", metric: "auc", before: 0.7, after: 0.8 }, { part: "validation", metric: "auc", before: null, after: 0.9 }],
    }); // prettier-ignore
  });
});
