import { z } from "zod";
import { SENSITIVITIES } from "@/lib/domain/definitions/feature";
import { SOURCE_FORMATS } from "@/lib/domain/definitions/source";
import { ESTIMATOR_CLASSES } from "@/lib/domain/definitions/stage";
import {
  column,
  columnType,
  compact,
  described,
  documented,
  fields,
  instant,
  name,
  nonEmpty,
  reference,
  says,
  schedule,
  seconds,
  text,
  unique,
} from "./spec-documents-fields";
import { ConceptMonitorSchema } from "./spec-documents-concept";
import { MonitorSchema } from "./spec-documents-monitors";
import { RuleSchema } from "./spec-documents-rules";
import { placeTestRows, StageTestSchema } from "./spec-documents-tests";
import { MOST_SECONDS } from "./spec-documents-values";

/**
 * The shape of every kind of spec document. Objects are strict; shorthands are turned into what `definitions.ts` says, and
 * members that say nothing (an empty list, a default) are left out, so that two ways of saying the same have one digest.
 */

const WorkspaceSchema = fields({
  kind: z.literal("Workspace"),
  name,
  title: z.string().trim().nullish(),
  description: z.string().trim().nullish(),
  defaultSplit: name.nullish(),
}).transform((value) => compact(value));

const EntitySchema = fields({
  kind: z.literal("Entity"),
  name,
  ...documented,
  joinKeys: nonEmpty(
    unique(fields({ name, type: columnType }), (key) => key.name),
    "join key",
  ),
  eventTime: name.nullish(),
  relations: unique(fields({ name, entity: name, by: name }), (relation) => relation.name).nullish(),
}).transform((value) => compact(value));
/** Windows that distributions are kept for. */
const profileEvery = z.enum(["day", "week", "month"]);

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** What each member means is said at `SourceReading`. */
const reading = fields({
  delimiter: z.string().min(1).max(4).nullish(),
  quote: z.string().max(1).nullish(),
  escape: z.string().max(1).nullish(),
  header: z.boolean().nullish(),
  skip: z.number().int().min(0).nullish(),
  comment: z.string().max(1).nullish(),
  decimal: z.string().length(1).nullish(),
  thousands: z.string().length(1).nullish(),
  encoding: z.string().min(1).nullish(),
  nullValues: z.array(z.string()).nullish(),
  dateFormat: oneOrMore.nullish(),
  timestampFormat: oneOrMore.nullish(),
  epoch: z.enum(["seconds", "milliseconds"]).nullish(),
  timeZone: z.string().min(1).nullish(),
}).transform((value) => compact(value));

const SourceSchema = fields({
  kind: z.literal("Source"),
  name,
  ...described,
  entity: name,
  format: z.enum(SOURCE_FORMATS),
  location: text((value) => value.trim() !== "", "is empty", "a path, or npm:package/path"),
  reading: reading.nullish(),
  columns: nonEmpty(
    unique(
      fields({
        name,
        type: columnType,
        from: z.string().nullish(),
        description: z.string().trim().nullish(),
      }).transform((value) => compact({ ...value, from: value.from === value.name ? undefined : value.from })),
      (one) => one.name,
    ),
    "column",
  ),
  rowKey: nonEmpty(unique(name), "column of the row's key"),
  timeColumn: name.nullish(),
  createdColumn: name.nullish(),
  appendOnly: z.boolean().nullish(),
  rowNumber: name.nullish(),
  rules: z.array(RuleSchema).nullish(),
  profileEvery: profileEvery.nullish(),
}).transform((value) => compact(value, { appendOnly: false, profileEvery: "month" }));

const fitRows = fields({
  rows: z.literal("all").optional(),
  split: name.optional(),
  parts: unique(name).optional(),
})
  .superRefine((value, context) => {
    const all = value.rows !== undefined;
    const parts = value.split !== undefined && value.parts !== undefined && value.parts.length > 0;
    if (all === parts || (all && (value.split ?? value.parts) !== undefined))
      context.addIssue({
        code: "custom",
        message: says(
          "must say either all rows or parts of a split",
          "{ rows: all } or { split: NAME, parts: [PART] }",
        ),
      });
  })
  .transform((value) =>
    value.rows ? { rows: value.rows } : { split: value.split as string, parts: value.parts as string[] },
  );

/** JSON has no infinities and no NaN; the operator table takes them as words. */
const jsonNumbers = (value: unknown): unknown => {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(jsonNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, jsonNumbers(member)]));
};

const StageSchema = fields({
  kind: z.literal("Stage"),
  name,
  ...described,
  entity: name,
  from: name.nullish(),
  via: z.record(name, name).nullish(),
  transformer: z.string().min(1).nullish(),
  estimator: z.string().min(1).nullish(),
  class: z.enum(ESTIMATOR_CLASSES).nullish(),
  inputs: unique(column),
  fitInputs: unique(column).nullish(),
  outputs: nonEmpty(
    unique(fields({ column, type: columnType }), (output) => output.column),
    "output",
  ),
  params: z
    .record(z.string(), z.unknown())
    .transform((params) => jsonNumbers(params) as Record<string, unknown>)
    .nullish(),
  cost: z
    .number()
    .min(0, { error: says("is negative", "0 or more") })
    .nullish(),
  fit: fitRows.nullish(),
  code: z.string().nullish(),
  tests: unique(StageTestSchema, (test) => test.name).nullish(),
}).transform((value) => ({
  ...compact(
    { ...value, tests: value.tests?.map((test) => placeTestRows(test, value.from ?? value.entity)) },
    { cost: 1 },
  ),
  inputs: value.inputs,
  ...(value.params && Object.keys(value.params).length === 0 && { params: undefined }),
  ...(value.via && Object.keys(value.via).length === 0 && { via: undefined }),
}));

