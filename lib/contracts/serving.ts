import { z } from "zod";
import { operation } from "./operation";

const FeatureReference = z
  .string()
  .describe("`view:feature`, `view@v2:feature` for a version or `view@staging:feature` for an environment.");

/** Feast's request, as its clients send it. */
export const OnlineFeaturesRequest = z
  .object({
    features: z.array(FeatureReference).optional().describe("What to read. Ignored when `feature_service` is given."),
    feature_service: z.string().nullish().describe("Name of a feature service: the features that a model reads."),
    entities: z
      .record(z.string(), z.array(z.union([z.string(), z.number(), z.bigint(), z.boolean(), z.null()])))
      .describe("Join key → its value for each row; all lists have the same length."),
    full_feature_names: z.boolean().optional().describe("Answer names as `view__feature`."),
    include_feature_view_version_metadata: z.boolean().optional().describe("Accepted for Feast's clients."),
  })
  .meta({ id: "OnlineFeaturesRequest", description: "Which features of which entities." });
export type OnlineFeaturesRequest = z.infer<typeof OnlineFeaturesRequest>;

export const OnlineFeaturesResponse = z
  .object({
    metadata: z
      .object({ feature_names: z.array(z.string()).describe("Join keys, then features in the order of the request.") })
      .describe("What the results are."),
    results: z
      .array(
        z.object({
          values: z.array(z.unknown()).describe("One value per entity row."),
          statuses: z
            .array(z.enum(["PRESENT", "NULL_VALUE", "NOT_FOUND", "OUTSIDE_MAX_AGE"]))
            .describe("Why a value is what it is."),
          event_timestamps: z.array(z.string()).describe("From when the value holds, RFC 3339."),
        }),
      )
      .describe("One column per name: values[j] is entity row j."),
  })
  .meta({ id: "OnlineFeaturesResponse", description: "Feature values by column." });

export const getOnlineFeatures = operation({
  id: "getOnlineFeatures",
  method: "POST",
  path: "/api/serving/get-online-features",
  summary: "Newest feature values of entities, in Feast's wire protocol.",
  tag: "serving",
  query: z.object({
    environment: z
      .enum(["dev", "staging", "production"])
      .optional()
      .describe("Whose pointers to read; production unless the token is bound to another."),
    workspace: z.string().optional().describe("Needed only by callers of several workspaces."),
    max_age: z
      .enum(["on", "off"])
      .default("on")
      .describe("`off` serves values older than the view's TTL, as Feast does."),
  }),
  body: OnlineFeaturesRequest,
  response: OnlineFeaturesResponse,
});
