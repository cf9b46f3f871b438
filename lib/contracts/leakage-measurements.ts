import { z } from "zod";
import { MEASURED_SCOPES, VERDICTS } from "@/lib/domain/leakage/codes";
import { Instant, listOf, operation, Page } from "./operation";

const Scope = z.enum(MEASURED_SCOPES);
const Verdict = z.enum(VERDICTS);

export const NewLeakageMeasurement = z
  .strictObject({
    scope: Scope.default("undecided").describe(
      "What is counted: what no proof decides, or `all` to hold what is proved against the rows as well.",
    ),
  })
  .meta({ id: "NewLeakageMeasurement", description: "What is to be counted." });
export type NewLeakageMeasurement = z.output<typeof NewLeakageMeasurement>;

export const LeakageMeasurement = z
  .object({
    id: z.string().describe("Id."),
    state: z.enum(["queued", "running", "done", "failed"]).describe("Where it stands."),
    scope: Scope.describe("What was asked to be counted."),
    progress: z.number().min(0).max(1).describe("Share that is done, 0 to 1."),
    message: z.string().describe("What is being done."),
    findings: z
      .array(
        z.object({
          estimator: z
            .string()
            .describe(
              "The fit: an estimator upstream, `consumer` for the model's own, or the choice of its parameters.",
            ),
          isMeasured: z.boolean().describe("Whether something was counted; why not, otherwise, is the text."),
          text: z.string().describe("What was found, with figures."),
        }),
      )
      .nullable()
      .describe("One for each fit; null until it is done."),
    before: Verdict.nullable().describe("The version's verdict before; null until it is done."),
    after: Verdict.nullable().describe("Its verdict with what was counted; null until it is done."),
    error: z.string().nullable().describe("Why it could not be carried out; null otherwise."),
    requestedBy: z.string().describe("Who asked for it."),
    requestedAt: Instant.describe("When."),
    finishedAt: Instant.nullable().describe("When it ended; null before."),
  })
  .meta({
    id: "LeakageMeasurementJob",
    description: "Units that fits share with a model version's test rows, counted on the rows themselves.",
  });
export type LeakageMeasurement = z.output<typeof LeakageMeasurement>;

const VersionPath = z.object({ modelVersionId: z.string().describe("Id of the model version.") });

export const measureLeakage = operation({
  id: "measureLeakage",
  method: "POST",
  path: "/api/v1/leakage/{modelVersionId}/measurements",
  summary:
    "Queues a job that counts the units which fits share with a version's test rows, and judges it anew: for what symbols leave undecided.",
  tag: "leakage",
  params: VersionPath,
  body: NewLeakageMeasurement,
  response: LeakageMeasurement,
  status: 201,
});

export const listLeakageMeasurements = operation({
  id: "listLeakageMeasurements",
  method: "GET",
  path: "/api/v1/leakage/{modelVersionId}/measurements",
  summary: "What was counted for a version's verdict, the newest first.",
  tag: "leakage",
  params: VersionPath,
  query: Page,
  response: listOf(LeakageMeasurement, "measurements").meta({
    id: "LeakageMeasurementList",
    description: "The newest first.",
  }),
});
