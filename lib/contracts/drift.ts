import { z } from "zod";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { DriftComparison, DriftState } from "./drift-comparison";
import { ColumnName, operation, WorkspaceName } from "./operation";

const Month = z
  .string()
  .regex(/^\d{4}-\d{2}$/, { error: "expected a month such as 2001-06" })
  .describe("A calendar month as YYYY-MM.");

const DriftCell = z
  .object({
    month: Month,
    state: DriftState,
    score: z.number().nullable().describe("The distance to the reference month; null when there is too little data."),
    severity: z.number().nullable().describe("Score ÷ warn threshold."),
    rows: z.number().describe("Rows of the month."),
    explanation: z.string().describe("The verdict in a sentence."),
    shares: z.array(z.number()).describe("Share of the month's rows in each bucket of the reference."),
  })
  .meta({ id: "DriftCell", description: "A feature in one month against the reference month." });
export type DriftCell = z.infer<typeof DriftCell>;

const DriftRow = z
  .object({
    feature: ColumnName,
    entity: z.string().describe("Its entity."),
    owner: z.string().describe("Who owns it."),
    type: z.string().describe("Its type."),
    version: z.number().int().describe("The version that the environment serves."),
    severity: z.number().nullable().describe("The worst severity over the months."),
    referenceRows: z.number().describe("Rows of the reference month."),
    referenceShares: z.array(z.number()).describe("Share of the reference's rows in each bucket."),
    cells: z.array(DriftCell).describe("One per month that has a profile."),
  })
  .meta({ id: "DriftRow", description: "A feature's drift over the months." });
export type DriftRow = z.infer<typeof DriftRow>;

export const DriftMap = z
  .object({
    environment: z.enum(ENVIRONMENTS).describe("Whose pointers choose the versions."),
    metric: z.string().describe("How months are compared with the reference."),
    warn: z.number().describe("Score from which it is a warning."),
    critical: z.number().describe("Score from which it is critical."),
    reference: Month.nullable().describe("The reference month; null when nothing is profiled by month."),
    months: z.array(Month).describe("All months, in order, the reference first."),
    rows: z.array(DriftRow).describe("The features by name."),
    total: z.number().int().describe("Features that the environment serves, profiled by month or not."),
    summary: z
      .object({
        share: z.number().nullable().describe("Share of judged features that are at or above warn in any month."),
        warned: z.number().int().describe("How many these are."),
        judged: z.number().int().describe("Features with at least one month that has enough rows."),
        critical: z.array(ColumnName).describe("Features that are critical in any month, worst first."),
      })
      .describe("The dataset as a whole."),
  })
  .meta({ id: "DriftMap", description: "Features × months against the first month." });
export type DriftMap = z.infer<typeof DriftMap>;

export const DriftQuery = z.object({
  workspace: WorkspaceName,
  environment: z.enum(ENVIRONMENTS).default("dev").describe("Whose pointers choose the versions."),
});

export const getDrift = operation({
  id: "getDrift",
  method: "GET",
  path: "/api/v1/drift",
  summary: "Drift of every served feature, month by month.",
  tag: "drift",
  query: DriftQuery,
  response: DriftMap,
});

export const compareDrift = operation({
  id: "compareDrift",
  method: "GET",
  path: "/api/v1/drift/compare",
  summary: "One feature's month and its reference month on shared edges.",
  tag: "drift",
  query: DriftQuery.extend({ feature: ColumnName, month: Month }),
  response: DriftComparison,
});
