import { z } from "zod";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { ColumnName, Instant, listOf, operation, Page, WorkspaceBody, WorkspaceQuery } from "./operation";

const Environment = z.enum(ENVIRONMENTS).describe("Whose pointers say which versions are compared.");
const count = (what: string) => z.number().int().describe(what);

const Example = z
  .object({
    key: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .describe("Values of the join keys by name."),
    outcome: z.enum(["mismatch", "missingOnline", "missingOffline"]).describe("What is wrong."),
    online: z.string().nullable().describe("The value online as JSON text; null for none, or none to be shown."),
    offline: z.string().nullable().describe("The value offline as JSON text; null for none, or none to be shown."),
  })
  .meta({ id: "SkewExample", description: "A key whose values differ. Values about persons are never kept." });

const Feature = z
  .object({
    feature: ColumnName,
    version: z.number().int().nullable().describe("The version that the environment serves; null when it serves none."),
    match: count("Keys with the same value on both sides, or with none on both."),
    mismatch: count("Keys with different values."),
    missingOnline: count("Keys with a value offline only."),
    missingOffline: count("Keys with a value online only."),
    reason: z
      .string()
      .nullable()
      .describe("Why nothing was compared, or why a side has nothing; null when all is well."),
    examples: z.array(Example).describe("At most five, mismatches first."),
  })
  .meta({ id: "FeatureSkew", description: "One feature's sampled values, counted by how both sides compare." });
export type FeatureSkew = z.infer<typeof Feature>;

const Figures = {
  at: Instant.describe("When both sides were read; also the seed of the sample."),
  sampled: count("Keys that were read on both sides."),
  values: count("Values that were compared: keys times features."),
  differences: count("Values that do not match."),
};

export const SkewCheck = z
  .object({
    view: z.string().describe("The view."),
    environment: Environment,
    ...Figures,
    by: z.string().describe("Who asked for it."),
    features: z.array(Feature).describe("In the view's order."),
  })
  .meta({ id: "SkewCheck", description: "Sampled keys of a view, read online and offline at the same time." });
export type SkewCheck = z.infer<typeof SkewCheck>;

export const ViewSkew = z
  .object({
    view: z.string().describe("Name of the view."),
    entity: z.string().describe("Its entity."),
    owner: z.string().describe("Who owns it; empty when nobody does."),
    latest: SkewCheck.nullable().describe("The newest check; null before the first."),
    history: z.array(z.object(Figures)).describe("The newest thirty checks, oldest first."),
  })
  .meta({ id: "ViewSkew", description: "An online view with its newest check." });
export type ViewSkew = z.infer<typeof ViewSkew>;

export const listSkew = operation({
  id: "listSkew",
  method: "GET",
  path: "/api/v1/skew-checks",
  summary: "The online views of a workspace, each with its newest check of values online against values offline.",
  tag: "drift",
  query: WorkspaceQuery.extend({ environment: Environment.default("dev") }),
  response: listOf(ViewSkew, "views").meta({ id: "ViewSkewList", description: "Online views by name." }),
});

const ViewParams = z.object({ name: z.string().describe("Name of the view.") });

export const listSkewChecks = operation({
  id: "listSkewChecks",
  method: "GET",
  path: "/api/v1/views/{name}/skew-checks",
  summary: "Checks of a view, newest first.",
  tag: "drift",
  params: ViewParams,
  query: WorkspaceQuery.extend(Page.shape).extend({ environment: Environment.default("dev") }),
  response: listOf(SkewCheck, "checks").meta({ id: "SkewCheckList", description: "Checks of one view." }),
});

export const requestSkewCheck = operation({
  id: "requestSkewCheck",
  method: "POST",
  path: "/api/v1/views/{name}/skew-checks",
  summary: "Queues a check of a view; it appears among the view's checks when it is done.",
  tag: "drift",
  params: ViewParams,
  body: WorkspaceBody.extend({ environment: Environment.default("dev") }),
  response: z
    .object({ queued: z.boolean().describe("False when one is waiting already.") })
    .meta({ id: "SkewCheckRequest", description: "Whether a check was queued." }),
  status: 202,
});
