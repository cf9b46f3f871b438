import { toNumber } from "@/lib/domain/operators/operator-params";
import { bucketIndex, bucketValue } from "./buckets";
import { type InvalidRows, type LocalOperator, type Scored, type ScoreContext, scalarOf } from "./local-operator";

/** Scores by given edges. Missing and NaN: fail, null, or a bucket after the last one. Shared with QuantileDiscretizer. */
export function scoreBuckets({ inputs, stage, params }: ScoreContext, edges: number[], prefix: string): Scored[] {
  const x = scalarOf(inputs[0]);
  const value = bucketValue(stage.outputs[0]?.type ?? "double", String(params.labelPrefix ?? prefix));
  const bucket = bucketIndex(x, edges, value);
  return [{ scalar: params.handleInvalid === "keep" ? `coalesce(${bucket}, ${value(edges.length - 1)})` : bucket }];
}

export function missingRows({ inputs, params }: ScoreContext): InvalidRows[] {
  if (params.handleInvalid !== "error" || !inputs[0]) return [];
  const x = scalarOf(inputs[0]);
  return [
    {
      column: inputs[0].column,
      condition: `${x} IS NULL OR isnan(CAST(${x} AS DOUBLE))`,
      problem: "missing or NaN values",
      advice: "Fill them with an Imputer, or set handleInvalid to skip or keep.",
    },
  ];
}

const splitsOf = (context: ScoreContext): number[] =>
  (context.params.splits as unknown[]).map((split) => toNumber(split) ?? NaN);

export const bucketizer: LocalOperator = {
  score: (context) => scoreBuckets(context, splitsOf(context), "bucket_"),
  invalid(context) {
    const x = scalarOf(context.inputs[0]);
    const edges = splitsOf(context);
    const outside = {
      column: context.inputs[0]?.column ?? "",
      condition: `coalesce(${x} < '${edges[0]}'::DOUBLE OR (${x} > '${edges.at(-1)}'::DOUBLE AND NOT isnan(CAST(${x} AS DOUBLE))), false)`,
      problem: `values outside ${edges[0]} to ${edges.at(-1)}`,
      advice: "Begin the splits with -Infinity and end them with Infinity, or widen them.",
    };
    return [outside, ...missingRows(context)];
  },
  finite: () => true,
  // As in Spark the bucket that `keep` makes is none of them: an encoder that may meet it must keep invalid numbers too.
  categories: ({ params }) => [(params.splits as unknown[]).length - 1],
};
