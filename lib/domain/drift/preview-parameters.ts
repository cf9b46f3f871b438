import { EMPTY_BUCKETS } from "../statistics/empty-buckets";
import { LOGARITHMS } from "../statistics/share-distances";
import type { DriftMetric } from "../definitions/drift-metric";
import { DIRECTIONS, type MetricOptions, optionsFor } from "./metric-options";
import type { Issues } from "./preview-issues";

/** The values of every parameter that is an enumeration. */
export const PARAMETER_VALUES = {
  input: ["counts", "weights", "map", "values", "buckets"],
  log: LOGARITHMS,
  binning: ["deciles", "equal_width", "sturges", "sturges_distinct", "doane", "by_value"],
  empty_bin: ["none", ...EMPTY_BUCKETS],
  direction: DIRECTIONS,
  variant: ["goodness_of_fit", "contingency"],
  p_value: ["auto", "exact", "kolmogorov_limit"],
  preset: ["evidently", "tfdv", "nannyml", "hopsworks"],
} as const;

type Enumerated = typeof PARAMETER_VALUES;
type Preset = Enumerated["preset"][number];

export type PreviewParameters = { [Name in keyof Enumerated]?: Enumerated[Name][number] } & {
  /** Two or more ascending numbers. */
  edges?: readonly number[];
  /** Above 0 and below 1. */
  epsilon?: number;
  renormalise?: boolean;
  yates?: boolean;
};

/** How values become buckets: as profiles do unless something else is asked for; some ways only a preset has. */
export type Binning = Enumerated["binning"][number] | "evidently" | "evidently_distinct" | "nannyml" | "tfdv";

/** What a tool does for a metric. */
interface ToolWay {
  binning?: Binning;
  options?: Partial<MetricOptions>;
}

const EVIDENTLY_FILL = { emptyBuckets: "replace", epsilon: 1e-4, renormalise: false } as const;
const HOPSWORKS_FILL = { emptyBuckets: "add", epsilon: 1e-6, renormalise: true } as const;

/**
 * What reproduces the numbers of other tools, by metric.
 * - Evidently (legacy/calculations/stattests): Sturges' edges over all values for numbers with more than twenty different
 *   values in the reference, otherwise by value; zeros replaced for PSI and KL; natural logarithms; SciPy's choice of p.
 * - TFDV (anomalies/metrics.cc): base 2, standard histograms of ten buckets, aligned.
 * - NannyML (drift/univariate/methods.py): base 2, Doane's edges of the reference unless it has few values, what lies
 *   outside in a bucket of its own; Yates' correction as SciPy's default has it.
 * - Hopsworks (feature monitoring): smoothing_epsilon 1e-6 added to every share.
 */
const PRESETS: Record<Preset, Partial<Record<DriftMetric, ToolWay>>> = {
  evidently: {
    psi: { binning: "evidently", options: { fill: EVIDENTLY_FILL } },
    kl_divergence: { binning: "evidently", options: { fill: { ...EVIDENTLY_FILL, renormalise: true } } },
    js_distance: { binning: "evidently", options: { log: "ln" } },
    js_divergence: { binning: "evidently", options: { log: "ln" } },
    hellinger: { binning: "evidently_distinct" },
    total_variation: { binning: "by_value" },
    chi_square: { binning: "by_value", options: { variant: "goodness_of_fit" } },
    ks: { options: { pValue: "scipy" } },
    normed_wasserstein: {},
    energy_distance: {},
  },
  tfdv: {
    js_divergence: { binning: "tfdv", options: { log: "log2" } },
    l_infinity: { binning: "by_value" },
    count_difference: { binning: "by_value" },
  },
  nannyml: {
    js_distance: { binning: "nannyml", options: { log: "log2" } },
    hellinger: { binning: "nannyml" },
    l_infinity: { binning: "by_value" },
    chi_square: { binning: "by_value", options: { variant: "contingency", yates: true } },
    ks: { options: { pValue: "scipy" } },
    wasserstein: {},
  },
  hopsworks: {
    psi: { binning: "deciles", options: { fill: HOPSWORKS_FILL } },
    kl_divergence: { binning: "deciles", options: { fill: HOPSWORKS_FILL } },
  },
};

