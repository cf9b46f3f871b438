import { z } from "zod";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { GOVERNED_ENVIRONMENTS } from "@/lib/domain/changes/promotion-policy";
import { COLUMN_TYPES } from "@/lib/domain/definitions/column-type";
import { operation, WorkspaceName, WorkspaceQuery } from "./operation";

/** Rows of one request, so that each is answered in moments; more are a predict job's. */
export const MOST_PREDICTED = 10_000;

const Value = z.unknown().describe("By the column's type; instants and dates as ISO 8601, null where it is missing.");

const PredictRequest = z
  .strictObject({
    workspace: WorkspaceName.optional().describe("Needed only where several of your workspaces have the model."),
    model: z.string().describe("Name of the model."),
    alias: z
      .enum(GOVERNED_ENVIRONMENTS)
      .optional()
      .describe("The version that this alias names now; production when neither alias nor version is given."),
    version: z.number().int().min(1).optional().describe("A version by number, in the place of an alias."),
    environment: z
      .enum(ENVIRONMENTS)
      .optional()
      .describe("Whose values are read online; production unless the token is bound to another."),
    entities: z
      .record(z.string(), z.array(Value))
      .optional()
      .describe(
        "Column → its value for each row, all lists of one length: join keys, the columns of relations, and input columns that are not kept online. What is not given is read online.",
      ),
    rows: z
      .array(z.record(z.string(), Value))
      .max(MOST_PREDICTED)
      .optional()
      .describe(
        "Rows with all input columns: by bare name of the model's entity, as `relation.column` of another entity.",
      ),
    log: z
      .boolean()
      .optional()
      .describe(
        "False keeps the predictions out of the model's log. Otherwise those of alias production are logged for concept monitors, where rows give the join keys and the event time.",
      ),
  })
  .meta({ id: "PredictRequest", description: "Rows to predict, by keys or by values." });
export type PredictRequest = z.infer<typeof PredictRequest>;

const Figure = z.union([z.number(), z.string()]).nullable();

const PredictedRow = z
  .object({
    prediction: z
      .union([z.number(), z.boolean(), z.string()])
      .nullable()
      .describe(
        "The class, by the pipeline's threshold where the model gives one probability; or the number or group. Null where the model gives none.",
      ),
    className: z
      .string()
      .optional()
      .describe("What a class number stands for, where an indexer made the label's numbers."),
    probability: Figure.optional().describe("Of a yes, where the model writes it."),
    probabilities: z
      .array(z.object({ class: z.string().describe("The class."), probability: Figure.describe("Its probability.") }))
      .optional()
      .describe("Of each class, where the model writes them."),
    outputs: z
      .record(z.string(), z.unknown())
      .describe("`entity.column` → the value that a predict job writes for the row."),
    missing: z
      .array(
        z.object({
          column: z.string().describe("Name of the input."),
          status: z
            .enum(["NOT_FOUND", "OUTSIDE_MAX_AGE", "NULL_VALUE"])
            .describe("No such key online, older than the view's TTL, or null."),
        }),
      )
      .describe("Inputs without a value."),
    unseen: z.array(z.string()).describe("Inputs whose category was not there when the model was fitted."),
    beyond: z
      .array(
        z.object({
          column: z.string().describe("Name of the input, or `entity.column` of a computed feature."),
          min: z.number().describe("Least value in the rows of the fit."),
          max: z.number().describe("Greatest value in the rows of the fit."),
        }),
      )
      .describe("Numbers outside of the range of the rows that the model was fitted on, where its run profiled them."),
    refused: z.array(z.string()).describe("Why a predict job would fail on the row; its outputs are null then."),
  })
  .meta({ id: "PredictedRow", description: "The prediction of one row, and what is odd about the row." });
export type PredictedRow = z.infer<typeof PredictedRow>;

const PredictResponse = z
  .object({
    workspace: WorkspaceName,
    model: z.string().describe("Name of the model."),
    version: z.number().int().describe("Number of the version that predicted all rows."),
    alias: z
      .enum(GOVERNED_ENVIRONMENTS)
      .nullable()
      .describe("The alias that named it; null where a version was asked for."),
    environment: z.enum(ENVIRONMENTS).describe("Whose values were read online."),
    warnings: z
      .array(z.string())
      .describe(
        "What concerns all rows, such as a feature that is served in another version than the model was fitted on.",
      ),
    predictions: z.array(PredictedRow).describe("One for each row, in the order of the request."),
  })
  .meta({ id: "PredictResponse", description: "Predictions of one version of a model." });
export type PredictResponse = z.infer<typeof PredictResponse>;

export const predict = operation({
  id: "predict",
  method: "POST",
  path: "/api/serving/predict",
  summary: "Predictions of a model for a few rows, with the numbers that its predict job writes.",
  tag: "serving",
  body: PredictRequest,
  response: PredictResponse,
});

const ModelInputs = z
  .object({
    version: z.number().int().describe("The version whose inputs these are."),
    entity: z.string().describe("What a row is about."),
    columns: z
      .array(
        z.object({
          name: z.string().describe("Name in a request."),
          column: z.string().describe("The column as `entity.column`."),
          type: z.enum(COLUMN_TYPES).describe("Type of its values."),
          keys: z
            .array(z.string())
            .nullable()
            .describe("Columns by whose values production serves it online; null where it has to be given."),
        }),
      )
      .describe("What rows need, in the order in which the model meets it."),
  })
  .meta({ id: "ModelInputs", description: "What it takes to ask a model for predictions." });
export type ModelInputs = z.infer<typeof ModelInputs>;

export const getModelInputs = operation({
  id: "getModelInputs",
  method: "GET",
  path: "/api/v1/models/{name}/inputs",
  summary: "The columns that a prediction needs, and which of them are online.",
  tag: "models",
  params: z.object({ name: z.string().describe("Name of the model.") }),
  query: WorkspaceQuery.extend({
    version: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .describe("Number of the version; the one under production when left out, else under staging, else the newest."),
  }),
  response: ModelInputs,
});
