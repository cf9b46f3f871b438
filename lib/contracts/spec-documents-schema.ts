import { z } from "zod";
import { DRIFT_METRICS, type DriftMetric } from "@/lib/domain/drift/judge-drift";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import {
  COLUMN_TYPES,
  type ColumnType,
  ESTIMATOR_CLASSES,
  type MonitorReference,
  SENSITIVITIES,
} from "@/lib/domain/definitions";
import { type Json, type Rule, SEVERITIES } from "@/lib/domain/rules/rule";
import { nearest } from "@/lib/domain/spec-suggest";
import { MOST_SECONDS, toInstant, toSeconds } from "./spec-documents-values";

/**
 * The shape of every kind of spec document. Objects are strict; shorthands are turned into what `definitions.ts` says, and
 * members that say nothing (an empty list, a default) are left out, so that two ways of saying the same have one digest.
 */

const NAME = /^[a-z][a-z0-9_]*$/;
const COLUMN = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/** What is wrong and what was expected, in the one string that a schema's error may be. `schemaIssues` takes it apart. */
export function says(message: string, expected: string): string {
  return `${message}\t${expected}`;
}

/** A text that is checked; `expected` is shown to the author. */
function text(test: (value: string) => boolean, message: string, expected: string) {
  return z
    .string({
      error: (issue) => (issue.input === undefined ? says("is missing", expected) : says("must be a text", expected)),
    })
    .refine(test, { error: says(message, expected) });
}

const name = text((value) => NAME.test(value), "is not a name", "a name of a-z, 0-9 and _ such as airport_stats");
const column = text((value) => COLUMN.test(value), "is not a column", "entity.column such as airport.segment");
const reference = text(
  (value) => /^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$/.test(value),
  "is not a feature of a view",
  "view:column such as airport_stats:segment",
);

/** Other words for the column types: Spark's, Postgres's and Feast's. */
const TYPE_ALIASES: Record<string, ColumnType> = {
  bool: "boolean", int: "bigint", integer: "bigint", int32: "bigint", int64: "bigint", long: "bigint", float: "double",
  float32: "double", float64: "double", real: "double", number: "double", text: "string", varchar: "string",
  datetime: "timestamp", unix_timestamp: "timestamp",
}; // prettier-ignore

const columnType = z.string().transform((value, context): ColumnType => {
  const lower = value.toLowerCase();
  const type = Object.hasOwn(TYPE_ALIASES, lower) ? TYPE_ALIASES[lower] : COLUMN_TYPES.find((one) => one === lower);
  if (type) return type;
  const known = [...COLUMN_TYPES, ...Object.keys(TYPE_ALIASES)];
  const near = nearest(lower, known);
  context.addIssue({
    code: "custom",
    message: says(
      `is not a column type${near ? `; did you mean \`${near}\`?` : ""}`,
      `one of ${COLUMN_TYPES.join(", ")}`,
    ),
  });
  return z.NEVER;
});

/** A list whose members are all different. */
function unique<Item extends z.ZodType>(item: Item, keyOf: (value: z.output<Item>) => string = String) {
  return z.array(item).superRefine((values, context) => {
    const seen = new Set<string>();
    values.forEach((value, index) => {
      const key = keyOf(value);
      if (seen.has(key))
        context.addIssue({
          code: "custom",
          path: [index],
          message: says(`\`${key}\` is given twice`, "every member once"),
        });
      seen.add(key);
    });
  });
}

function nonEmpty<List extends z.ZodType<unknown[]>>(list: List, what: string) {
  return list.refine((values) => values.length > 0, {
    error: says("is empty", `at least one ${what}`),
  });
}

/**
 * A strict object. The message about unknown fields has one line for each of the issue's keys. Members that are empty lists,
 * empty texts or null are the same as left out.
 */
