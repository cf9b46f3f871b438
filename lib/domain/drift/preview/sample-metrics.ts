import { deciles } from "../../statistics/quantiles";
import { momentsOf } from "../../statistics/moments";
import {
  exactTail,
  exactTailFraction,
  kolmogorovSmirnov,
  limitTail,
  oneSampleTail,
  type KolmogorovSmirnov,
} from "../../statistics/kolmogorov-smirnov";
import { wasserstein, wassersteinNormed } from "../../statistics/wasserstein";
import { insufficient, statusOf, type Answer } from "./answer";
import { bucketNumbers } from "./buckets";
import { presentNumbers, readColumns, readList, readNumbers, whyEmpty, type Side } from "./cells";
import { isMap, readCount } from "./counts";
import type { Issues } from "./issues";
import type { Metric } from "./metric";
import type { ParsedParameters } from "./parameters";
import type { Question } from "./read-buckets";
import { EVIDENTLY_FILL, psi } from "./shares";

/** Steps of the exact probability: SciPy's choice, up to 10,000 values on each side. */
const EXACT_STEPS = 1e8;
/** Values of both sides up to which the exact probability is also told as a fraction. */
const FRACTION_VALUES = 60;

const NORM = "max(population std of reference, 0.001)";

interface Samples {
  reference: number[];
  current: number[];
}

/** Compares two samples of numbers; missing values and NaN are left out. */
function sampleMetric(
  definition: Omit<Metric, "answer">,
  score: (samples: Samples, ...rest: Parameters<Metric["answer"]>) => Answer,
  empty: Answer = {},
): Metric {
  return {
    ...definition,
    answer(question, parameters, issues) {
      const samples = readSamples(question, issues);
      if (typeof samples === "string") return insufficient(samples, empty);
      const status = statusOf([samples.reference.length, samples.current.length]);
      return { status, ...score(samples, question, parameters, issues) };
    },
  };
}

function readSamples(question: Question, issues: Issues): Samples | string {
  const sides = (["reference", "current"] as const).map((side) =>
    readNumbers(readList(question[side], side, issues), side, issues),
  );
  issues.throwIfAny();
  const [reference, current] = sides as [(typeof sides)[0], (typeof sides)[0]];
  return (
    whyEmpty("reference", reference) ??
    whyEmpty("current", current) ?? { reference: presentNumbers(reference), current: presentNumbers(current) }
  );
}

export const SAMPLE_METRICS: Record<string, Metric> = {
  kolmogorov_smirnov: sampleMetric(
    { about: "Kolmogorov–Smirnov test", parameters: ["input", "p_value"], inputs: ["values"] },
    ({ reference, current }, _, parameters, issues) => {
      const test = kolmogorovSmirnov(reference, current);
      const wanted = parameters.text("p_value") ?? "auto";
      const canBeExact = test.n * test.m <= EXACT_STEPS;
      if (wanted === "exact" && !canBeExact) {
        issues.add(
          ["params", "p_value"],
          "cannot be exact for samples of this size",
          `at most ${EXACT_STEPS} pairs of values; use kstwo or kolmogorov_limit`,
          `${test.n} × ${test.m}`,
        );
        issues.throwIfAny();
      }
      return {
        value: test.statistic,
        statistic: test.statistic,
        n_ref: test.n,
        n_cur: test.m,
        ...tails(test, wanted, canBeExact),
      };
    },
    { statistic: null, p_value: null },
  ),
  wasserstein: sampleMetric(
    { about: "Wasserstein distance in the feature's unit", parameters: ["input", "norm"], inputs: ["values"] },
    ({ reference, current }, _, parameters, issues) => {
      assertNorm(parameters, "none", "wasserstein_normed", issues);
      return { value: wasserstein(reference, current) };
    },
  ),
  wasserstein_normed: sampleMetric(
    {
      about: "Wasserstein distance in the reference's standard deviations",
      parameters: ["input", "norm"],
      inputs: ["values"],
    },
    ({ reference, current }, _, parameters, issues) => {
      assertNorm(parameters, NORM, "wasserstein", issues);
      const { value, raw, std, isConstant } = wassersteinNormed(reference, current);
      const reason = "constant reference: the distance is divided by 0.001, so read the raw one in wasserstein";
      return { value, wasserstein: raw, ref_std_pop: std, ...(isConstant && { reason }) };
    },
  ),
  numeric_drift: sampleMetric(
    { about: "every metric of numbers", parameters: ["input"], inputs: ["values"] },
    (samples) => numericDrift(samples),
  ),
  missing_rate_difference: {
    about: "difference of the shares of missing values",
    parameters: ["input"],
    inputs: ["values"],
    answer(question, _, issues) {
      const [reference, current] = readMissing(question, issues);
      issues.throwIfAny();
      const empty = (["reference", "current"] as const)[[reference.rows, current.rows].indexOf(0)];
      if (empty !== undefined) return insufficient(`${empty} has no rows`);
      const rates = [reference.missing / reference.rows, current.missing / current.rows] as const;
      const status = statusOf([reference.rows, current.rows]);
      return { value: Math.abs(rates[0] - rates[1]), ref_missing_ratio: rates[0], cur_missing_ratio: rates[1], status };
    },
  },
};

