import { z } from "zod";
import { GOVERNED_ENVIRONMENTS } from "@/lib/domain/changes/promotion-policy";
import { Meta } from "./meta";
import { MlflowState } from "./mlflow";
import { PermutationImportance } from "./model-importance";
import { SlicedFeature } from "./model-slices";
import { TrialParams } from "./run-trials";
import { ColumnName, Instant, listOf, operation, WorkspaceQuery } from "./operation";

export const VerdictWord = z.enum(["safe", "unknown", "leak"]).describe("Whether the test score can be trusted.");

const Alias = z.enum(GOVERNED_ENVIRONMENTS).describe("Name under which jobs score with a version.");

export const WhereKept = z
  .object({
    engine: z.string().describe("Engine that fitted it, such as local."),
    format: z.string().describe("How what it learned is kept, such as tributary-sql or mlflow."),
    uri: z.string().describe("Address of what it learned; `tributary:fits/ID` is in this registry."),
    externalId: z.string().nullable().describe("What a registry elsewhere calls it; null when none knows it."),
    codeDigest: z
      .string()
      .nullable()
      .describe("SHA-256 of the product's version and commit with the engine's version; null when nobody recorded it."),
    environmentDigest: z
      .string()
      .nullable()
      .describe("SHA-256 of the runtime's version and the platform; null when nobody recorded it."),
  })
  .meta({ id: "WhereKept", description: "What a fit was made by, and where what it learned is." });
export type WhereKept = z.infer<typeof WhereKept>;

export const TestUse = z
  .object({
    scored: z
      .number()
      .int()
      .describe("Model versions, and evaluations of them, that were scored on the same test rows."),
    limit: z.number().int().nullable().describe("How many the workspace's budget allows; null without one."),
    check: z.enum(["soft", "hard"]).describe("What more than that does to a promotion to production."),
  })
  .meta({ id: "TestUse", description: "Use of test rows, over all models of the workspace." });
export type TestUse = z.infer<typeof TestUse>;

export const ModelVersion = z
  .object({
    id: z.string().describe("Its id, as verdicts and their fixes are asked for."),
    version: z.number().int().describe("Version number, from 1."),
    aliases: z.array(Alias).describe("Aliases that the version has now."),
    runId: z.string().nullable().describe("Run that made it; null when it was fitted elsewhere."),
    runNumber: z.number().int().nullable().describe("Number of that run; null when it was fitted elsewhere."),
    stage: z.string().nullable().describe("The estimator that it is; null when it was fitted elsewhere."),
    operator: z.string().nullable().describe("Operator of the estimator; null when it was fitted elsewhere."),
    where: WhereKept,
    mlflowUrl: z.string().nullable().describe("Its page in MLflow; null where MLflow does not have it."),
    createdAt: Instant.describe("When it was made."),
    createdBy: z.string().describe("Who asked for the run."),
    metrics: z.record(z.string(), z.record(z.string(), z.number())).describe("Part → metric → value."),
    verdict: VerdictWord,
    severity: z.string().describe("How much the worst leak matters: none, review, low, medium, high or critical."),
    sentence: z.string().describe("The verdict in a sentence."),
    trainedOn: z.string().describe("Rows that it was fitted on, in words."),
    trainingDataset: z
      .object({
        dataset: z.string().describe("Name of the dataset."),
        version: z.number().int().describe("Its version."),
      })
      .nullable()
      .describe("What its run wrote of the predicted entity, with the parts of the split; null when it was not kept."),
    testedOn: z.string().describe("Rows that it is judged on, in words."),
    testUse: TestUse.nullable().describe(
      "How often these very rows were scored; null where there are none, or nobody counted.",
    ),
    features: z
      .array(
        z.object({
          feature: ColumnName,
          version: z.number().int().describe("Version of the feature."),
          verdict: VerdictWord,
          explanation: z.array(z.string()).describe("Why, in sentences."),
        }),
      )
      .describe("Feature versions that it reads."),
    isOfEarlierRules: z
      .boolean()
      .describe(
        "Whether the verdict is that of rules of an earlier version of the product, and waits to be judged anew.",
      ),
    earlierVerdicts: z
      .array(
        z.object({
          feature: ColumnName,
          verdict: VerdictWord,
          explanation: z.array(z.string()).describe("Why, in sentences."),
          until: Instant.describe("When it was judged anew."),
          because: z.enum(["rules", "measurement"]).describe("By other rules, or with units that were counted since."),
        }),
      )
      .describe("What was said of features before they were judged anew, where it was something else, oldest first."),
    choice: z.record(z.string(), z.string()).describe("Column → stage that writes it."),
    search: z
      .object({
        metric: z.string().describe("The metric that they were chosen by."),
        by: z.enum(["validation", "folds"]).describe("Rows that the trials were scored by."),
        trials: z.number().int().describe("How many combinations were tried."),
        score: z.number().describe("The metric of the chosen one, or its mean over the folds."),
        deviation: z.number().nullable().describe("Standard deviation over the folds; null for validation rows."),
        params: TrialParams,
      })
      .nullable()
      .describe("How its run chose parameters, and which; null where they are those of the declared stages."),
  })
  .meta({ id: "ModelVersion", description: "A fitted model with its score and whether that score can be trusted." });