function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      return issue.keys
        .map((key) => {
          const near = nearest(key, Object.keys(shape));
          return says(
            `is not a field${near ? `; did you mean \`${near}\`?` : ""}`,
            `one of ${Object.keys(shape).join(", ")}`,
          );
        })
        .join("\n");
    },
  });
}

/** Drops what says nothing: undefined, null, empty texts, empty lists, and values that are the default anyway. */
export function compact<Value extends object>(value: Value, defaults: Partial<Value> = {}): Value {
  const said = Object.entries(value).filter(
    ([key, member]) =>
      member !== undefined &&
      member !== null &&
      member !== "" &&
      !(Array.isArray(member) && member.length === 0) &&
      member !== (defaults as Record<string, unknown>)[key],
  );
  return Object.fromEntries(said) as Value;
}

const documented = {
  description: z.string().trim().nullish(),
  owner: z.string().trim().nullish(),
  tags: unique(
    z
      .string()
      .trim()
      .min(1, { error: says("is empty", "a word") }),
  ).nullish(),
};

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

/** Any JSON: which arguments an expectation takes is checked with everything else that is said of the source. */
const json: z.ZodType<Json> = z.json();

const RuleSchema = fields({
  type: text((value) => value.length > 0, "is empty", "an expectation such as expect_column_values_to_not_be_null"),
  kwargs: z.record(z.string(), json, { error: says("must be an object", "{ column: NAME }") }).default({}),
  severity: z
    .enum(SEVERITIES, { error: says("is not a severity", `one of ${SEVERITIES.join(", ")}`) })
    .default("critical"),
  meta: z.record(z.string(), json).nullish(),
}).transform(({ meta, ...rule }): Rule => ({ ...rule, ...(meta && Object.keys(meta).length > 0 && { meta }) }));

const SourceSchema = fields({
  kind: z.literal("Source"),
  name,
  ...documented,
  entity: name,
  format: z.enum(["parquet", "csv", "json"]),
  location: text((value) => value.trim() !== "", "is empty", "a path, or npm:package/path"),
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
}).transform((value) => compact(value, { appendOnly: false }));

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
  ...documented,
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
}).transform((value) => ({
  ...compact(value, { cost: 1 }),
  inputs: value.inputs,
  ...(value.params && Object.keys(value.params).length === 0 && { params: undefined }),
  ...(value.via && Object.keys(value.via).length === 0 && { via: undefined }),
}));

const FeatureSchema = fields({
  kind: z.literal("Feature"),
  name: column,
  ...documented,
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
}).transform((value) =>
  compact(
    { ...value, expected: value.expected && Object.keys(value.expected).length > 0 ? value.expected : undefined },
    { sensitivity: "none", deprecated: false },
  ),
);

const DURATION = "a number with s, m, h, d or w such as 7d; 0 for no limit";

const seconds = z
  .union([z.string(), z.number()], { error: says("must be a duration", DURATION) })
  .transform((value, context) => {
    const found = toSeconds(value);
    if (found !== null) return found;
    context.addIssue({
      code: "custom",
      message: says("is not a duration", DURATION),
    });
    return z.NEVER;
  });

/** What cannot be said yet must not look like a typing error. */
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
  online: z.boolean().nullish(),
  schedule: z.string().trim().nullish(),
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
  })
  .transform(({ columns, features, ttl, ttlSeconds, online, push: _, ...value }) => ({
    ...compact(value),
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

const instant = z
  .string()
  .nullable()
  .transform((value, context) => {
    if (value === null) return null;
    const found = toInstant(value);
    if (found !== null) return found;
    context.addIssue({
      code: "custom",
      message: says("is not an instant", "ISO 8601 such as 2001-05-01T00:00:00Z, or null"),
    });
    return z.NEVER;
  });

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
  ...documented,
  outputs: nonEmpty(unique(column), "entity.column"),
  pins: z.record(column, name).nullish(),
  fit: fitRows.nullish(),
  refit: unique(name).nullish(),
  evaluate: fields({
    split: name,
    validation: unique(name).nullish(),
    test: nonEmpty(unique(name), "part"),
    label: column,
    model: name,
    unit: nonEmpty(unique(name), "column"),
    labelHorizonDays: z.number().min(0).nullish(),
  })
    .transform((value) => compact(value))
    .nullish(),
}).transform((value) => ({
  ...compact(value),
  ...(value.pins && Object.keys(value.pins).length === 0 && { pins: undefined }),
}));

const DRIFT_METRIC_NAMES = Object.keys(DRIFT_METRICS) as [DriftMetric, ...DriftMetric[]];

const wholeWindow = z
  .tuple([instant, instant], { error: says("must be a pair", "[from, to)") })
  .transform(([from, to], context): [string, string] => {
    if (from !== null && to !== null && from < to) return [from, to];
    context.addIssue({ code: "custom", message: says("is no window", "[from, to) with from before to") });
    return z.NEVER;
  });

const monitorReference = fields({
  window: wholeWindow.optional(),
  part: name.optional(),
  rolling: z.int().min(1).max(366).optional(),
}).transform((value, context): MonitorReference => {
  const said = [value.window && { window: value.window }, value.part && { part: value.part }];
  const [reference, ...more] = [...said, value.rolling && { rolling: value.rolling }].filter(
    (one) => one !== undefined && one !== "" && one !== 0,
  );
  if (reference && more.length === 0) return reference;
  context.addIssue({
    code: "custom",
    message: says("must say one thing", "{ window: [from, to] }, { part: train } or { rolling: 3 }"),
  });
  return z.NEVER;
});

const threshold = z.number({ error: says("must be a number", "a score such as 0.1") }).positive({
  error: says("must be above 0", "a score such as 0.1"),
});

const MonitorSchema = fields({
  kind: z.literal("Monitor"),
  name,
  ...documented,
  view: name.nullish(),
  model: name.nullish(),
  environment: z
    .enum(ENVIRONMENTS, { error: says("is not an environment", `one of ${ENVIRONMENTS.join(", ")}`) })
    .default("dev"),
  reference: monitorReference,
  metric: z
    .enum(DRIFT_METRIC_NAMES, { error: says("is not a metric", `one of ${DRIFT_METRIC_NAMES.join(", ")}`) })
    .default("psi"),
  warn: threshold.nullish(),
  critical: threshold.nullish(),
  minRows: z.int().min(1).nullish(),
  after: z.int().min(1).max(100).nullish(),
  schedule: z.string().trim().nullish(),
})
  .superRefine((value, context) => {
    const issue = (path: string[], message: string, expected: string) =>
      context.addIssue({ code: "custom", path, message: says(message, expected) });
    if ((value.view ?? null) === null && (value.model ?? null) === null)
      issue(["view"], "is missing", "the feature view or the model to watch");
    if (value.view && value.model) issue(["model"], "is too much beside `view`", "view or model");
    if (value.warn && value.critical && value.critical < value.warn)
      issue(["critical"], "is below `warn`", `at least ${value.warn}`);
  })
  .transform((value) => compact(value, { after: 1 }));

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
  Monitor: () => MonitorSchema,
} as const;
