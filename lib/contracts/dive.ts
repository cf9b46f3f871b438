import { z } from "zod";
import { COLUMN_TYPES } from "@/lib/domain/definitions/column-type";
import { SENSITIVITIES } from "@/lib/domain/definitions/feature";
import { operation, WorkspaceQuery } from "./operation";

/** So many rows can be drawn at once. */
export const MOST_ROWS = 100_000;
/** So many columns come when none are named, the first of the dataset. */
export const COLUMNS_AT_FIRST = 24;
/** Rows times columns of one answer. */
export const MOST_CELLS = 4_000_000;

/** `a,b`, or the parameter given several times. */
const Names = z
  .union([z.string(), z.array(z.string())])
  .transform((given) =>
    (typeof given === "string" ? [given] : given).flatMap((part) => part.split(",")).filter((name) => name !== ""),
  );

const SampleField = z
  .object({
    name: z.string().describe("Name in the dataset."),
    column: z.string().describe("`entity.column`: the feature's name."),
    type: z.enum(COLUMN_TYPES).describe("Type of its values."),
    role: z.enum(["key", "time", "feature"]).describe("Whether it identifies a row, is its time, or is a value."),
    description: z.string().describe("What it means."),
    unit: z.string().nullable().describe("Unit of its values."),
    sensitivity: z.enum(SENSITIVITIES).describe("How sensitive its values are."),
    withheld: z.boolean().describe("Whether its values are not shown to you, because they are about persons."),
  })
  .meta({ id: "SampleField", description: "A column that the dataset has." });
export type SampleField = z.infer<typeof SampleField>;

const Codes = z
  .array(z.number().int().nullable())
  .describe("For each row the place of its text in the dictionary; null for a missing value.");
const Dictionary = z.array(z.string()).describe("The different texts.");

const SampleValues = z
  .discriminatedUnion("kind", [
    z.object({
      name: z.string().describe("Name in the dataset."),
      kind: z.enum(["numbers", "instants"]).describe("Numbers, or milliseconds since 1970."),
      values: z
        .array(z.union([z.number(), z.string(), z.null()]))
        .describe(
          'For each row its value; null when missing; as text what JSON has no number for: "NaN", "Infinity", "-Infinity", and integers beyond 2^53 in decimal.',
        ),
    }),
    z.object({
      name: z.string().describe("Name in the dataset."),
      kind: z
        .literal("texts")
        .describe("Texts, true/false values and lists, by dictionary; at most 200 characters of each."),
      dictionary: Dictionary,
      codes: Codes,
    }),
  ])
  .meta({ id: "SampleValues", description: "A column's values, row by row." });
export type SampleValues = z.infer<typeof SampleValues>;

export const DatasetSample = z
  .object({
    dataset: z.string().describe("Name of the dataset."),
    version: z.number().int().describe("The version that was read."),
    versions: z.array(z.number().int()).describe("Its newest versions, newest first."),
    entity: z.string().describe("Entity of the rows."),
    quarantined: z.boolean().describe("Whether the version is in quarantine."),
    heldBy: z.array(z.string()).describe("Monitors that hold it back; empty where a rule does, or nothing."),
    rows: z.number().describe("Rows of the version."),
    matched: z.number().describe("Rows in the slice and the parts: what the sample was drawn from."),
    sampled: z.number().int().describe("Rows in this answer."),
    parts: z.array(z.string()).describe("Parts that rows of this dataset can be in; empty when it has none."),
    fields: z.array(SampleField).describe("All columns of the dataset, in order."),
    columns: z.array(SampleValues).describe("The columns asked for, in order, without those that are withheld."),
    part: z
      .object({ dictionary: Dictionary, codes: Codes })
      .nullable()
      .describe("The part of each row; null when rows have none."),
  })
  .meta({
    id: "DatasetSample",
    description: "Rows of a dataset version, drawn at random but the same for the same question.",
  });
export type DatasetSample = z.infer<typeof DatasetSample>;

export const sampleDataset = operation({
  id: "sampleDataset",
  method: "GET",
  path: "/api/v1/datasets/{name}/sample",
  summary: "Sampled rows of a dataset version, column by column.",
  tag: "datasets",
  params: z.object({ name: z.string().describe("Name of the dataset: a source's, or `entity@pipeline`.") }),
  query: WorkspaceQuery.extend({
    version: z.coerce.number().int().min(1).optional().describe("Version of the dataset; the newest when left out."),
    rows: z.coerce
      .number()
      .int()
      .min(1)
      .max(MOST_ROWS)
      .default(20_000)
      .describe("At most so many rows. A larger sample holds the smaller ones."),
    columns: Names.optional().describe(
      `Names of columns, separated by commas; the first ${COLUMNS_AT_FIRST} when left out.`,
    ),
    slice: z
      .string()
      .max(4000)
      .optional()
      .describe("A bar of a histogram, such as `delay~range~10~20`, `origin~value~ATL` or `delay~missing`."),
    parts: Names.optional().describe(
      "Only rows of these parts, separated by commas: train, validation, test, serving.",
    ),
  }),
  response: DatasetSample,
});