export type ModelVersion = z.infer<typeof ModelVersion>;

const ModelAliasMove = z
  .object({
    alias: Alias,
    before: z.number().int().nullable().describe("Version that had it before; null for none."),
    after: z.number().int().describe("Version that got it."),
    at: Instant.describe("When it moved."),
    by: z.string().describe("Who moved it."),
    change: z.number().int().nullable().describe("Number of the change request; null for a model's first version."),
    approvedBy: z.array(z.string()).describe("Who approved the request."),
  })
  .meta({ id: "ModelAliasMove", description: "One move of an alias." });
export type ModelAliasMove = z.infer<typeof ModelAliasMove>;

const ModelDeployment = z
  .object({
    name: z.string().describe("Name of the deployment."),
    state: z.string().describe("active or paused."),
    versions: z.array(z.number().int()).describe("Versions that the variant which it runs has made."),
  })
  .meta({ id: "ModelDeployment", description: "A deployment that scores with a model." });

const ScoreDifference = z
  .object({
    leaking: z.number().int().describe("Version whose test rows were seen upstream."),
    honest: z
      .number()
      .int()
      .describe("The newest safe version that computes the same, trained and tested on the same rows."),
    metric: z.string().describe("Name of the metric that is compared: auc, macroF1 or rmse."),
    leakingScore: z.number().describe("Of the leaking version, on the test part."),
    honestScore: z.number().describe("Of the honest one."),
    difference: z.number().describe("By how much leakage made the score look better; negative where it did not."),
  })
  .meta({ id: "ScoreDifference", description: "What leakage made of a test score." });
export type ScoreDifference = z.infer<typeof ScoreDifference>;

const Aliased = z.number().int().nullable();

export const ModelSummary = z
  .object({
    name: z.string().describe("Name of the model."),
    versions: z.number().int().describe("How many versions there are."),
    latest: ModelVersion.nullable().describe("The newest version; null for a model that is declared only."),
    pipeline: z
      .string()
      .nullable()
      .describe("Pipeline that made the newest version; null when it was fitted elsewhere."),
    description: z.string().describe("What it is."),
    owner: z.string().describe("Who owns it; empty when nobody does."),
    tags: z.array(z.string()).describe("Tags."),
    meta: Meta,
    aliases: z
      .object({
        staging: Aliased.describe("Version under staging; null for none."),
        production: Aliased.describe("Version under production; null for none."),
      })
      .describe("What the aliases name now."),
  })
  .meta({ id: "ModelSummary", description: "A model with its newest version." });
export type ModelSummary = z.infer<typeof ModelSummary>;

export const Model = z
  .object({
    name: z.string().describe("Name of the model."),
    pipeline: z.string().nullable().describe("Pipeline that makes it; null when every version was fitted elsewhere."),
    description: z.string().describe("What it is, or what the pipeline's author says of the pipeline that makes it."),
    owner: z.string().describe("Who owns it; empty when nobody does."),
    tags: z.array(z.string()).describe("Tags."),
    meta: Meta,
    intendedUse: z.string().describe("What it is for, and what it is not for; empty when nobody said."),
    label: z.string().describe("Column with the truth."),
    versions: z.array(ModelVersion).describe("Versions, newest first."),
    differences: z
      .array(ScoreDifference)
      .describe("Leaking versions with the honest one that stands beside each, newest first."),
    open: z
      .object({
        staging: Aliased.describe("Number of the open request for staging; null for none."),
        production: Aliased.describe("Number of the open request for production; null for none."),
      })
      .describe("Change requests that are open."),
    moves: z.array(ModelAliasMove).describe("How its aliases moved, newest first; at most fifty."),
    deployments: z.array(ModelDeployment).describe("Deployments that score with it, by name."),
    mlflow: MlflowState.nullable().describe("What MLflow was told of it; null when it is not told of any version."),
    mayEvaluate: z.boolean().describe("Whether the caller may have a version judged again."),
    promotable: z.boolean().describe("Whether the caller may ask to move an alias."),
  })
  .meta({ id: "Model", description: "A model and its versions." });
export type Model = z.infer<typeof Model>;

export const listModels = operation({
  id: "listModels",
  method: "GET",
  path: "/api/v1/models",
  summary: "The models of a workspace, by name; with words, those that have them, the best first.",
  tag: "models",
  query: WorkspaceQuery.extend({
    q: z.string().max(200).default("").describe("Words of name, description, owner, tags, metadata or pipeline."),
    owner: z.string().optional().describe("Only models of this owner."),
  }),
  response: listOf(ModelSummary, "models").meta({ id: "ModelList", description: "Models." }),
});

