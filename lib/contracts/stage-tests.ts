import { z } from "zod";
import { operation } from "./operation";

const Rows = z.array(z.record(z.string(), z.unknown()));

const TestRows = z
  .record(z.string(), Rows)
  .meta({ id: "StageTestRows", description: "Entity to its rows; a row is bare column to value." });

export const StageTest = z
  .object({
    name: z.string().describe("What the test shows."),
    rows: TestRows.describe("What the stage reads."),
    fit: TestRows.optional().describe("Rows that an estimator is fitted on; without them, `rows`."),
    expect: Rows.optional().describe("Every output of every row that must come out."),
    tolerance: z.number().optional().describe("Largest difference of a double that is none."),
    error: z.string().optional().describe("A part of the message with which the stage must refuse the rows."),
  })
  .meta({ id: "StageTest", description: "Small rows, and what the stage must make of them." });
export type StageTest = z.infer<typeof StageTest>;

export const StageTestResult = z
  .object({
    stage: z.string().describe("Name of the stage."),
    test: z.string().describe("Name of the test."),
    passed: z.boolean().describe("Whether what came out is what was expected."),
    seconds: z.number().describe("How long it took."),
    error: z
      .string()
      .nullable()
      .describe("Why the stage could not do it, or that it took rows that it should have refused."),
    differences: z
      .array(
        z.object({
          row: z.string().describe("`row 2`, or the row's join keys and event time."),
          column: z.string().nullable().describe("Bare column; null for a row that is missing or was not expected."),
          expected: z.unknown().describe("What was expected."),
          found: z.unknown().describe("What was found."),
        }),
      )
      .describe("At most fifty things that are otherwise than expected."),
  })
  .meta({ id: "StageTestResult", description: "What a stage made of a test's rows." });
export type StageTestResult = z.infer<typeof StageTestResult>;

export const testStage = operation({
  id: "testStage",
  method: "POST",
  path: "/api/v1/stages/{name}/tests",
  summary: "Runs a stage's tests now, on their own rows alone. Nothing is written.",
  tag: "stages",
  params: z.object({ name: z.string().describe("Name of the stage.") }),
  body: z.strictObject({ workspace: z.string().describe("Name of the workspace.") }),
  response: z.object({
    passed: z.number().int().describe("Tests that passed."),
    failed: z.number().int().describe("Tests that failed."),
    results: z.array(StageTestResult).describe("Every test, in the order in which they are declared."),
  }),
});
