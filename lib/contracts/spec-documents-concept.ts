import { z } from "zod";
import { CONCEPT_ENVIRONMENTS, CONCEPT_METRIC_NAMES, CONCEPT_WINDOWS } from "@/lib/domain/definitions/concept-monitor";
import { compact, documented, fields, instant, name, says, schedule } from "./spec-documents-fields";

const probability = z
  .number({ error: says("must be a number", "a p-value such as 0.05") })
  .gt(0, { error: says("must be above 0", "a p-value such as 0.05") })
  .lt(1, { error: says("must be below 1", "a p-value such as 0.05") });

const oneOf = <Value extends string>(values: readonly [Value, ...Value[]], what: string) =>
  z.enum(values, { error: says(`is not ${what}`, `one of ${values.join(", ")}`) });

const evaluationWindow = z
  .tuple([instant, instant], { error: says("must be a pair", "[from, to)") })
  .transform(([from, to], context): [string, string] => {
    if (from !== null && to !== null && from < to) return [from, to];
    context.addIssue({ code: "custom", message: says("is no window", "[from, to) with from before to") });
    return z.NEVER;
  });

/** A document of kind Monitor that says `drift: concept`. */
export const ConceptMonitorSchema = fields({
  kind: z.literal("Monitor"),
  name,
  ...documented,
  drift: z.literal("concept"),
  model: name,
  environment: oneOf(CONCEPT_ENVIRONMENTS, "an alias whose predictions can be watched").nullish(),
  metric: oneOf(CONCEPT_METRIC_NAMES, "a metric of concept drift").default("log_loss"),
  window: oneOf(CONCEPT_WINDOWS, "a window").default("month"),
  reference: fields({ window: evaluationWindow }).nullish(),
  warn: probability.nullish(),
  critical: probability.nullish(),
  minEffect: z
    .number({ error: says("must be a number", "a difference of the metric such as 0.01") })
    .min(0, { error: says("is below 0", "a difference of the metric such as 0.01") })
    .nullish(),
  minRows: z.int().min(2).nullish(),
  after: z.int().min(1).max(100).nullish(),
  schedule: schedule.nullish(),
  onAlert: fields({ fit: name }).nullish(),
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
