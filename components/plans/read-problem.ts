import { z } from "zod";

const Missing = z.array(
  z.object({ column: z.string(), requiredBy: z.array(z.string()), suggestions: z.array(z.string()) }),
);
const Members = z.union([
  z.object({ code: z.literal("MISSING_PRODUCER"), missing: Missing }),
  z.object({ code: z.literal("CYCLE"), columns: z.array(z.string()), stages: z.array(z.string()) }),
  z.object({
    code: z.literal("INVALID_PIN"),
    column: z.string(),
    stage: z.string(),
    unknown: z.enum(["column", "stage"]).optional(),
    suggestions: z.array(z.string()).optional(),
  }),
]);

/** Why there is no plan, with what is needed to explain it in place. */
export type PlanProblem =
  | { kind: "missing"; missing: z.infer<typeof Missing> }
  /** Each column is written by the stage at the same place, which reads the next column; the last reads the first. */
  | { kind: "cycle"; steps: { column: string; stage: string }[] }
  /** `instead` are pins that it may have meant. */
  | { kind: "pin"; pin: string; instead: string[] }
  | { kind: "conflict" }
  | { kind: "budget" }
  | { kind: "drafts" }
  | { kind: "other" };

/** Reads a problem document of the planner. */
export function readProblem(problem: { code: string; issues?: { file?: string }[] }): PlanProblem {
  const parsed = Members.safeParse(problem);
  if (parsed.success) {
    const members = parsed.data;
    if (members.code === "MISSING_PRODUCER") return { kind: "missing", missing: members.missing };
    if (members.code === "INVALID_PIN") {
      const { column, stage, unknown, suggestions = [] } = members;
      const instead = suggestions.map((name) => (unknown === "column" ? `${name}@${stage}` : `${column}@${name}`));
      return { kind: "pin", pin: `${column}@${stage}`, instead };
    }
    return {
      kind: "cycle",
      steps: members.columns.map((column, index) => ({ column, stage: members.stages[index] ?? "" })),
    };
  }
  if (problem.code === "NO_CONSISTENT_VARIANT") return { kind: "conflict" };
  if (problem.code === "BUDGET_EXCEEDED") return { kind: "budget" };
  if (problem.issues?.some(({ file }) => file !== undefined)) return { kind: "drafts" };
  return { kind: "other" };
}
