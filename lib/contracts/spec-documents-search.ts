import { z } from "zod";
import type { ParameterSearch } from "@/lib/domain/definitions/parameter-search";
import { withExactIntegers } from "@/lib/domain/exact-integers";
import { MOST_TRIALS } from "@/lib/domain/plans/trials";
import { compact, fields, name, nonEmpty, says, unique } from "./spec-documents-fields";

const bound = z.number({ error: says("must be a number", "a number such as 0.01") });

const range = fields({
  from: bound.meta({ description: "The lowest value." }),
  to: bound.meta({ description: "The highest value, which may be drawn too." }),
  scale: z
    .enum(["linear", "log"], { error: says("is not a scale", "linear or log") })
    .nullish()
    .meta({ description: "`log` draws equally many from each power of ten.", default: "linear" }),
}).transform((value) => ({ ...compact(value, { scale: "linear" }), from: value.from, to: value.to }));

const values = z
  .union(
    [
      nonEmpty(
        // A request's integers may be bigints, which no stage has.
        unique(z.unknown().transform(withExactIntegers), (value) => JSON.stringify(value)),
        "value",
      ),
      range,
    ],
    {
      error: (issue) =>
        Array.isArray(issue.input) || (typeof issue.input === "object" && issue.input !== null)
          ? undefined
          : says("is not what a search tries", "a list of values, or { from, to, scale }"),
    },
  )
  .meta({ description: "A list of values, or a range that numbers are drawn from." });

/** Parameters to try: a member of a pipeline, of a request for a run, and of the command line. */
export const SearchSchema = fields({
  metric: z.string({ error: says("must be a text", "a metric such as auc") }).meta({
    description: "The metric that the best trial is chosen by. Of equal ones the first is.",
    examples: ["auc"],
  }),
  params: z
    .record(name, z.record(z.string(), values))
    .meta({ description: "Stage → parameter → the values that are tried." }),
  trials: z
    .int({ error: says("must be a whole number", `a whole number from 1 to ${MOST_TRIALS}`) })
    .min(1, { error: says("is too small", "at least 1") })
    .nullish()
    .meta({
      description: `How many combinations are drawn, at most ${MOST_TRIALS}. Left out: every combination of the lists.`,
    }),
  seed: z
    .int({ error: says("must be a whole number", "a whole number") })
    .nullish()
    .meta({ description: "Of the draw, which the same seed repeats.", default: 1 }),
}).transform((value): ParameterSearch => compact(value, { seed: 1 }) as ParameterSearch);
