import { z } from "zod";
import { COLUMN_TYPES } from "@/lib/domain/definitions/column-type";
import { MOVING } from "@/lib/domain/profiles/moving-column";
import { Instant, operation, WorkspaceQuery } from "./operation";

/** At most so many groups side by side: more cannot be told apart in one picture. */
export const MOST_GROUPS = 6;

/** Probabilities of `OverviewFigures.quantiles`, in order. */
export const OVERVIEW_QUANTILES = [
  "0.01", "0.05", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.95", "0.99",
]; // prettier-ignore

const Bound = z.union([z.number(), z.string()]);

export const OverviewFigures = z
  .object({
    rows: z.number().describe("Rows."),
    missing: z.number().describe("Rows without a value."),
    counts: z
      .array(z.number())
      .optional()
      .describe(
        "Rows in each bucket of `edges`, the first below and the last above them; or of `values`, the last for all others.",
      ),
    even: z
      .array(z.number())
      .optional()
      .describe("The same on the edges `even` of the feature, the first below and the last above them."),
    distinct: z.number().optional().describe("Different values."),
    estimated: z.literal(true).optional().describe("Set when `distinct` is an estimate."),
    zeros: z.number().optional().describe("Zeros."),
    negative: z.number().optional().describe("Numbers below zero."),
    nan: z.number().optional().describe("Values that are not a number; left out when there are none."),
    infinite: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe("Values that are minus and plus infinity; left out when there are none."),
    min: Bound.optional().describe("Smallest value; decimal text beyond 2^53, ISO text for times."),
    max: Bound.optional().describe("Largest value, like `min`."),
    mean: z.number().optional().describe("Mean of the finite numbers."),
    std: z.number().optional().describe("Sample standard deviation of the finite numbers."),
    quantiles: z
      .array(z.number().nullable())
      .optional()
      .describe(
        `Type-7 quantiles at ${OVERVIEW_QUANTILES.join(", ")}; null where one is not kept. The median is the middle one.`,
      ),
    top: z
      .array(z.tuple([z.string(), z.number()]))
      .optional()
      .describe("The most frequent values with their rows."),
    averageLength: z.number().optional().describe("Mean length of texts in code points."),
    empty: z.number().optional().describe("Empty texts."),
    invalid: z.number().optional().describe("Texts that are not UTF-8."),
    valency: z
      .tuple([z.number(), z.number(), z.number()])
      .optional()
      .describe("Lists: fewest, mean and most values of a row."),
  })
  .meta({ id: "OverviewFigures", description: "One feature's values on one group, rounded to seven digits." });
export type OverviewFigures = z.infer<typeof OverviewFigures>;

export const OVERVIEW_KINDS = ["numeric", "string", "time", "boolean", "list"] as const;

export const OverviewFeature = z
  .object({
    name: z.string().describe("Name of the column in the dataset, or `entity.column` in a view."),
    feature: z.string().describe("`entity.column`: the feature."),
    owner: z.string().describe("Who owns it; empty when nobody does."),
    type: z.enum(COLUMN_TYPES).nullable().describe("Type of its values; null when it is not known any more."),
    kind: z.enum(OVERVIEW_KINDS).nullable().describe("Kind of its type."),
    unit: z.string().nullable().describe("Unit of its values; null without one."),
    version: z.number().int().nullable().describe("Feature version that was profiled."),
    edges: z.array(z.number()).optional().describe("Edges of its buckets by quantiles of the reference."),
    even: z.array(z.number()).optional().describe("Edges of its buckets of equal width."),
    values: z.array(z.string()).optional().describe("Its values, where they are counted one by one."),
    groups: z
      .array(OverviewFigures.nullable())
      .describe("In the order of the answer's groups; null where it has no profile."),
    sides: z.array(OverviewFigures.nullable()).optional().describe("Deprecated: the same as groups."),
    nonUniformity: z
      .number()
      .nullable()
      .describe(
        "Normalised entropy of the buckets, −Σ p ln p ÷ ln buckets, the least of the groups: 1 when all have the same, 0 when one has everything.",
      ),
    distance: z
      .number()
      .nullable()
      .describe("The greatest distance of two groups, Σ (u/U − v/V)² / (u/U² + v/V²); null with fewer than two."),
    severity: z
      .number()
      .nullable()
      .describe("Drift of the groups from the first one, score ÷ threshold, the greatest; 1 and above is an alarm."),
    drift: z.string().nullable().describe("That drift in a sentence."),
    moving: z
      .enum(MOVING)
      .nullable()
      .describe(
        "Set where the groups differ by nature, being the key of the rows or their time: then neither drift nor distance is computed.",
      ),
    noRows: z
      .string()
      .nullable()
      .describe("Why the rows behind its bars cannot be opened one by one, in a sentence; null where they can."),
    notes: z.array(z.string()).describe("What a reader must know to read it right, in sentences."),
  })
  .meta({ id: "OverviewFeature", description: "A column with its figures side by side, counted in the same buckets." });
