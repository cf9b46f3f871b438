import { z } from "zod";
import { COLUMN_TYPES } from "@/lib/domain/definitions/column-type";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { BOUNDARIES, KNOWLEDGE } from "@/lib/domain/joins/point-in-time";
import { SEVERITIES, VERDICTS } from "@/lib/domain/leakage/codes";
import { TRAINING_ROLES } from "@/lib/domain/training-datasets/training-recipe";
import { VALUE_STATUSES } from "@/lib/domain/training-datasets/training-rows";
import { ColumnName, Instant, listOf, operation, Page, WorkspaceName, WorkspaceQuery } from "./operation";

const TrainingName = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9_]*$/, { error: "expected a name such as late_rows_2024: lower-case letters, digits and _" })
  .describe("Name of the training dataset. Unique in the workspace, and never used again.");

/** Words that stand where names do in addresses. */
const RESERVED = ["new", "preview"];
const NewName = TrainingName.refine((name) => !RESERVED.includes(name), {
  error: `expected another name than ${RESERVED.join(" and ")}, which are parts of addresses`,
});

const Parts = z.array(z.string()).optional();

/** What a training dataset is to be made from. */
const asked = {
  workspace: WorkspaceName,
  feature_service: z.string().nullish().describe("Name of a feature service: all features that a model reads."),
  features: z
    .array(z.string())
    .optional()
    .describe("`view:feature`, `view@v2:feature`, `view@staging:feature`, or `feature` where one view has it. Ignored when `feature_service` is given."), // prettier-ignore
  full_feature_names: z.boolean().optional().describe("Call the columns of features `view__feature`."),
  environment: z.enum(ENVIRONMENTS).optional().describe("Whose pointers say which versions; production when left out."),
  spine: z
    .strictObject({
      source: z.string().describe("Name of a source."),
      version: z.number().int().positive().optional().describe("Version of its data; the newest at the as-of time when left out."), // prettier-ignore
      keep: z.array(z.string()).optional().describe("Its columns that the rows have; all when left out. The label and the moment are always there."), // prettier-ignore
    })
    .describe("The rows: those of a source, in the order of its files. None is left out, none is repeated once more."),
  time: z.string().optional().describe("Column of the spine with the moment as of which features are read; the source's time column when left out."), // prettier-ignore
  keys: z
    .record(z.string(), z.string())
    .optional()
    .describe("Join key, or `entity.key` where two entities call theirs alike, → column of the spine; the key's own name when left out."), // prettier-ignore
  label: z.string().nullish().describe("Column of the spine that is to be predicted."),
  split: z
    .strictObject({
      policy: z.string().describe("Name of a split policy whose column the spine has."),
      train: Parts.describe("Parts to train on; `train`, where the policy has it, when left out."),
      validation: Parts.describe("Parts to choose by; `validation`, where the policy has it, when left out."),
      test: Parts.describe("Parts to judge by; `test`, where the policy has it, when left out."),
    })
    .nullish()
    .describe("How rows are divided. A column `split_part` says where each row is."),
  unit: z
    .array(z.string())
    .optional()
    .describe("Columns of the spine whose shared value on both sides of the split is leakage; the source's row key and the split's column when left out."), // prettier-ignore
  asOf: Instant.optional().describe("Only data that had been written by this moment are read; now when left out."),
  knowledge: z
    .enum(KNOWLEDGE)
    .default("event")
    .describe("`event`: values count from their event time on. `created`: not before a run had written them."),
  boundary: z
    .enum(BOUNDARIES)
    .default("inclusive")
    .describe("Whether a value whose event time is the row's moment counts: inclusive or exclusive."),
};

export const TrainingDraft = z
  .strictObject(asked)
  .meta({ id: "TrainingDraft", description: "What a training dataset is to be made from." });
export type TrainingDraft = z.output<typeof TrainingDraft>;

const Count = z.number().int();

const Column = z
  .object({
    name: z.string().describe("Name of the column."),
    type: z.enum(COLUMN_TYPES).describe("Its type."),
    role: z.enum(["key", "time", "label", "split", "spine", "feature"]).describe("What it is for."),
  })
  .meta({ id: "TrainingColumn", description: "A column of a training dataset." });

