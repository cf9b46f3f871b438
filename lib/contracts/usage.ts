import { z } from "zod";
import { SEVERITIES, VERDICTS } from "@/lib/domain/leakage/codes";
import { ColumnName, Instant, listOf, operation, Page, WorkspaceQuery } from "./operation";

export const USAGE_ROLES = ["train", "validation", "test", "serve"] as const;
export const USAGE_MODES = ["fitted", "applied", "selected"] as const;

const Role = z.enum(USAGE_ROLES).describe("What the rows were used for.");
const Mode = z
  .enum(USAGE_MODES)
  .describe(
    "Whether something was fitted on the rows, only applied to them, or its parameters were selected by its scores on them.",
  );

export const UsageEntry = z
  .object({
    id: z.string().describe("Id of the entry."),
    feature: ColumnName,
    version: z.number().int().describe("The version that was used."),
    consumer: z.string().describe("The model, stage or training dataset that used it."),
    consumerKind: z.enum(["model", "stage", "training_dataset"]).describe("What the consumer is."),
    role: Role,
    mode: Mode,
    rows: z.number().describe("Rows."),
    rowSet: z.string().describe("Which rows, in words."),
    run: z.number().int().nullable().describe("Number of the run that did it; null for a training dataset."),
    runId: z.string().nullable().describe("Its id, as in the address of its page; null for a training dataset."),
    at: Instant.describe("When."),
    actor: z.string().describe("Who started the run, or froze the training dataset."),
  })
  .meta({ id: "UsageEntry", description: "A feature version, used by a consumer, in a role, on rows." });
export type UsageEntry = z.infer<typeof UsageEntry>;

export const UsageFilter = WorkspaceQuery.extend({
  feature: z.string().optional().describe("Only features whose name contains this."),
  consumer: z.string().optional().describe("Only consumers whose name contains this."),
  role: Role.optional(),
  mode: Mode.optional(),
  run: z.coerce.number().int().optional().describe("Only this run."),
});
export type UsageFilter = z.output<typeof UsageFilter>;

export const listUsage = operation({
  id: "listUsage",
  method: "GET",
  path: "/api/v1/usage",
  summary: "The usage ledger, newest first.",
  tag: "usage",
  query: UsageFilter.extend(Page.shape),
  response: listOf(UsageEntry, "entries").meta({ id: "UsageList", description: "Entries of the usage ledger." }),
});

export const exportUsage = operation({
  id: "exportUsage",
  method: "GET",
  path: "/api/v1/usage/export",
  summary: "The usage ledger as CSV.",
  tag: "usage",
  query: UsageFilter,
  response: z.string().describe("text/csv"),
});

const MatrixCell = z
  .object({
    modelVersionId: z.string().describe("The consumer."),
    verdict: z.enum(VERDICTS).describe("Whether its test rows were seen upstream of the feature."),
    severity: z.enum(SEVERITIES).describe("How bad."),
    reasons: z.array(z.string()).describe("Codes."),
  })
  .meta({ id: "LeakageMatrixCell", description: "Verdict of one consumer on one feature version." });
export type MatrixCell = z.infer<typeof MatrixCell>;

export const LeakageMatrix = z
  .object({
    consumers: z
      .array(
        z
          .object({
            modelVersionId: z.string().describe("Id under which the proof can be asked for."),
            model: z.string().describe("Name of the model."),
            version: z.number().int().describe("Its version."),
            verdict: z.enum(VERDICTS).describe("The worst over everything that it reads."),
            severity: z.enum(SEVERITIES).describe("How bad that is."),
          })
          .meta({ id: "LeakageConsumer", description: "A model version with its overall verdict." }),
      )
      .describe("The newest version of every model, by name."),
    rows: z
      .array(
        z
          .object({
            feature: ColumnName,
            version: z.number().int().describe("Version of the feature."),
            cells: z.array(MatrixCell).describe("One per consumer that reads it."),
          })
          .meta({ id: "LeakageMatrixRow", description: "A feature version and its consumers." }),
      )
      .describe("Feature versions by name."),
  })
  .meta({ id: "LeakageMatrix", description: "Feature versions × models." });
export type LeakageMatrix = z.infer<typeof LeakageMatrix>;

export const getLeakageMatrix = operation({
  id: "getLeakageMatrix",
  method: "GET",
  path: "/api/v1/usage/matrix",
  summary: "Leakage verdict of every model on every feature version that it reads.",
  tag: "usage",
  query: WorkspaceQuery,
  response: LeakageMatrix,
});
