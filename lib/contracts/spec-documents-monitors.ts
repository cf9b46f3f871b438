import { z } from "zod";
import type { MonitorReference } from "@/lib/domain/definitions/monitor";
import { DRIFT_METRIC_NAMES } from "@/lib/domain/definitions/drift-metric";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { compact, documented, fields, instant, name, nonEmpty, says, schedule, unique } from "./spec-documents-fields";

const wholeWindow = z
  .tuple([instant, instant], { error: says("must be a pair", "[from, to)") })
  .transform(([from, to], context): [string, string] => {
    if (from !== null && to !== null && from < to) return [from, to];
    context.addIssue({ code: "custom", message: says("is no window", "[from, to) with from before to") });
    return z.NEVER;
  });

const monitorReference = fields({
  window: wholeWindow.optional(),
  part: name.optional(),
  rolling: z.int().min(1).max(366).optional(),
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
  name,
  ...documented,
  drift: z.literal("features", { error: says("is no kind of drift", "features or concept") }).nullish(),
  view: name.nullish(),
  model: name.nullish(),
  source: name.nullish(),
  columns: nonEmpty(unique(name), "column").nullish(),
  environment: z
    .enum(ENVIRONMENTS, { error: says("is not an environment", `one of ${ENVIRONMENTS.join(", ")}`) })
    .default("dev"),
  reference: monitorReference,
  metric: z
    .enum(DRIFT_METRIC_NAMES, { error: says("is not a metric", `one of ${DRIFT_METRIC_NAMES.join(", ")}`) })
    .default("natural"),
  warn: threshold.nullish(),
  critical: threshold.nullish(),
  calibrated: z.boolean({ error: says("must be true or false", "true or false") }).nullish(),
  minRows: z.int().min(1).nullish(),
  after: z.int().min(1).max(100).nullish(),
  schedule: schedule.nullish(),
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
  .transform((value) => compact(value, { after: 1, calibrated: false, drift: "features" }));
