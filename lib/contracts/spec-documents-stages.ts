import { z } from "zod";
import { ESTIMATOR_CLASSES } from "@/lib/domain/definitions/stage";
import { placeTestRows, StageTestSchema } from "./spec-documents-tests";
import {
  column,
  columnType,
  compact,
  described,
  fields,
  fitRows,
  name,
  nonEmpty,
  says,
  unique,
} from "./spec-documents-fields";

/** JSON has no infinities and no NaN; the operator table takes them as words. */
const jsonNumbers = (value: unknown): unknown => {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(jsonNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, jsonNumbers(member)]));
};

export const StageSchema = fields({
  kind: z.literal("Stage"),
  name: name.meta({ description: "Its name." }),
  ...described,
  entity: name.meta({ description: "The entity that the outputs belong to." }),
  from: name.nullish().meta({ description: "Of an aggregating SQL stage: the entity whose rows it reads." }),
  via: z
    .record(name, name)
    .nullish()
    .meta({
      description: "Which relation to follow to another entity, where more than one leads there.",
      examples: [{ airport: "origin" }],
    }),
  transformer: z
    .string()
    .min(1)
    .nullish()
    .meta({
      description: "An operator that is not fitted; this or `estimator`.",
      examples: ["sql", "VectorAssembler"],
    }),
  estimator: z
    .string()
    .min(1)
    .nullish()
    .meta({ description: "An operator that is fitted; this or `transformer`.", examples: ["LogisticRegression"] }),
  class: z.enum(ESTIMATOR_CLASSES).nullish().meta({
    description: "What fitting learns from its rows, by which leakage is graded. Left out: the operator's own.",
  }),
  inputs: unique(column).meta({ description: "The columns it reads." }),
  fitInputs: unique(column)
    .nullish()
    .meta({ description: "Columns needed to fit and not to predict: the label, then a weight." }),
  outputs: nonEmpty(
    unique(
      fields({
        column: column.meta({ description: "The column, as entity.column." }),
        type: columnType.meta({ description: "Its type." }),
      }),
      (output) => output.column,
    ),
    "output",
  ).meta({ description: "The columns it writes." }),
  params: z
    .record(z.string(), z.unknown())
    .transform((params) => jsonNumbers(params) as Record<string, unknown>)
    .nullish()
    .meta({ description: "The operator's parameters, by its own names." }),
  cost: z
    .number()
    .min(0, { error: says("is negative", "0 or more") })
    .nullish()
    .meta({ description: "What plans add up to compare variants, in units of your own.", default: 1 }),
  fit: fitRows
    .nullish()
    .meta({ description: "The rows it is fitted on, whoever uses it. Left out: the pipeline decides." }),
  code: z.string().nullish().meta({ description: "Where the code lives, for people." }),
  tests: unique(StageTestSchema, (test) => test.name)
    .nullish()
    .meta({ description: "Rows in and rows out, run by `tributary test` and before a change is applied." }),
}).transform((value) => ({
  ...compact(
    { ...value, tests: value.tests?.map((test) => placeTestRows(test, value.from ?? value.entity)) },
    { cost: 1 },
  ),
  inputs: value.inputs,
  ...(value.params && Object.keys(value.params).length === 0 && { params: undefined }),
  ...(value.via && Object.keys(value.via).length === 0 && { via: undefined }),
}));