export type OverviewFeature = z.infer<typeof OverviewFeature>;

export const ComparisonGroup = z
  .object({
    key: z.string().describe("What `groups` of the query calls it: `train`, `2001-01`, `2001-01-08`, `v2`."),
    kind: z.enum(["part", "window", "version"]).describe("What distinguishes its rows."),
    label: z.string().describe("Its name for people."),
  })
  .meta({ id: "ComparisonGroup", description: "Rows that can be compared with others." });
export type ComparisonGroup = z.infer<typeof ComparisonGroup>;

export const Overview = z
  .object({
    subject: z.enum(["dataset", "view"]).describe("What it is an overview of."),
    name: z.string().describe("Name of the dataset or view."),
    version: z.number().int().nullable().describe("Dataset version that parts and windows are of; null for a view."),
    versions: z.array(z.number().int()).describe("Dataset versions that have profiles, newest first."),
    quarantinedAt: Instant.nullable().describe("Since when the version is in quarantine; null when it is not."),
    heldBy: z.array(z.string()).describe("Monitors that hold it back; empty where a rule does, or nothing."),
    available: z.array(ComparisonGroup).describe("Every group that has profiles: parts, windows, versions."),
    groups: z.array(ComparisonGroup).describe("The groups of this answer, the first of them the reference."),
    sides: z.array(ComparisonGroup).optional().describe("Deprecated: the same as groups."),
    items: z.array(OverviewFeature).describe("The features of this page, in their declared order."),
    total: z.number().int().describe("How many features there are in all."),
    nextCursor: z.string().nullable().describe("Pass as `cursor` for the next page; null on the last."),
  })
  .meta({ id: "Overview", description: "Distributions of every column, side by side." });
export type Overview = z.infer<typeof Overview>;

const OverviewQuery = WorkspaceQuery.extend({
  groups: z
    .string()
    .max(400)
    .optional()
    .describe(
      `Keys of at most ${MOST_GROUPS} groups with commas between, the reference first. Default: the parts of the split.`,
    ),
  sides: z.string().max(400).optional().describe("Deprecated: the same as groups; the answer then says sides as well."),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("At most so many features."),
  cursor: z.string().optional().describe("Where to go on: the `nextCursor` of the page before."),
});

export const DatasetName = z
  .string()
  .min(1)
  .max(300)
  .describe("Name of a dataset: a source's name, or `entity@pipeline` of an output.");

export const getDatasetOverview = operation({
  id: "getDatasetOverview",
  method: "GET",
  path: "/api/v1/datasets/{name}/overview",
  summary: "Distributions of a dataset's columns, by part, window or version.",
  tag: "datasets",
  params: z.object({ name: DatasetName }),
  query: OverviewQuery.extend({
    version: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .describe("Dataset version; the newest with profiles when left out."),
  }),
  response: Overview,
});

export const getViewOverview = operation({
  id: "getViewOverview",
  method: "GET",
  path: "/api/v1/views/{name}/overview",
  summary: "Distributions of a feature view's features, by part or window, of the versions that are served.",
  tag: "views",
  params: z.object({ name: z.string().min(1).max(300).describe("Name of the feature view.") }),
  query: OverviewQuery,
  response: Overview,
});