const FeatureSchema = fields({
  kind: z.literal("Feature"),
  name: column,
  ...described,
  type: columnType,
  sensitivity: z.enum(SENSITIVITIES).nullish(),
  expected: fields({
    min: z.number().nullish(),
    max: z.number().nullish(),
    values: unique(z.string()).nullish(),
  })
    .refine((value) => (value.min ?? -Infinity) <= (value.max ?? Infinity), {
      error: says("min is above max", "min ≤ max"),
    })
    .transform((value) => compact(value))
    .nullish(),
  unit: z.string().trim().nullish(),
  deprecated: z.boolean().nullish(),
  rules: z.array(RuleSchema).nullish(),
}).transform((value) =>
  compact(
    { ...value, expected: value.expected && Object.keys(value.expected).length > 0 ? value.expected : undefined },
    { sensitivity: "none", deprecated: false },
  ),
);

const notYet = (instead: string) => z.undefined({ error: says("is not supported yet", instead) }).optional();

const FeatureViewSchema = fields({
  kind: z.literal("FeatureView"),
  name,
  ...documented,
  entity: name,
  features: unique(column).optional(),
  /** Shorthand: bare names, or names with types, of the view's entity. */
  columns: unique(
    z.union([name, fields({ name, type: columnType.optional() })], {
      error: says("is not a column", "a name, or { name, type }"),
    }),
    (one) => (typeof one === "string" ? one : one.name),
  ).optional(),
  ttl: seconds.optional(),
  ttlSeconds: z.int().min(0).max(MOST_SECONDS).optional(),
  freshness: seconds.optional(),
  freshnessSeconds: z.int().min(1).max(MOST_SECONDS).optional(),
  online: z.boolean().nullish(),
  schedule: schedule.nullish(),
  push: notYet("features that stages or sources write"),
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

const FeatureServiceSchema = fields({
  kind: z.literal("FeatureService"),
  name,
  ...documented,
  features: nonEmpty(unique(reference), "view:column"),
}).transform((value) => compact(value));

const timePart = z
  .tuple([instant, instant], { error: says("must be a pair", "[from, to)") })
  .refine(([from, to]) => from === null || to === null || Date.parse(from) < Date.parse(to), {
    error: says("ends before it begins", "[from, to) with from before to"),
  });

const bucketRange = z
  .tuple([z.int().min(0), z.int().min(0)], { error: says("must be a pair", "[from, to)") })
  .refine(([from, to]) => from < to, { error: says("is empty", "[from, to) with from below to") });

const someParts = <Part extends z.ZodType>(part: Part) =>
  z.record(name, part).refine((parts) => Object.keys(parts).length > 0, {
    error: says("is empty", "at least one part"),
  });

const TimeSplitSchema = fields({
  kind: z.literal("SplitPolicy"),
  name,
  ...documented,
  type: z.literal("time"),
  column: name,
  parts: someParts(timePart),
}).transform((value) => compact(value));

const HashSplitSchema = fields({
  kind: z.literal("SplitPolicy"),
  name,
  ...documented,
  type: z.literal("hash"),
  algo: z.literal("md5-32"),
  key: name,
  salt: z.string(),
  buckets: z.int().min(2),
  parts: someParts(nonEmpty(z.array(bucketRange), "[from, to)")),
}).transform((value) => ({ ...compact(value), salt: value.salt }));

const PipelineSchema = fields({
  kind: z.literal("Pipeline"),
  name,
  ...described,
  outputs: nonEmpty(unique(column), "entity.column"),
  pins: z.record(column, name).nullish(),
  fit: fitRows.nullish(),
  refit: unique(name).nullish(),
  profileEvery: profileEvery.nullish(),
  evaluate: fields({
    split: name,
    validation: unique(name).nullish(),
    test: nonEmpty(unique(name), "part"),
    label: column,
    prediction: column.nullish(),
    threshold: z.number().gt(0).lt(1).nullish(),
    model: name,
    unit: nonEmpty(unique(name), "column"),
    labelHorizonDays: z.number().min(0).nullish(),
  })
    .transform((value) => compact(value))
    .nullish(),
}).transform((value) => ({
  ...compact(value, { profileEvery: "month" }),
  ...(value.pins && Object.keys(value.pins).length === 0 && { pins: undefined }),
}));

const ModelSchema = fields({
  kind: z.literal("Model"),
  name,
  ...described,
  intendedUse: z.string().trim().nullish(),
}).transform((value) => compact(value));

/** The schema of each kind; a split policy's depends on its type. */
export const SCHEMAS = {
  Workspace: () => WorkspaceSchema,
  Entity: () => EntitySchema,
  Source: () => SourceSchema,
  Stage: () => StageSchema,
  Feature: () => FeatureSchema,
  FeatureView: () => FeatureViewSchema,
  FeatureService: () => FeatureServiceSchema,
  SplitPolicy: (raw: Record<string, unknown>) => (raw.type === "hash" ? HashSplitSchema : TimeSplitSchema),
  Pipeline: () => PipelineSchema,
  Model: () => ModelSchema,
  Monitor: (raw: Record<string, unknown>) => (raw.drift === "concept" ? ConceptMonitorSchema : MonitorSchema),
} as const;