/** Each of the two has its norm; the other has the other. */
function assertNorm(parameters: ParsedParameters, norm: string, other: string, issues: Issues): void {
  if ((parameters.text("norm") ?? norm) === norm) return;
  issues.add(["params", "norm"], `is the one of ${other}`, norm);
  issues.throwIfAny();
}

function tails(test: KolmogorovSmirnov, wanted: string, canBeExact: boolean): Answer {
  if (wanted === "kolmogorov_limit") return { p_value: limitTail(test) };
  const { tail, size } = wanted === "exact" ? { tail: NaN, size: 0 } : oneSampleTail(test);
  if (wanted === "kstwo") return { p_value: tail };
  const exact = canBeExact ? exactTail(test) : null;
  const fraction = test.n + test.m <= FRACTION_VALUES && { p_value_fraction: exactTailFraction(test) };
  if (wanted === "exact") return { p_value: exact, ...fraction };
  return {
    p_value: exact ?? tail,
    p_value_exact: exact,
    p_value_kolmogorov_limit: limitTail(test),
    [`p_value_kstwo_n${size}`]: tail,
    ...fraction,
  };
}

/** PSI as Evidently would have it, however few different values there are. */
function numericDrift({ reference, current }: Samples): Answer {
  const test = kolmogorovSmirnov(reference, current);
  const { value, raw, std, isConstant } = wassersteinNormed(reference, current);
  const finite = [reference, current].map((side) => side.filter(Number.isFinite));
  const buckets = bucketNumbers(
    { kind: "numbers", values: reference },
    { kind: "numbers", values: current },
    "sturges",
  );
  const { edges = null, ref_counts = null, cur_counts = null } = typeof buckets === "string" ? {} : buckets.shown;
  return {
    n_ref: test.n,
    n_cur: test.m,
    ks_statistic: test.statistic,
    ks_p_exact: test.n * test.m <= EXACT_STEPS ? exactTail(test) : null,
    ks_p_kolmogorov_limit: limitTail(test),
    wasserstein: raw,
    wasserstein_normed_pop_std: value,
    ref_std_pop: std,
    ref_mean: momentsOf(finite[0] ?? [])?.mean ?? null,
    cur_mean: momentsOf(finite[1] ?? [])?.mean ?? null,
    ref_deciles: deciles(Float64Array.from(finite[0] ?? []).sort()),
    psi_sturges_evidently: typeof buckets === "string" ? null : psi(buckets, EVIDENTLY_FILL),
    edges,
    ref_counts,
    cur_counts,
    ...(isConstant && {
      reason: "constant reference: wasserstein_normed_pop_std is divided by 0.001, so read wasserstein",
    }),
  };
}

interface Missing {
  rows: number;
  missing: number;
}

/** From columns of any kind, or from `{rows, missing}` of each side. */
function readMissing(question: Question, issues: Issues): [Missing, Missing] {
  if (!isMap(question.reference) && !isMap(question.current)) {
    const { reference, current } = readColumns(question, issues);
    const count = ({ values }: typeof reference) => ({
      rows: values.length,
      missing: values.filter((value) => value === null).length,
    });
    return [count(reference), count(current)];
  }
  return [readMissingOf(question.reference, "reference", issues), readMissingOf(question.current, "current", issues)];
}

function readMissingOf(value: unknown, side: Side, issues: Issues): Missing {
  if (!isMap(value)) {
    issues.add([side], "is no summary", '{"rows": …, "missing": …} on both sides, or lists of values', value);
    return { rows: 0, missing: 0 };
  }
  const rows = readCount(value.rows, [side, "rows"], issues);
  const missing = readCount(value.missing, [side, "missing"], issues);
  if (missing > rows) issues.add([side, "missing"], "is more than rows", `at most ${rows}`, missing);
  return { rows, missing };
}
