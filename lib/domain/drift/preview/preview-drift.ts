import { toJson, type Answer } from "./answer";
import { BUCKET_METRICS } from "./bucket-metrics";
import { HISTOGRAM_METRIC } from "./histogram-metric";
import { Issues, unknownName } from "./issues";
import type { Metric } from "./metric";
import { parseParameters, type Parameters } from "./parameters";
import { presetOf } from "./presets";
import { PROFILE_METRICS } from "./profile-metrics";
import { SAMPLE_METRICS } from "./sample-metrics";

export const PREVIEW_METRICS: Readonly<Record<string, Metric>> = {
  ...BUCKET_METRICS,
  js_divergence_histogram: HISTOGRAM_METRIC,
  ...SAMPLE_METRICS,
  ...PROFILE_METRICS,
};

export interface DriftQuestion {
  metric: string;
  params?: Parameters | undefined;
  /** Counts, weights, a map of counts, values or buckets: what the metric takes. */
  reference?: unknown;
  current?: unknown;
}

/**
 * Computes a metric on what is given, without any state. The answer's members depend on the metric; infinite numbers and NaN
 * are the strings "Infinity", "-Infinity" and "NaN". Where there is nothing to compare, `value` is null and `status` and
 * `reason` say so. Throws `invalid` with all `issues` for an unknown metric or parameter and for input that the metric cannot take.
 */
export function previewDrift({ metric: name, params = {}, reference, current }: DriftQuestion): Answer {
  const issues = new Issues();
  const metric = Object.hasOwn(PREVIEW_METRICS, name) ? PREVIEW_METRICS[name] : undefined;
  if (!metric) {
    const known = Object.keys(PREVIEW_METRICS);
    issues.add(["metric"], unknownName(name, known), `one of ${known.join(", ")}`, name);
    issues.throwIfAny();
  }
  const { parameters: allowed, inputs, defaults = {}, isOneSided = false, answer } = metric as Metric;
  const parameters = parseParameters(params, allowed, { ...defaults, ...presetOf(params.preset, name) }, issues);
  const input = parameters.text("input");
  if (input !== undefined && inputs && !inputs.includes(input))
    issues.add(["params", "input"], `cannot be ${input} for ${name}`, `one of ${inputs.join(", ")}`, params.input);
  if (isOneSided && current !== null && current !== undefined)
    issues.add(["current"], "is not used: a profile has one side", "null, or nothing");
  return toJson(answer({ reference, current }, parameters, issues)) as Answer;
}
