import { z } from "zod";
import { COLUMN_TYPES, type ColumnType } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import { nearest } from "@/lib/domain/names/nearest-name";
import { parseSchedule } from "@/lib/domain/schedule/schedule";
import { toInstant, toSeconds } from "./spec-documents-values";

/** What the schemas of spec documents are made of. Every error is a message with what was expected. */

const NAME = /^[a-z][a-z0-9_]*$/;
const REFERENCE = /^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$/;
const COLUMN = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/** What is wrong and what was expected, in the one string that a schema's error may be. `schemaIssues` takes it apart. */
export function says(message: string, expected: string): string {
  return `${message}\t${expected}`;
}

/** A text that is checked; `expected` is shown to the author. */
export function text(test: (value: string) => boolean, message: string, expected: string) {
  return z
    .string({
      error: (issue) => (issue.input === undefined ? says("is missing", expected) : says("must be a text", expected)),
    })
    .refine(test, { error: says(message, expected) });
}

/** A text of a pattern, which JSON Schema is told too. */
const patterned = (pattern: RegExp, message: string, expected: string) =>
  text((value) => pattern.test(value), message, expected).meta({ pattern: pattern.source });

export const name = patterned(NAME, "is not a name", "a name of a-z, 0-9 and _ such as airport_stats");
export const column = patterned(COLUMN, "is not a column", "entity.column such as airport.segment");
export const reference = patterned(
  REFERENCE,
  "is not a feature of a view",
  "view:column such as airport_stats:segment",
);

/** Other words for the column types: Spark's, Postgres's and Feast's. */
const TYPE_ALIASES: Record<string, ColumnType> = {
  bool: "boolean", int: "bigint", integer: "bigint", int32: "bigint", int64: "bigint", long: "bigint", float: "double",
  float32: "double", float64: "double", real: "double", number: "double", text: "string", varchar: "string",
  datetime: "timestamp", unix_timestamp: "timestamp",
}; // prettier-ignore

export const columnType = z
  .string()
  .transform((value, context): ColumnType => {
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
  })
  .meta({ enum: [...COLUMN_TYPES, ...Object.keys(TYPE_ALIASES)] });

/** A list whose members are all different. */
export function unique<Item extends z.ZodType>(item: Item, keyOf: (value: z.output<Item>) => string = String) {
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

export function nonEmpty<List extends z.ZodType<unknown[]>>(list: List, what: string) {
  return list.refine((values) => values.length > 0, {
    error: says("is empty", `at least one ${what}`),
  });
}

/**
 * A strict object. The message about unknown fields has one line for each of the issue's keys. Members that are empty lists,
 * empty texts or null are the same as left out.
 */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
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

export const documented = {
  description: z.string().trim().nullish().meta({ description: "What it is, for people who look for it." }),
  owner: z
    .string()
    .trim()
    .nullish()
    .meta({ description: "A group, or a person's e-mail address: who is asked.", examples: ["ml-platform"] }),
  tags: unique(
    z
      .string()
      .trim()
      .min(1, { error: says("is empty", "a word") }),
  )
    .nullish()
    .meta({ description: "Words to find it by." }),
};

/** Most entries of an object's free metadata. */
const MOST_META = 50;
const META_KEY = /^[a-z][a-z0-9_.-]{0,63}$/;
const META_VALUE = "a text, number or boolean of at most 500 characters";

const metaValue = z
  .union([z.string(), z.number(), z.boolean()], { error: says("is not a value", META_VALUE) })
  .refine((value) => String(value).length <= 500, { error: says("is too long", META_VALUE) });

export const described = {
  ...documented,
  /** An empty mapping says nothing. */
  meta: z
    .record(z.string(), metaValue, { error: says("must be a mapping", "keys and values such as { team: network }") })
    .superRefine((meta, context) => {
      const keys = Object.keys(meta);
      for (const key of keys)
        if (!META_KEY.test(key))
          context.addIssue({
            code: "custom",
            path: [key],
            message: says("is not a key", "a-z first, then a-z, 0-9, _, . and -, at most 64 in all"),
          });
      if (keys.length > MOST_META)
        context.addIssue({ code: "custom", message: says(`has ${keys.length} entries`, `at most ${MOST_META}`) });
    })
    .transform((meta) => (Object.keys(meta).length > 0 ? meta : undefined))
    .nullish()
    .meta({
      description: `Keys and values of your own, at most ${MOST_META}; searchable.`,
      examples: [{ team: "network" }],
    }),
};

const DURATION = "a number with s, m, h, d or w such as 7d; 0 for no limit";

export const seconds = z
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
export const instant = z
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

/** `[from, to)` with both ends, as instants. */
export const wholeWindow = z
  .tuple([instant, instant], { error: says("must be a pair", "[from, to)") })
  .transform(([from, to], context): [string, string] => {
    if (from !== null && to !== null && from < to) return [from, to];
    context.addIssue({ code: "custom", message: says("is no window", "[from, to) with from before to") });
    return z.NEVER;
  });

/** A cron expression, refused in a document exactly as everywhere else. */
export const schedule = z
  .string({ error: says("must be a text", "five fields, such as `0 6 * * *`") })
  .transform((value, context) => {
    try {
      return parseSchedule(value, []);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { issues = [] } = error.context as { issues?: { message: string; expected?: string }[] };
      for (const { message, expected = "" } of issues)
        context.addIssue({ code: "custom", message: says(`cannot be kept: ${message}`, `${expected}, in UTC`) });
      return z.NEVER;
    }
  });

/** Windows that distributions are kept for. */
export const profileEvery = z.enum(["day", "week", "month"]);

/** Rows that an estimator is fitted on. */
export const fitRows = fields({
  rows: z.literal("all").optional().meta({ description: "All rows." }),
  split: name.optional().meta({ description: "A split policy, with `parts`." }),
  parts: unique(name)
    .optional()
    .meta({ description: "Parts of the split.", examples: [["train"]] }),
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
