import { z } from "zod";
import { SENSITIVITIES } from "@/lib/domain/definitions/feature";
import { RuleSchema } from "./spec-documents-rules";
import { MOST_SECONDS } from "./spec-documents-values";
import {
  column,
  columnType,
  compact,
  described,
  documented,
  fields,
  name,
  nonEmpty,
  reference,
  says,
  schedule,
  seconds,
  unique,
} from "./spec-documents-fields";

export const FeatureSchema = fields({
  kind: z.literal("Feature"),
  name: column.meta({ description: "The column, as entity.column." }),
  ...described,
  type: columnType.meta({ description: "Its type, which must be that of whoever writes it." }),
  sensitivity: z.enum(SENSITIVITIES).nullish().meta({
    description: "Whose data it is: of `personal` and `special` features values are shown only to who may see them.",
    default: "none",
  }),
  expected: fields({
    min: z.number().nullish().meta({ description: "Least value expected." }),
    max: z.number().nullish().meta({ description: "Largest value expected." }),
    values: unique(z.string()).nullish().meta({ description: "The values expected." }),
  })
    .refine((value) => (value.min ?? -Infinity) <= (value.max ?? Infinity), {
      error: says("min is above max", "min ≤ max"),
    })
    .transform((value) => compact(value))
    .nullish()
    .meta({ description: "The range that pages draw and proposed rules begin from." }),
  unit: z
    .string()
    .trim()
    .nullish()
    .meta({ description: "The unit of its values.", examples: ["minutes"] }),
  deprecated: z
    .boolean()
    .nullish()
    .meta({ description: "It should not be used any more; plans and pages say so.", default: false }),
  rules: z.array(RuleSchema).nullish().meta({
    description: "Checked on every new version of data that carries the feature. The column need not be named.",
  }),
}).transform((value) =>
  compact(
    { ...value, expected: value.expected && Object.keys(value.expected).length > 0 ? value.expected : undefined },
    { sensitivity: "none", deprecated: false },
  ),
);

const notYet = (instead: string) => z.undefined({ error: says("is not supported yet", instead) }).optional();

export const FeatureViewSchema = fields({
  kind: z.literal("FeatureView"),
  name: name.meta({ description: "Its name." }),
  ...documented,
  entity: name.meta({ description: "The entity by whose keys it is served." }),
  features: unique(column).optional().meta({ description: "The features, as entity.column." }),
  columns: unique(
    z.union(
      [
        name,
        fields({
          name: name.meta({ description: "The bare name." }),
          type: columnType.optional().meta({ description: "Its type, for readers." }),
        }),
      ],
      {
        error: says("is not a column", "a name, or { name, type }"),
      },
    ),
    (one) => (typeof one === "string" ? one : one.name),
  )
    .optional()
    .meta({ description: "Instead of `features`: bare names, or names with types, of the view's entity." }),
  ttl: seconds.optional().meta({
    description: "After which an online value is too old to serve; 0 for no limit.",
    default: 0,
    examples: ["7d"],
  }),
  ttlSeconds: z.int().min(0).max(MOST_SECONDS).optional().meta({ description: "The same in seconds." }),
  freshness: seconds.optional().meta({ description: "Served values that are older open an alert.", examples: ["24h"] }),
  freshnessSeconds: z.int().min(1).max(MOST_SECONDS).optional().meta({ description: "The same in seconds." }),
  online: z
    .boolean()
    .nullish()
    .meta({ description: "Whether its values are written to the online store.", default: false }),
  schedule: schedule.nullish().meta({
    description: "When missing values are computed and written online: five-field cron in UTC.",
    examples: ["0 6 * * *"],
  }),
  push: notYet("features that stages or sources write").meta({ description: "Not supported yet." }),
})
  .superRefine((value, context) => {
    const issue = (path: string[], message: string, expected: string) =>
      context.addIssue({ code: "custom", path, message: says(message, expected) });
    if (value.features && value.columns) issue(["columns"], "says the same as `features`", "features or columns");
    else if ((value.features ?? value.columns ?? []).length === 0)
      issue(["features"], "is empty", "at least one entity.column");
    if (value.ttl !== undefined && value.ttlSeconds !== undefined)
      issue(["ttlSeconds"], "says the same as `ttl`", "ttl or ttlSeconds");
    if (value.freshness !== undefined && value.freshnessSeconds !== undefined)
      issue(["freshnessSeconds"], "says the same as `freshness`", "freshness or freshnessSeconds");
    if (value.freshness === 0) issue(["freshness"], "must be above 0", "a duration such as 24h");
  })
  .transform(({ columns, features, ttl, ttlSeconds, freshness, freshnessSeconds, online, push: _, ...value }) => ({
    ...compact({ ...value, freshnessSeconds: freshness ?? freshnessSeconds }),
    features: features ?? (columns ?? []).map((one) => `${value.entity}.${typeof one === "string" ? one : one.name}`),
    ttlSeconds: ttl ?? ttlSeconds ?? 0,
    online: online ?? false,
  }));

export const FeatureServiceSchema = fields({
  kind: z.literal("FeatureService"),
  name: name.meta({ description: "Its name; a model asks for its features by it." }),
  ...documented,
  features: nonEmpty(unique(reference), "view:column").meta({
    description: "The features in the order that the model reads them.",
  }),
}).transform((value) => compact(value));