const SpineFacts = z
  .object({
    rows: Count.describe("Rows of the spine: all are in the training dataset."),
    duplicates: Count.describe("Rows whose join keys and moment an earlier row has too. They are kept."),
    future: Count.describe("Rows later than the as-of time. They are kept."),
    nullKeys: z.record(z.string(), Count).describe("Column of a join key → rows without a value. They are kept, with null features."), // prettier-ignore
  })
  .meta({ id: "TrainingSpineFacts", description: "What was counted of the spine." });

const PartRows = z
  .record(z.string(), Count)
  .describe("Part of the split policy → rows; rows in no part under the empty name. Empty without a split.");

const Verdict = z
  .object({
    name: z.string().describe("The feature's column in the training dataset."),
    feature: ColumnName,
    version: Count.describe("Version of the feature."),
    verdict: z.enum(VERDICTS).describe("Whether something upstream of its values has seen the test rows."),
    severity: z.enum(SEVERITIES).describe("How bad that is."),
    reasons: z.array(z.string()).describe("Codes."),
    warnings: z.array(z.string()).describe("Codes of what to keep in mind."),
    explanation: z.array(z.string()).describe("The same in sentences."),
  })
  .meta({ id: "TrainingVerdict", description: "A feature against the test rows of a training dataset." });
export type TrainingVerdict = z.output<typeof Verdict>;

const RecipeFeature = z
  .object({
    name: z.string().describe("Column of the training dataset."),
    feature: ColumnName,
    version: Count.describe("Version of the feature."),
    type: z.enum(COLUMN_TYPES).describe("Its type."),
    view: z.string().describe("View that it was read from."),
    ttlSeconds: Count.describe("How old a value may be; 0 is any age."),
    values: z
      .array(
        z.object({
          dataset: z.string().describe("Dataset that a run wrote."),
          version: Count.describe("Its version."),
          digest: z.string().describe("Digest of its files."),
          column: z.string().describe("Column of the files."),
        }),
      )
      .describe("Where its values are read, the newest first."),
  })
  .meta({ id: "TrainingRecipeFeature", description: "A feature version with the data that its values are read from." });

export const TrainingRecipe = z
  .object({
    spine: z
      .object({
        source: z.string().describe("Source whose rows they are."),
        version: Count.describe("Version of its data."),
        digest: z.string().describe("Digest of its files."),
        definition: Count.describe("Version of the source's definition."),
        columns: z
          .array(z.object({ name: z.string().describe("Name."), type: z.enum(COLUMN_TYPES).describe("Type.") }))
          .describe("Columns of it that the rows have."),
        time: z.string().describe("Column with the moment as of which features are read."),
      })
      .describe("The rows."),
    keys: z
      .array(
        z.object({
          entity: z.string().describe("Entity that is joined."),
          key: z.string().describe("Its join key."),
          type: z.enum(COLUMN_TYPES).describe("The key's type."),
          column: z.string().describe("Column of the spine."),
        }),
      )
      .describe("Which column of the spine has which join key."),
    entities: z
      .array(
        z.object({
          name: z.string().describe("Name."),
          keys: z
            .array(z.object({ name: z.string().describe("Name."), type: z.enum(COLUMN_TYPES).describe("Type.") }))
            .describe("Its join keys."),
          eventTime: z.string().nullable().describe("Column with the event time; null where values hold at all times."),
        }),
      )
      .describe("The entities of the features, as they were."),
    features: z.array(RecipeFeature).describe("In the order of their columns."),
    service: z
      .object({ name: z.string().describe("Name."), version: Count.describe("Version of its definition.") })
      .nullable()
      .describe("The feature service that the features are of; null where they were named."),
    label: z.string().nullable().describe("Column that is to be predicted; null for none."),
    split: z
      .object({
        policy: z.string().describe("Name of the split policy."),
        version: Count.describe("Version of its definition."),
        parts: z
          .object(
            Object.fromEntries(
              TRAINING_ROLES.map((role) => [role, z.array(z.string()).describe(`Parts for ${role}.`)]),
            ) as Record<(typeof TRAINING_ROLES)[number], z.ZodArray<z.ZodString>>,
          ) // prettier-ignore
          .describe("Parts by what they are for."),
      })
      .nullable()
      .describe("How rows are divided; null for not at all."),
    unit: z.array(z.string()).describe("Columns whose shared value on both sides is leakage."),
    asOf: z.string().describe("Only what had been written by this moment is read."),
    knowledge: z.enum(KNOWLEDGE).describe("Whether values count from their event time, or from their writing on."),
    boundary: z.enum(BOUNDARIES).describe("Whether a value of the row's very moment counts."),
  })
  .meta({
    id: "TrainingRecipe",
    description: "Versions of everything that the rows of a training dataset follow from.",
  });

