import { expect, it } from "vitest";
import { readProblem } from "./read-problem";

it("reads what is missing with its suggestions", () => {
  const missing = [{ column: "a.b", requiredBy: ["<output>"], suggestions: ["a.c"] }];
  expect(readProblem({ code: "MISSING_PRODUCER", missing } as never)).toEqual({ kind: "missing", missing });
});

it("pairs the columns of a loop with the stages that write them", () => {
  expect(readProblem({ code: "CYCLE", columns: ["x", "y"], stages: ["make_x", "make_y"] } as never)).toEqual({
    kind: "cycle",
    steps: [{ column: "x", stage: "make_x" }, { column: "y", stage: "make_y" }], // prettier-ignore
  });
});

it("names the pin that cannot be", () => {
  const pin = { code: "INVALID_PIN", column: "a.b", stage: "s" };
  expect(readProblem(pin)).toEqual({ kind: "pin", pin: "a.b@s", instead: [] });
  const read = (more: object) => readProblem({ ...pin, ...more } as never);
  expect(read({ unknown: "stage", suggestions: ["t", "u"] })).toMatchObject({ instead: ["a.b@t", "a.b@u"] });
  expect(read({ unknown: "column", suggestions: ["a.c"] })).toMatchObject({ instead: ["a.c@s"] });
});

it.each([
  [{ code: "NO_CONSISTENT_VARIANT" }, "conflict"],
  [{ code: "BUDGET_EXCEEDED" }, "budget"],
  [{ code: "invalid", issues: [{ file: "drafts.yaml" }] }, "drafts"],
  [{ code: "invalid", issues: [{}] }, "other"],
  [{ code: "MISSING_PRODUCER" }, "other"],
  [{ code: "unexpected" }, "other"],
])("%j is %s", (problem, kind) => {
  expect(readProblem(problem).kind).toBe(kind);
});
