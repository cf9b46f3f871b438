import { z } from "zod";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { HISTORY_FORMATS } from "@/lib/domain/joins/feature-history";
import { KNOWLEDGE } from "@/lib/domain/joins/point-in-time";
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

const Cells = z.record(z.string(), z.unknown());

/** Where the rows are, whose moments and keys features are asked for. */
export const HistoricalFeaturesRequest = z
  .strictObject({
    entities: z
      .record(z.string(), z.array(z.unknown()))
      .optional()
      .describe(
        "The spine by column: name → its value in each row, all of one length. Columns that nothing needs come back as they are.",
      ),
    spine: z.array(Cells).optional().describe("The same by row, each with the same members."),
    source: z
      .strictObject({
        name: z.string().describe("Name of a source."),
        version: z.number().int().positive().optional().describe("Version of its data; the newest when left out."),
        keep: z
          .array(z.string())
          .optional()
          .describe("Columns that the answer has; all of the source's when left out."),
      })
      .optional()
      .describe("The spine is the rows of a source, in the order of its files."),
    time: z
      .string()
      .optional()
      .describe("Column of the spine with the moment; `event_timestamp`, or the source's time column, when left out."),
    keys: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "Join key, or `entity.key` where two entities call theirs alike, → column of the spine; the key's own name when left out.",
      ),
    features: z
      .array(
        z
          .string()
          .describe("`view:feature`, `view@v2:feature`, `view@staging:feature`, or `feature` where one view has it."),
      )
      .optional()
      .describe("What to read. Ignored when `feature_service` is given."),
    feature_service: z.string().nullish().describe("Name of a feature service: the features that a model reads."),
    full_feature_names: z.boolean().optional().describe("Answer names as `view__feature`."),
    environment: z
      .enum(ENVIRONMENTS)
      .optional()
      .describe("Whose pointers to read; production unless the token is bound to another."),
    knowledge: z
      .enum(KNOWLEDGE)
      .default("event")
      .describe(
        "`event`: values count from their event time on. `created`: not before a run had written them, as an audit asks.",
      ),
    format: z
      .enum(HISTORY_FORMATS)
      .default("json")
      .describe("How to answer: json for small spines, csv, parquet, or arrow (an Arrow stream)."),
  })
  .meta({ id: "HistoricalFeaturesRequest", description: "Which features, as of the moments of which rows." });
export type HistoricalFeaturesRequest = z.infer<typeof HistoricalFeaturesRequest>;

export const HistoricalFeaturesResponse = z
  .object({
    rows: z
      .array(Cells)
      .describe("The spine's rows in their order, with a member for each feature: null where it had no value then."),
  })
  .meta({
    id: "HistoricalFeaturesResponse",
    description: "Feature values as of each row's moment; other formats are files.",
  });

export const getHistoricalFeatures = operation({
  id: "getHistoricalFeatures",
  method: "POST",
  path: "/api/serving/historical-features",
  summary: "Values that features had at given moments: point-in-time correct training rows.",
  tag: "serving",
  query: z.object({
    environment: z.enum(ENVIRONMENTS).optional().describe("The same as in the body, which comes first."),
    workspace: z.string().optional().describe("Needed only by callers of several workspaces."),
  }),
  body: HistoricalFeaturesRequest,
  response: HistoricalFeaturesResponse,
});

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