export const TrainingPreview = z
  .object({
    columns: z.array(Column).describe("The columns, in order."),
    rows: z
      .array(
        z.object({
          cells: z.array(z.unknown()).describe("Values in the order of the columns. Integers beyond 2^53 as text."),
          statuses: z
            .array(z.enum(VALUE_STATUSES))
            .describe("Why each feature's value is what it is: PRESENT, NULL (a null is stored), NO_ROW (none before the moment), EXPIRED (older than the view allows), NO_KEY."), // prettier-ignore
        }),
      )
      .describe("The first rows."),
    spine: SpineFacts,
    parts: PartRows,
    verdicts: z.array(Verdict).describe("One for each feature; empty without a test part."),
    recipe: TrainingRecipe,
    warnings: z.array(z.string()).describe("What to look at before freezing, in sentences."),
  })
  .meta({ id: "TrainingPreview", description: "What freezing would give. Nothing was written." });
export type TrainingPreview = z.output<typeof TrainingPreview>;

const summary = {
  name: TrainingName,
  workspace: WorkspaceName,
  description: z.string().describe("What it is for."),
  spine: z.string().describe("Source of its rows, with the version, as `source@version`."),
  label: z.string().nullable().describe("Column that is to be predicted; null for none."),
  split: z.string().nullable().describe("Name of the split policy; null for none."),
  features: Count.describe("How many features it has."),
  rows: Count.describe("How many rows it has."),
  verdict: z.enum(VERDICTS).nullable().describe("The worst of its features; null without a test part."),
  contentDigest: z.string().describe("SHA-256 of the rows: equal digests, equal rows in equal order."),
  cached: z.boolean().describe("Whether its rows are kept and can be downloaded at once."),
  asOf: z.string().describe("Only data that had been written by then were read."),
  createdAt: Instant.describe("When it was frozen."),
  createdBy: z.string().describe("Who froze it."),
};

export const TrainingDatasetSummary = z
  .object(summary)
  .meta({ id: "TrainingDatasetSummary", description: "A training dataset in a list." });
export type TrainingDatasetSummary = z.output<typeof TrainingDatasetSummary>;

export const TrainingDataset = z
  .object({
    ...summary,
    recipeDigest: z.string().describe("SHA-256 of the recipe."),
    recipe: TrainingRecipe,
    columns: z.array(Column).describe("The columns, in order."),
    spineFacts: SpineFacts,
    parts: PartRows,
    statuses: z
      .record(z.string(), z.partialRecord(z.enum(VALUE_STATUSES), Count.describe("Rows whose value is so.")))
      .describe("Feature → why its values are what they are → rows."),
    verdicts: z
      .array(Verdict)
      .describe("One for each feature, as judged when it was frozen; empty without a test part."),
    rules: Count.describe("Version of the rules that judged it."),
    bytes: Count.nullable().describe("Size of its Parquet; null while it is not kept."),
    namedBy: z
      .array(z.string())
      .describe("What names it, such as `experiment 3`: it is not deleted while something does."),
  })
  .meta({ id: "TrainingDataset", description: "A training dataset: a recipe with the digest of what came of it." });
export type TrainingDataset = z.output<typeof TrainingDataset>;

const address = {
  tag: "training-datasets",
  params: z.object({ name: TrainingName }),
  query: WorkspaceQuery,
};

