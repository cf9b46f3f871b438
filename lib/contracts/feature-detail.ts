import { z } from "zod";
import { COLUMN_TYPES } from "@/lib/domain/definitions/column-type";
import { SENSITIVITIES } from "@/lib/domain/definitions/feature";
import { ESTIMATOR_CLASSES } from "@/lib/domain/definitions/stage";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { SEVERITIES, VERDICTS } from "@/lib/domain/leakage/codes";
import { ColumnName, Instant } from "./operation";

export const FeatureDrift = z
  .object({
    state: z.string().describe("State of the newest window."),
    metric: z.string().describe("The figure that was computed, natural for the type and size."),
    score: z.number().nullable().describe("Its score; null with too few rows."),
    severity: z.number().nullable().describe("How many times the warning threshold that is."),
  })
  .meta({ id: "FeatureDrift", description: "Drift of a feature's newest window from its first." });

export const FeaturePointer = z
  .object({
    environment: z.enum(ENVIRONMENTS).describe("The environment."),
    version: z.number().int().describe("The feature version that it serves."),
    movedAt: Instant.describe("When the pointer was moved there."),
    movedBy: z.string().describe("Who moved it."),
  })
  .meta({ id: "FeaturePointer", description: "Which version an environment serves." });
export type FeaturePointer = z.infer<typeof FeaturePointer>;

const ReadingModel = z
  .object({
    model: z.string().describe("Name of the model."),
    version: z.number().int().describe("Its newest version."),
    modelVersionId: z.string().describe("Id under which the proof can be asked for."),
    featureVersion: z.number().int().describe("The version of this feature that it reads."),
    verdict: z.enum(VERDICTS).describe("Whether the model's test rows were seen upstream of the feature."),
    severity: z.enum(SEVERITIES).describe("How bad."),
    reasons: z.array(z.string()).describe("Codes."),
    explanation: z.array(z.string()).describe("The reasons in sentences."),
  })
  .meta({ id: "ReadingModel", description: "A model that reads the feature, with its leakage verdict." });
export type ReadingModel = z.infer<typeof ReadingModel>;

const ChainStage = z
  .object({
    stage: z.string().describe("Name of the stage."),
    version: z.number().int().describe("The version of it that ran."),
    operator: z.string().describe("What it computes with."),
    kind: z.enum(["transformer", "estimator"]).describe("Whether it learns from rows."),
    class: z.enum(ESTIMATOR_CLASSES).nullable().describe("What it learns; null for a transformer."),
    params: z.record(z.string(), z.unknown()).describe("Its parameters."),
    outputs: z.array(ColumnName).describe("The columns it writes."),
    fit: z
      .object({
        rows: z.number().describe("Rows it was fitted on."),
        rowSet: z.string().describe("Which rows, in words."),
        run: z.number().int().describe("Number of the run that fitted it."),
      })
      .nullable()
      .describe("Its newest fit; null for a transformer or when it was never fitted."),
  })
  .meta({ id: "ChainStage", description: "One stage on the way to the feature." });
export type ChainStage = z.infer<typeof ChainStage>;

export const Strategy = z
  .object({
    version: z.number().int().describe("Number of the feature version."),
    signature: z.string().describe("Digest of the stage version, its parameters and its inputs' signatures."),
    source: z.string().nullable().describe("The source it is read from; null when a stage makes it."),
    stage: z.string().nullable().describe("The stage that writes it; null for a source's column."),
    environments: z.array(z.enum(ENVIRONMENTS)).describe("The environments that serve it."),
    chain: z.array(ChainStage).describe("Every stage upstream in an order in which they can run, the writer last."),
    run: z
      .object({
        number: z.number().int().describe("Number of the run."),
        id: z.string().describe("Its id."),
        title: z.string().describe("What ran."),
        finishedAt: Instant.nullable().describe("When it ended."),
        metrics: z
          .record(z.string(), z.record(z.string(), z.number()))
          .nullable()
          .describe("Part → metric → value of what the run was judged by."),
      })
      .nullable()
      .describe("The newest run that wrote values of it."),
    models: z.array(ReadingModel).describe("The models that read this version."),
    createdAt: Instant.describe("When it was first recorded."),
  })
  .meta({ id: "Strategy", description: "One way of producing a feature: a feature version with everything upstream." });
export type Strategy = z.infer<typeof Strategy>;

const Alternative = z
  .object({
    stage: z.string().describe("Name of the stage."),
    operator: z.string().describe("What it computes with."),
    description: z.string().describe("What it is for."),
    owner: z.string().describe("Who owns it."),
    inputs: z.array(ColumnName).describe("What it reads."),
  })
  .meta({ id: "Alternative", description: "A stage that could write the feature and never has." });

const ReadingStage = z
  .object({
    stage: z.string().describe("Name of the stage."),
    entity: z.string().describe("Entity of what it writes."),
    operator: z.string().describe("What it computes with."),
    role: z.enum(["input", "fitInput"]).describe("Whether it reads the feature always, or to fit only."),
    outputs: z.array(ColumnName).describe("What it makes of it."),
  })
  .meta({ id: "ReadingStage", description: "A stage that reads the feature." });

const ContainingView = z
  .object({
    view: z.string().describe("Name of the view."),
    online: z.boolean().describe("Whether it is served online."),
    ttlSeconds: z.number().int().describe("Age from which a value is too old to serve; 0 is never."),
    reference: z.string().describe("The feature's name on the wire, `view:column`."),
    services: z.array(z.string()).describe("Feature services that read it through this view."),
  })
  .meta({ id: "ContainingView", description: "A feature view that has the feature." });

