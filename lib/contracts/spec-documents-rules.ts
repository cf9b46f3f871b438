import { z } from "zod";
import { type Json, type Rule, SEVERITIES } from "@/lib/domain/definitions/rule";
import { fields, says, text } from "./spec-documents-fields";

/** Any JSON: which arguments an expectation takes is checked with everything else that is said of the source. */
const json: z.ZodType<Json> = z.json();

export const RuleSchema = fields({
  type: text(
    (value) => value.length > 0,
    "is empty",
    "an expectation such as expect_column_values_to_not_be_null",
  ).meta({
    description: "An expectation by Great Expectations' name, or a test of this product: docs/reference/rules.md.",
    examples: ["expect_column_values_to_not_be_null"],
  }),
  kwargs: z
    .record(z.string(), json, { error: says("must be an object", "{ column: NAME }") })
    .default({})
    .meta({ description: "Its arguments.", examples: [{ column: "delay", mostly: 0.99 }] }),
  severity: z
    .enum(SEVERITIES, { error: says("is not a severity", `one of ${SEVERITIES.join(", ")}`) })
    .default("critical")
    .meta({ description: "What a failure does: `critical` keeps the data back, `warning` is only said." }),
  meta: z.record(z.string(), json).nullish().meta({ description: "Notes of a suite, kept as they are." }),
}).transform(({ meta, ...rule }): Rule => ({ ...rule, ...(meta && Object.keys(meta).length > 0 && { meta }) }));
