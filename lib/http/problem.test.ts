import { expect, it } from "vitest";
import { problem } from "./problem";

const issues = (count: number) => Array.from({ length: count }, (_, at) => ({ path: [at], message: "is missing" }));

it.each([
  [0, 0, undefined],
  [200, 200, undefined],
  [201, 200, 1],
  [50_000, 200, 49_800],
])("of %d issues %d are shown, and how many are left off is said", (all, shown, leftOff) => {
  const answer = problem(422, "invalid", "It is not as expected.", "id", { issues: issues(all) }) as { issues: unknown[]; issuesLeftOff?: number }; // prettier-ignore
  expect([answer.issues.length, answer.issuesLeftOff]).toEqual([shown, leftOff]);
});