export const listTrainingDatasets = operation({
  id: "listTrainingDatasets",
  method: "GET",
  path: "/api/v1/training-datasets",
  summary: "Training datasets, newest first.",
  tag: "training-datasets",
  query: WorkspaceQuery.extend({
    ...Page.shape,
    q: z.string().default("").describe("Words in the name, description, spine, label or features."),
  }),
  response: listOf(TrainingDatasetSummary, "training datasets").meta({
    id: "TrainingDatasetList",
    description: "Training datasets.",
  }),
});

export const previewTrainingDataset = operation({
  id: "previewTrainingDataset",
  method: "POST",
  path: "/api/v1/training-datasets/preview",
  summary: "The first rows that a training dataset would have, and what leaks. Writes nothing.",
  tag: "training-datasets",
  body: z.strictObject({
    ...asked,
    rows: z.number().int().min(0).max(200).default(20).describe("So many of the first rows."),
  }),
  response: TrainingPreview,
});

export const createTrainingDataset = operation({
  id: "createTrainingDataset",
  method: "POST",
  path: "/api/v1/training-datasets",
  summary: "Freezes a training dataset: writes its rows, its recipe and what was used for what.",
  tag: "training-datasets",
  body: z.strictObject({
    ...asked,
    name: NewName,
    description: z.string().trim().max(2000).default("").describe("What it is for."),
  }),
  status: 201,
  response: TrainingDataset,
});

export const getTrainingDataset = operation({
  id: "getTrainingDataset",
  method: "GET",
  path: "/api/v1/training-datasets/{name}",
  summary: "A training dataset with its recipe, counts and verdicts.",
  ...address,
  response: TrainingDataset,
});

export const deleteTrainingDataset = operation({
  id: "deleteTrainingDataset",
  method: "DELETE",
  path: "/api/v1/training-datasets/{name}",
  summary:
    "Deletes a training dataset that nothing names. What it used stays in the usage ledger; its name is not used again.",
  ...address,
  response: z.object({}).meta({ id: "TrainingDatasetDeleted", description: "It is deleted." }),
});

export const downloadTrainingDataset = operation({
  id: "downloadTrainingDataset",
  method: "GET",
  path: "/api/v1/training-datasets/{name}/rows",
  summary: "The rows as a file. 409 while they are not kept: recompute first.",
  ...address,
  query: WorkspaceQuery.extend({
    format: z
      .enum(["parquet", "arrow", "csv", "json"])
      .default("parquet")
      .describe("parquet, arrow (an Arrow stream), csv, or json (`{rows: [..]}`, up to 100,000 rows)."),
  }),
  response: z.string().describe("The file."),
});

export const recomputeTrainingDataset = operation({
  id: "recomputeTrainingDataset",
  method: "POST",
  path: "/api/v1/training-datasets/{name}/recompute",
  summary: "Makes the rows again from the recipe and keeps them. 409 when something that they follow from has changed.",
  ...address,
  response: TrainingDataset,
});

export const dropTrainingCache = operation({
  id: "dropTrainingCache",
  method: "DELETE",
  path: "/api/v1/training-datasets/{name}/cache",
  summary: "Drops the kept rows. The recipe can make them again.",
  ...address,
  response: TrainingDataset,
});

export const TrainingDifference = z
  .object({
    name: TrainingName,
    with: TrainingName,
    sameRows: z.boolean().describe("Whether both have equal rows in equal order."),
    differences: z
      .array(
        z.object({
          what: z.string().describe("What differs, such as spine, feature or split."),
          name: z.string().nullable().describe("Which one, where there are several."),
          before: z.string().nullable().describe("What the first has; null where it has none."),
          after: z.string().nullable().describe("What the other has; null where it has none."),
          text: z.string().describe("The same as a sentence."),
        }),
      )
      .describe("In what the recipes differ; empty where they do not."),
  })
  .meta({ id: "TrainingDifference", description: "Two training datasets compared." });
export type TrainingDifference = z.output<typeof TrainingDifference>;

export const compareTrainingDatasets = operation({
  id: "compareTrainingDatasets",
  method: "GET",
  path: "/api/v1/training-datasets/{name}/difference",
  summary: "In what another training dataset differs from this one.",
  ...address,
  query: WorkspaceQuery.extend({ with: TrainingName.describe("Name of the other one.") }),
  response: TrainingDifference,
});
