import { z } from "zod";
import { CONCEPT_ENVIRONMENTS, CONCEPT_METRIC_NAMES, CONCEPT_WINDOWS } from "@/lib/domain/definitions/concept-monitor";
import { compact, documented, fields, name, says, schedule, wholeWindow } from "./spec-documents-fields";

const probability = z
  .number({ error: says("must be a number", "a p-value such as 0.05") })
  .gt(0, { error: says("must be above 0", "a p-value such as 0.05") })
  .lt(1, { error: says("must be below 1", "a p-value such as 0.05") });

const oneOf = <Value extends string>(values: readonly [Value, ...Value[]], what: string) =>
  z.enum(values, { error: says(`is not ${what}`, `one of ${values.join(", ")}`) });

/** A document of kind Monitor that says `drift: concept`. */
export const ConceptMonitorSchema = fields({
  kind: z.literal("Monitor"),
  name: name.meta({ description: "Its name." }),
  ...documented,
  drift: z.literal("concept").meta({ description: "Whether predictions come true." }),
  model: name.meta({ description: "The model whose predictions are judged." }),
  environment: oneOf(CONCEPT_ENVIRONMENTS, "an alias whose predictions can be watched").nullish().meta({
    description: "Which predictions: those under this alias. What services logged counts as production.",
    default: "production",
  }),
  metric: oneOf(CONCEPT_METRIC_NAMES, "a metric of concept drift")
    .default("log_loss")
    .meta({ description: "The figure that is compared." }),
  window: oneOf(CONCEPT_WINDOWS, "a window")
    .default("month")
    .meta({ description: "Calendar windows in UTC; weeks begin on Monday." }),
  reference: fields({ window: wholeWindow.meta({ description: "[from, to)." }) })
    .nullish()
    .meta({ description: "The evaluation period. Left out: the test part of the model version that predicts." }),
  warn: probability
    .nullish()
    .meta({ description: "From which p-value on a worse window is a warning.", default: 0.05 }),
  critical: probability.nullish().meta({ description: "From which p-value on it is critical.", default: 0.01 }),
  minEffect: z
    .number({ error: says("must be a number", "a difference of the metric such as 0.01") })
    .min(0, { error: says("is below 0", "a difference of the metric such as 0.01") })
    .nullish()
    .meta({ description: "A window that is worse by less, in the metric's unit, alarms nobody.", default: 0 }),
  minRows: z
    .int()
    .min(2)
    .nullish()
    .meta({ description: "Rows with prediction and outcome that a window needs.", default: 30 }),
  after: z
    .int()
    .min(1)
    .max(100)
    .nullish()
    .meta({ description: "Alarming windows in a row before an alert opens.", default: 1 }),
  schedule: schedule
    .nullish()
    .meta({ description: "Five-field cron in UTC. Left out: after predict runs and when outcomes are logged." }),
  onAlert: fields({ fit: name.meta({ description: "The deployment." }) })
    .nullish()
    .meta({ description: "The deployment whose fit job an alert starts, once." }),
})
  .superRefine((value, context) => {
    // p-values: the smaller the worse.
    if (value.critical && value.critical > (value.warn ?? 0.05))
      context.addIssue({
        code: "custom",
        path: ["critical"],
        message: says("is above `warn`, though a smaller p is worse", `at most ${value.warn ?? 0.05}`),
      });
  })
  .transform((value) => compact(value, { after: 1, environment: "production", minEffect: 0 }));
