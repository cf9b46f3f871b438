import { z } from "zod";
import { SearchSchema } from "./spec-documents-search";
import {
  column,
  compact,
  described,
  fields,
  fitRows,
  name,
  nonEmpty,
  profileEvery,
  says,
  unique,
} from "./spec-documents-fields";

export const PipelineSchema = fields({
  kind: z.literal("Pipeline"),
  name: name.meta({ description: "Its name." }),
  ...described,
  outputs: nonEmpty(unique(column), "entity.column").meta({
    description: "The columns that are wanted; the planner finds what writes them.",
  }),
  pins: z
    .record(column, name)
    .nullish()
    .meta({ description: "Column → the stage that must write it, where several could." }),
  fit: fitRows.nullish().meta({ description: "The rows its estimators are fitted on." }),
  refit: unique(name)
    .nullish()
    .meta({ description: "Stages that are fitted on this pipeline's rows although their owner declared others." }),
  profileEvery: profileEvery.nullish().meta({
    description: "How long the windows of the event time are that distributions of its outputs are kept for.",
    default: "month",
  }),
  crossValidate: fields({
    metric: z
      .string({ error: says("must be a text", "a metric such as auc") })
      .meta({ description: "The metric whose mean and deviation over the folds are told.", examples: ["auc"] }),
  })
    .nullish()
    .meta({
      description:
        "Also scores every fold that it is fitted on by a fit on the others. `fit` names folds of a kfold policy, and `evaluate.test` another part of it.",
    }),
  search: SearchSchema.nullish().meta({
    description:
      "Tries parameters of its stages and fits with the best. Trials are scored on the folds of `crossValidate`, else on the rows of `evaluate.validation`; never on test rows.",
  }),
  evaluate: fields({
    split: name.meta({ description: "The split policy that says which rows are test rows." }),
    validation: unique(name).nullish().meta({ description: "Parts that choices were made on." }),
    test: nonEmpty(unique(name), "part").meta({ description: "Parts that the model is judged on." }),
    label: column.meta({ description: "The column with the truth." }),
    prediction: column.nullish().meta({ description: "The output that is judged, where several predict the label." }),
    threshold: z
      .number()
      .gt(0)
      .lt(1)
      .nullish()
      .meta({ description: "The probability from which on a row counts as a yes.", default: 0.5 }),
    slices: unique(column)
      .nullish()
      .meta({
        description:
          "Features of the judged rows by whose values the model is judged in slices: values of their own for the most frequent, quartiles of the training rows for numbers.",
        examples: [["trip.borough", "trip.distance"]],
      }),
    model: name.meta({ description: "The name of the model that the estimator of the judged output becomes." }),
    unit: nonEmpty(unique(name), "column").meta({
      description: "Columns whose shared value between fit rows and test rows counts as leakage.",
    }),
    labelHorizonDays: z
      .number()
      .min(0)
      .nullish()
      .meta({ description: "Days after which the truth of a row is known." }),
  })
    .transform((value) => compact(value))
    .nullish()
    .meta({ description: "How the result is judged, and that it becomes a model." }),
}).transform((value) => ({
  ...compact(value, { profileEvery: "month" }),
  ...(value.pins && Object.keys(value.pins).length === 0 && { pins: undefined }),
}));

export const ModelSchema = fields({
  kind: z.literal("Model"),
  name: name.meta({ description: "The model's name, as pipelines that train it say." }),
  ...described,
  intendedUse: z.string().trim().nullish().meta({ description: "What it is for, and what it is not for." }),
}).transform((value) => compact(value));
