import { z } from "zod";
import { ModelEvaluation, VerdictWord } from "./models";
import { ColumnName, Instant, listOf, operation, Page, WorkspaceQuery } from "./operation";

const When = z.iso.datetime({ offset: true, error: "expected an instant such as 2024-06-01T00:00:00Z" });

export const NewVersionEvaluation = z
  .strictObject({
    slices: z.array(ColumnName).max(20).default([]).describe("Features of the judged rows to slice them by."),
    versions: z
      .union([z.literal("newest"), z.record(z.string(), z.union([z.number().int().min(1), z.literal("newest")]))], {
        error: "expected newest, or an object of sources with a version number or newest",
      })
      .default({})
      .describe(
        "Source → its version to read in the place of the one that was read then; `newest` is the newest on record, of one source or of all.",
      ),
    split: z
      .union(
        [
          z.literal("all"),
          z.strictObject({
            policy: z.string().min(1).describe("Split policy."),
            parts: z.array(z.string().min(1)).min(1).describe("Its parts whose rows are judged."),
          }),
        ],
        { error: "expected {policy, parts}, or all" },
      )
      .optional()
      .describe(
        "Rows to judge on: parts of a policy, or `all`; the test parts of the version's pipeline when left out.",
      ),
    window: z
      .strictObject({
        from: When.describe("First event time that counts."),
        to: When.describe("First event time that does not count any more."),
      })
      .optional()
      .describe("Only rows of this time."),
  })
  .meta({
    id: "NewVersionEvaluation",
    description: "How a version is judged again. Without versions, split and window on the rows that it was judged on.",
  });
export type NewVersionEvaluation = z.output<typeof NewVersionEvaluation>;

export const VersionEvaluation = z
  .object({
    id: z.string().describe("Id."),
    state: z
      .enum(["queued", "running", "done", "expired", "failed"])
      .describe("Where it stands; expired: a version of the data is gone."),
    progress: z.number().min(0).max(1).describe("Share that is done, 0 to 1."),
    message: z.string().describe("What is being done."),
    about: z.string().describe("What is judged again, in words."),
    slices: z.array(z.string()).describe("Features that the rows are sliced by."),
    isOnOtherRows: z.boolean().describe("Whether other rows are judged than the version's run did."),
    datasets: z
      .record(z.string(), z.number().int())
      .describe("Dataset → version that was read; empty until it is done."),
    testedOn: z.string().nullable().describe("The judged rows in words; null until it is done."),
    metrics: z
      .record(z.string(), z.record(z.string(), z.number()))
      .nullable()
      .describe("Part → metric → value; null until it is done."),
    evaluation: ModelEvaluation.nullable().describe("Curves, tables, slices and intervals; null until it is done."),
    verdict: VerdictWord.nullable().describe("Whether these scores can be trusted; null until it is done."),
    sentence: z.string().nullable().describe("The verdict in a sentence; null until it is done."),
    error: z.string().nullable().describe("Why it could not be carried out; null otherwise."),
    requestedBy: z.string().describe("Who asked for it."),
    requestedAt: Instant.describe("When."),
    finishedAt: Instant.nullable().describe("When it ended; null before."),
  })
  .meta({ id: "VersionEvaluation", description: "A model version judged again, as it was fitted." });
export type VersionEvaluation = z.output<typeof VersionEvaluation>;

const VersionPath = z.object({
  name: z.string().describe("Name of the model."),
  version: z.coerce.number().int().min(1).describe("Version number."),
});

export const evaluateModelVersion = operation({
  id: "evaluateModelVersion",
  method: "POST",
  path: "/api/v1/models/{name}/versions/{version}/evaluations",
  summary:
    "Queues a job that judges a version again without a refit: in slices, or on other rows, of which a newer version of the data is one.",
  tag: "models",
  params: VersionPath,
  query: WorkspaceQuery,
  body: NewVersionEvaluation,
  response: VersionEvaluation,
  status: 201,
});

export const listVersionEvaluations = operation({
  id: "listVersionEvaluations",
  method: "GET",
  path: "/api/v1/models/{name}/versions/{version}/evaluations",
  summary: "Evaluations of a version beside that of its run, the newest first.",
  tag: "models",
  params: VersionPath,
  query: WorkspaceQuery.extend(Page.shape),
  response: listOf(VersionEvaluation, "evaluations").meta({
    id: "VersionEvaluationList",
    description: "The newest first.",
  }),
});
