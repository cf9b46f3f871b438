import { z } from "zod";
import type { MonitorReference } from "@/lib/domain/definitions/monitor";
import { DRIFT_METRIC_NAMES } from "@/lib/domain/definitions/drift-metric";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import {
  compact,
  documented,
  fields,
  name,
  nonEmpty,
  says,
  schedule,
  unique,
  wholeWindow,
} from "./spec-documents-fields";

const monitorReference = fields({
  window: wholeWindow.optional().meta({ description: "[from, to): the windows within it, added up." }),
  part: name
    .optional()
    .meta({ description: "A part of the split that the newest run of the feature used.", examples: ["train"] }),
  rolling: z.int().min(1).max(366).optional().meta({ description: "So many windows before." }),
}).transform((value, context): MonitorReference => {
  const said = [value.window && { window: value.window }, value.part && { part: value.part }];
  const [reference, ...more] = [...said, value.rolling && { rolling: value.rolling }].filter(
    (one) => one !== undefined && one !== "" && one !== 0,
  );
  if (reference && more.length === 0) return reference;
  context.addIssue({
    code: "custom",
    message: says("must say one thing", "{ window: [from, to] }, { part: train } or { rolling: 3 }"),
  });
  return z.NEVER;
});

const threshold = z.number({ error: says("must be a number", "a score such as 0.1") }).positive({
  error: says("must be above 0", "a score such as 0.1"),
});

export const MonitorSchema = fields({
  kind: z.literal("Monitor"),
  name: name.meta({ description: "Its name." }),
  ...documented,
  drift: z
    .literal("features", { error: says("is no kind of drift", "features or concept") })
    .nullish()
    .meta({
      description: "What is watched: distributions (`features`), or whether predictions come true (`concept`).",
      default: "features",
    }),
  view: name
    .nullish()
    .meta({ description: "The feature view whose features are watched; one of view, model and source." }),
  model: name.nullish().meta({ description: "The model whose features are watched." }),
  source: name.nullish().meta({ description: "The source whose columns are watched." }),
  columns: nonEmpty(unique(name), "column").nullish().meta({
    description:
      "Of a source, by their bare names. Left out: all but its row key, its time column and its created column.",
  }),
  environment: z
    .enum(ENVIRONMENTS, { error: says("is not an environment", `one of ${ENVIRONMENTS.join(", ")}`) })
    .default("dev")
    .meta({ description: "Whose pointers say which versions of a view's features are watched." }),
  reference: monitorReference.meta({
    description: "What each window is compared with.",
    examples: [{ part: "train" }],
  }),
  metric: z
    .enum(DRIFT_METRIC_NAMES, { error: says("is not a metric", `one of ${DRIFT_METRIC_NAMES.join(", ")}`) })
    .default("natural")
    .meta({
      description: "How far two distributions are apart: docs/reference/metrics.md. `natural` chooses by type.",
    }),
  warn: threshold
    .nullish()
    .meta({ description: "From which score on a window is a warning. Left out: the metric's own." }),
  critical: threshold
    .nullish()
    .meta({ description: "From which score on it is critical. Left out: the metric's own." }),
  calibrated: z
    .boolean({ error: says("must be true or false", "true or false") })
    .nullish()
    .meta({
      description:
        "Thresholds rise, feature by feature, to how far the test part of a consuming model is from its train part.",
      default: false,
    }),
  minRows: z.int().min(1).nullish().meta({ description: "Rows that each side needs.", default: 30 }),
  after: z
    .int()
    .min(1)
    .max(100)
    .nullish()
    .meta({ description: "Alarming windows in a row before an alert opens.", default: 1 }),
  quarantine: z
    .boolean({ error: says("must be true or false", "true or false") })
    .nullish()
    .meta({
      description:
        "Data whose newest window drifts critically are held back: a run's output before it is served, and a source's version before a run reads it.",
      default: false,
    }),
  schedule: schedule.nullish().meta({
    description: "Five-field cron in UTC. Left out: whenever a run has written new profiles.",
    examples: ["0 6 * * *"],
  }),
})
  .superRefine((value, context) => {
    const issue = (path: string[], message: string, expected: string) =>
      context.addIssue({ code: "custom", path, message: says(message, expected) });
    const [, second] = (["view", "model", "source"] as const).filter((what) => (value[what] ?? null) !== null);
    if ((value.view ?? value.model ?? value.source ?? null) === null)
      issue(["view"], "is missing", "the feature view, the model or the source to watch");
    if (second)
      issue([second], `is too much beside \`${value.view ? "view" : "model"}\``, "one of view, model and source");
    if (value.columns && !value.source) issue(["columns"], "chooses columns of a source", "a monitor with `source`");
    if (value.metric === "natural" && (value.warn || value.critical))
      issue(
        [value.warn ? "warn" : "critical"],
        "has no meaning for metric natural",
        "a metric by name, or no thresholds",
      );
    if (value.warn && value.critical && value.critical < value.warn)
      issue(["critical"], "is below `warn`", `at least ${value.warn}`);
  })
  .transform((value) => compact(value, { after: 1, calibrated: false, quarantine: false, drift: "features" }));