export const getModel = operation({
  id: "getModel",
  method: "GET",
  path: "/api/v1/models/{name}",
  summary: "One model with its versions.",
  tag: "models",
  params: z.object({ name: z.string().describe("Name of the model.") }),
  query: WorkspaceQuery,
  response: Model,
});

const Share = z.number().min(0).max(1);

const PartEvaluation = z.object({
  intervals: z
    .record(z.string(), z.tuple([z.number(), z.number()]))
    .describe("Metric → its 95 % confidence interval, where one is standard."),
  curve: z
    .array(
      z.object({
        threshold: z.number().describe("Rows with at least this prediction count as a yes."),
        falsePositiveRate: Share.describe("Share of the noes that do."),
        truePositiveRate: Share.describe("Share of the yeses that do: recall."),
        precision: Share.describe("Share of yeses among those that do."),
      }),
    )
    .optional()
    .describe("Points of the ROC and the precision-recall curve, from the highest threshold down."),
  calibration: z
    .array(
      z.object({
        rows: z.number().describe("Rows of the group."),
        predicted: z.number().describe("Their mean prediction."),
        observed: Share.describe("Their share of yeses."),
      }),
    )
    .optional()
    .describe("Tenths of the rows by prediction."),
  confusion: z
    .object({
      classes: z.array(z.string()).describe("The classes, in the order of rows and columns."),
      counts: z.array(z.array(z.number())).describe("Rows by true and by predicted class."),
    })
    .optional()
    .describe("How often each class was taken for which."),
  residuals: z
    .array(
      z.object({
        rows: z.number().describe("Rows of the group."),
        predicted: z.number().describe("Their mean prediction."),
        residual: z.number().describe("Their mean of label minus prediction."),
        p10: z.number().describe("A tenth of their residuals is below."),
        median: z.number().describe("Half of their residuals are below."),
        p90: z.number().describe("Nine tenths of their residuals are below."),
      }),
    )
    .optional()
    .describe("Tenths of the rows by prediction."),
});

export const ModelEvaluation = z
  .object({
    task: z
      .enum(["binary", "multiclass", "regression"])
      .describe("What was judged: a yes or no, a class, or a number."),
    threshold: z.number().nullable().describe("Probability from which on a row counts as a yes; null for other tasks."),
    parts: z.record(z.string(), PartEvaluation).describe("Part → what was found on its rows."),
    proxies: z
      .array(
        z.object({
          feature: z.string().describe("The column behind the input."),
          measure: z
            .enum(["auc", "r2"])
            .describe("Area under its ROC curve, or the square of its correlation with the label."),
          value: z.number().describe("The figure."),
          rows: z.number().describe("Validation rows that it was measured on."),
        }),
      )
      .optional()
      .describe("Inputs that tell the label alone; left out where there are none, or nobody looked."),
    importance: PermutationImportance.optional().describe(
      "What the score loses without each input; left out where nobody asked, or before it was kept.",
    ),
    slices: z
      .array(SlicedFeature)
      .optional()
      .describe("The parts again, in slices of the features that the pipeline names."),
  })
  .meta({ id: "ModelEvaluation", description: "Curves, tables and intervals behind the metrics of a model version." });
export type ModelEvaluation = z.infer<typeof ModelEvaluation>;

export const ModelTerms = z
  .object({
    measure: z
      .enum(["gain", "coefficient"])
      .describe("Of trees: shares of all that splits gained. Of linear forms: coefficients."),
    terms: z
      .array(
        z.object({
          feature: z.string().describe("The component of the inputs, by the column that it comes from."),
          class: z.string().nullable().describe("Class that the coefficient is of; null where there is one form."),
          value: z.number().describe("The share, or the coefficient in the units of the component."),
          standardised: z
            .number()
            .nullable()
            .describe("The coefficient for one standard deviation of the component; null for shares."),
        }),
      )
      .describe("In the order of the inputs' components."),
    intercepts: z
      .array(
        z.object({
          class: z.string().nullable().describe("Class that the constant is of; null where there is one form."),
          value: z.number().describe("The constant."),
        }),
      )
      .describe("Constants of linear forms; none of trees."),
  })
  .meta({ id: "ModelTerms", description: "What each component of a model's inputs weighs in its predictions." });
export type ModelTerms = z.infer<typeof ModelTerms>;

export const getModelEvaluation = operation({
  id: "getModelEvaluation",
  method: "GET",
  path: "/api/v1/models/{name}/versions/{version}/evaluation",
  summary:
    "Curves, tables and intervals behind the metrics of a model version, and the weight of its inputs; null where none were kept.",
  tag: "models",
  params: z.object({
    name: z.string().describe("Name of the model."),
    version: z.coerce.number().int().min(1).describe("Version number."),
  }),
  query: WorkspaceQuery,
  response: z.object({
    evaluation: ModelEvaluation.nullable(),
    terms: ModelTerms.nullable(),
    labelUnit: z
      .string()
      .nullable()
      .describe("Unit of the label, and so of predictions and residuals; null without one."),
  }),
});