export const FeatureDetail = z
  .object({
    name: ColumnName,
    entity: z.string().describe("Its entity."),
    type: z.enum(COLUMN_TYPES).describe("Its type."),
    description: z.string().describe("What it means."),
    unit: z.string().nullable().describe("Unit of its values."),
    expected: z
      .object({
        min: z.number().optional().describe("Smallest plausible value."),
        max: z.number().optional().describe("Largest plausible value."),
        values: z.array(z.string()).optional().describe("The plausible values."),
      })
      .nullable()
      .describe("What its owner expects of its values."),
    owner: z.string().describe("Who owns it."),
    tags: z.array(z.string()).describe("Tags."),
    sensitivity: z.enum(SENSITIVITIES).describe("How its values must be handled."),
    deprecated: z.boolean().describe("Whether nobody should begin to use it."),
    documented: z.boolean().describe("False for a column that nobody documented."),
    definition: z.record(z.string(), z.unknown()).describe("The declared document."),
    joinKeys: z
      .array(
        z
          .object({
            name: z.string().describe("Name of the key."),
            type: z.enum(COLUMN_TYPES).describe("Its type."),
          })
          .meta({ id: "FeatureJoinKey", description: "A column that identifies the entity." }),
      )
      .describe("What identifies a row of the entity."),
    eventTime: z.string().nullable().describe("The entity's event-time column."),
    exampleKeys: z.array(z.string()).describe("Real values of the first join key, frequent ones first; may be empty."),
    pointers: z.array(FeaturePointer).describe("What each environment serves."),
    lastComputed: Instant.nullable().describe("When its newest values were computed."),
    drift: FeatureDrift.nullable().describe("Drift of the newest window; null when never compared."),
    leak: z.enum(VERDICTS).nullable().describe("Worst verdict over the models that read a served version."),
    strategies: z.array(Strategy).describe("Every way in which it was produced, newest first."),
    alternatives: z.array(Alternative).describe("Stages that could write it and never have."),
    readers: z.array(ReadingStage).describe("The stages that read it."),
    views: z.array(ContainingView).describe("The views that have it."),
    usages: z.number().int().describe("Entries of the usage ledger about it."),
    values: z
      .object({
        path: z.string().describe("The file, relative to the data folder unless it is a source's."),
        column: z.string().describe("Name of the column in the file."),
        dataset: z.string().describe("Dataset version as `name@version`."),
        rows: z.number().describe("Rows."),
      })
      .nullable()
      .describe("Where its newest values are."),
  })
  .meta({ id: "FeatureDetail", description: "A feature with everything that is known about it." });
export type FeatureDetail = z.infer<typeof FeatureDetail>;

const Buckets = z
  .object({
    kind: z.enum(["numeric", "categorical"]).describe("Whether buckets are intervals or values."),
    edges: z.array(z.number()).describe("Edges of the intervals, ascending; empty for values."),
    values: z.array(z.string()).describe("The values; empty for intervals."),
    counts: z.array(z.number()).describe("Rows in each bucket."),
    underflow: z.number().describe("Rows below the first edge."),
    overflow: z.number().describe("Rows above the last edge, or with a value that the reference did not have."),
    missing: z.number().describe("Rows without a value."),
    nan: z.number().describe("Rows with NaN."),
  })
  .meta({ id: "Buckets", description: "A histogram on the feature's reference edges." });
export type Buckets = z.infer<typeof Buckets>;

export const FeatureProfile = z
  .object({
    version: z.number().int().nullable().describe("Version of the feature; null for a column without one."),
    dataset: z.string().describe("Dataset version as `name@version`."),
    run: z.number().int().nullable().describe("Number of the run that computed it."),
    part: z.string().describe("`all`, or a part of the run's split."),
    from: Instant.nullable().describe("First moment of the window; null for all time."),
    to: Instant.nullable().describe("End of the window, exclusive."),
    rows: z.number().describe("Rows."),
    stats: z.record(z.string(), z.unknown()).describe("Figures; which ones depends on the type."),
    buckets: Buckets.describe("Counts on quantile edges, or by value."),
    equalWidth: Buckets.nullable().describe("The same rows on equal-width edges; null for values."),
  })
  .meta({ id: "FeatureProfile", description: "Distribution of a feature over one set of rows." });
export type FeatureProfile = z.infer<typeof FeatureProfile>;

export const FeatureProfiles = z
  .object({
    version: z.number().int().nullable().describe("The version that is described."),
    versions: z.array(z.number().int()).describe("Versions that have profiles."),
    parts: z.array(FeatureProfile).describe("The newest profile of each part, all rows first, then train to test."),
    months: z.array(FeatureProfile).describe("The newest profile of each window of time, in order."),
  })
  .meta({ id: "FeatureProfiles", description: "Distributions of one version by part and by month." });
export type FeatureProfiles = z.infer<typeof FeatureProfiles>;

export const FeatureVersionEntry = z
  .object({
    version: z.number().int().describe("Its number."),
    signature: z.string().describe("What distinguishes it."),
    writer: z.string().describe("The stage that writes it, or the source it is read from."),
    definition: z
      .record(z.string(), z.unknown())
      .describe("The strategy as data: the writer and every choice upstream."),
    text: z.string().describe("The same as YAML, to be compared line by line."),
    environments: z.array(z.enum(ENVIRONMENTS)).describe("The environments that serve it."),
    run: z
      .object({
        number: z.number().int().describe("Number of the run."),
        id: z.string().describe("Its id."),
      })
      .nullable()
      .describe("The newest run that wrote values of it."),
    createdAt: Instant.describe("When it was first recorded."),
    createdBy: z.string().describe("By whom."),
  })
  .meta({ id: "FeatureVersionEntry", description: "A version of a feature." });
export type FeatureVersionEntry = z.infer<typeof FeatureVersionEntry>;
