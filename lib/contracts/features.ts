import { z } from "zod";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { TIERS } from "@/lib/domain/search/match-words";
import { FILTER_FIELDS, type FilterField } from "@/lib/domain/search/query";
import { SORT_KEYS } from "@/lib/domain/search/search-features";
import { FeatureDetail, FeatureDrift, FeaturePicture, FeatureProfiles, FeatureVersionEntry } from "./feature-detail";
import { Meta } from "./meta";
import { ColumnName, Instant, listOf, operation, Page, WorkspaceQuery } from "./operation";

const SearchMatch = z
  .object({
    word: z.string().describe("The word of the query."),
    matched: z.string().describe("The word of the feature."),
    in: z.enum(["name", "description", "tags", "owner", "meta"]).describe("Where it stands."),
    how: z.enum(["exact", "prefix", "inside", "typo"]).describe("How the two are alike."),
  })
  .meta({ id: "SearchMatch", description: "A word of the query and what it found." });

export const FeatureSummary = z
  .object({
    name: ColumnName,
    entity: z.string().describe("Its entity."),
    type: z.string().describe("Its type."),
    description: z.string().describe("What it means."),
    owner: z.string().describe("Who owns it."),
    tags: z.array(z.string()).describe("Tags."),
    meta: Meta,
    sensitivity: z.string().describe("How its values must be handled."),
    deprecated: z.boolean().describe("Whether nobody should begin to use it."),
    documented: z.boolean().describe("False for a column that nobody documented."),
    pointers: z
      .array(
        z
          .object({
            environment: z.enum(ENVIRONMENTS).describe("The environment."),
            version: z.number().int().describe("The version that it serves."),
          })
          .meta({ id: "SummaryPointer", description: "A pointer in short." }),
      )
      .describe("What each environment serves."),
    lastComputed: Instant.nullable().describe("When its newest values were computed."),
    sparkline: z.array(z.number()).describe("Counts of its histogram's bins, in order."),
    picture: FeaturePicture.nullable().describe("What that is drawn of; null without a profile."),
    drift: FeatureDrift.nullable().describe("Null when never compared."),
    leak: z.string().nullable().describe("Worst leakage verdict of the models that read it; null when none does."),
    usedBy: z.array(z.string()).describe("Models and services that read it."),
    consumers: z.number().int().describe("How many these are."),
    why: z
      .object({
        tier: z.enum(TIERS).describe("The tier that decides its rank; use and freshness order inside it."),
        matches: z.array(SearchMatch).describe("Word by word."),
      })
      .nullable()
      .describe("Why it is where it is; null when the query has no words."),
  })
  .meta({ id: "FeatureSummary", description: "A feature as discovery lists it." });
export type FeatureSummary = z.infer<typeof FeatureSummary>;

const FacetValues = z.array(
  z
    .object({
      value: z.string().describe("The value."),
      count: z.number().int().describe("Features that have it and meet the rest of the query."),
    })
    .meta({ id: "FacetValue", description: "A value that can be filtered by." }),
);

const LABELS: Record<FilterField, string> = {
  entity: "Entity.",
  type: "Type.",
  owner: "Owner.",
  tag: "Tag.",
  meta: "Key and value of the free metadata, such as `team:network`.",
  env: "Environment that serves it.",
  sensitivity: "Sensitivity.",
  leak: "Worst leakage verdict; `unread` when no model reads it.",
  drift: "Drift of the newest window; `unmeasured` when never compared.",
  used_by: "Model or service that reads it.",
  is: "`deprecated`, `documented`.",
};

function eachField<Schema extends z.ZodType>(schemaOf: (field: FilterField) => Schema): Record<FilterField, Schema> {
  return Object.fromEntries(FILTER_FIELDS.map((field) => [field, schemaOf(field)])) as Record<FilterField, Schema>;
}

export const FeatureQuery = WorkspaceQuery.extend({
  q: z
    .string()
    .max(500)
    .default("")
    .describe('Words in any order, "phrases", filters such as owner:network-planning, and -negations.'),
  sort: z.enum(SORT_KEYS).default("relevance").describe("Order of the answer."),
  ...eachField((field) =>
    z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe(`${LABELS[field]} Several are alternatives. The same as \`${field}:\` in \`q\`.`),
  ),
});
export type FeatureQuery = z.output<typeof FeatureQuery>;

export const FeatureList = listOf(FeatureSummary, "features")
  .extend({
    facets: z.object(eachField((field) => FacetValues.describe(LABELS[field]))).describe("Values to filter by."),
    corrections: z
      .array(
        z
          .object({
            from: z.string().describe("The word as it was written."),
            to: z.array(z.string()).describe("The words that were searched instead."),
          })
          .meta({ id: "Correction", description: "A misspelt word." }),
      )
      .describe("What was taken for a typing error."),
    tookMs: z.number().describe("Milliseconds that the search took."),
  })
  .meta({ id: "FeatureList", description: "Features found, with facets and corrections." });
export type FeatureList = z.infer<typeof FeatureList>;

export const listFeatures = operation({
  id: "listFeatures",
  method: "GET",
  path: "/api/v1/features",
  summary: "Search the features of a workspace.",
  tag: "features",
  query: FeatureQuery.extend(Page.shape),
  response: FeatureList,
});

export const exportFeatures = operation({
  id: "exportFeatures",
  method: "GET",
  path: "/api/v1/features/export",
  summary: "Everything that a search finds, as a file.",
  tag: "features",
  query: FeatureQuery.extend({
    format: z.enum(["csv", "json"]).default("csv").describe("Kind of file."),
  }),
  response: z.string().describe("text/csv, or a JSON array of features."),
});

const FeatureParams = z.object({ name: ColumnName });

export const getFeature = operation({
  id: "getFeature",
  method: "GET",
  path: "/api/v1/features/{name}",
  summary: "One feature: definition, strategies, readers and what each environment serves.",
  tag: "features",
  params: FeatureParams,
  query: WorkspaceQuery,
  response: FeatureDetail,
});

export const getFeatureProfiles = operation({
  id: "getFeatureProfiles",
  method: "GET",
  path: "/api/v1/features/{name}/profiles",
  summary: "Distributions of a feature by part and by month, on shared edges.",
  tag: "features",
  params: FeatureParams,
  query: WorkspaceQuery.extend({
    version: z.coerce
      .number()
      .int()
      .optional()
      .describe("Version of the feature; without it the one that the highest environment serves."),
  }),
  response: FeatureProfiles,
});

export const listFeatureVersions = operation({
  id: "listFeatureVersions",
  method: "GET",
  path: "/api/v1/features/{name}/versions",
  summary: "The versions of a feature, newest first.",
  tag: "features",
  params: FeatureParams,
  query: WorkspaceQuery.extend(Page.shape),
  response: listOf(FeatureVersionEntry, "versions").meta({
    id: "FeatureVersionList",
    description: "Versions of a feature.",
  }),
});