/** Epsilon of each way to fill empty buckets, unless the parameter says one. */
const EPSILONS = { replace: 1e-4, floor: 1e-4, add: 1e-6 } as const;
/** A divergence is between distributions, so that filled shares are normalised again. */
const NORMALISED: ReadonlySet<DriftMetric> = new Set(["kl_divergence", "js_divergence", "js_distance"]);

/** The parameters as given, of those that are allowed. What is unknown goes to `issues`, with the list. */
export function readParameters(
  given: Readonly<Record<string, unknown>>,
  allowed: readonly (keyof PreviewParameters)[],
  issues: Issues,
): PreviewParameters {
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const path = ["params", name];
    if (!(allowed as readonly string[]).includes(name)) issues.addUnknown(path, name, allowed);
    else if (Object.hasOwn(PARAMETER_VALUES, name)) {
      const values: readonly string[] = PARAMETER_VALUES[name as keyof Enumerated];
      if (typeof value !== "string") issues.add(path, "is not a text", `one of ${values.join(", ")}`, value);
      else if (!values.includes(value)) issues.addUnknown(path, value, values);
    } else {
      const { holds, expected } = OTHERS[name as keyof typeof OTHERS];
      if (!holds(value)) issues.add(path, "does not fit", expected, value);
    }
    read[name] = value;
  }
  return read as PreviewParameters;
}

const isBoolean = (value: unknown) => typeof value === "boolean";

const OTHERS = {
  edges: {
    expected: "two or more ascending numbers",
    holds: (value: unknown) =>
      Array.isArray(value) &&
      value.length > 1 &&
      value.every((edge, at) => Number.isFinite(edge) && (at === 0 || edge > value[at - 1])),
  },
  epsilon: {
    expected: "a number above 0 and below 1",
    holds: (value: unknown) => typeof value === "number" && value > 0 && value < 1,
  },
  renormalise: { expected: "true or false", holds: isBoolean },
  yates: { expected: "true or false", holds: isBoolean },
} as const;

/** How the metric is computed: the defaults of docs/drift.md, then the preset's way, then what is said. */
export function wayOf(
  metric: DriftMetric,
  given: PreviewParameters,
  issues: Issues,
): { binning: Binning | undefined; options: Partial<MetricOptions> } {
  const way = given.preset && PRESETS[given.preset][metric];
  if (given.preset && !way)
    issues.add(
      ["params", "preset"],
      `has no ${metric} for ${given.preset}`,
      `${given.preset} with one of ${Object.keys(PRESETS[given.preset]).join(", ")}`,
      given.preset,
    );
  const options: Partial<MetricOptions> = { ...way?.options };
  if (given.log) options.log = given.log;
  if (given.direction) options.direction = given.direction;
  if (given.variant) options.variant = given.variant;
  if (given.p_value) options.pValue = given.p_value;
  if (given.yates !== undefined) options.yates = given.yates;
  const fill = fillOf(metric, given, options, issues);
  if (fill !== undefined) options.fill = fill;
  return { binning: given.binning ?? way?.binning, options };
}

/** How empty buckets are filled; undefined where nothing is said of it. */
function fillOf(
  metric: DriftMetric,
  { empty_bin, epsilon, renormalise }: PreviewParameters,
  options: Partial<MetricOptions>,
  issues: Issues,
): MetricOptions["fill"] | undefined {
  if (empty_bin === undefined && epsilon === undefined && renormalise === undefined) return undefined;
  if (metric === "natural") return undefined;
  const usual = options.fill === undefined ? optionsFor(metric, undefined).fill : options.fill;
  const emptyBuckets = empty_bin ?? usual?.emptyBuckets ?? "none";
  if (emptyBuckets === "none") {
    for (const [name, value] of Object.entries({ epsilon, renormalise }))
      if (value !== undefined)
        issues.add(
          ["params", name],
          "has no effect on buckets that are not filled",
          `empty_bin: ${EMPTY_BUCKETS.join(", ")}`,
          value,
        );
    return null;
  }
  const isUsual = emptyBuckets === usual?.emptyBuckets;
  return {
    emptyBuckets,
    epsilon: epsilon ?? (isUsual ? usual.epsilon : EPSILONS[emptyBuckets]),
    renormalise: renormalise ?? (isUsual ? usual.renormalise : emptyBuckets === "add" || NORMALISED.has(metric)),
  };
}
