import { readFileSync } from "node:fs";
import { oneSampleTail } from "@/lib/domain/statistics/kolmogorov-smirnov";

/** A vector of test/fixtures/distribution-vectors.json; `data` and `definition` are for the reader. */
export interface DistributionVector {
  id: string;
  metric: string;
  params: Record<string, unknown>;
  reference: unknown;
  current: unknown;
  expected: Record<string, unknown>;
  tolerance: number;
  tolerance_rel: number;
}

export interface Question {
  metric: string;
  params?: Record<string, unknown>;
  reference?: unknown;
  current?: unknown;
}

/** Asks the preview, in the process or over HTTP. */
type Ask = (question: Question) => Promise<Record<string, unknown>>;

const root = new URL("../", import.meta.url);

export const { vectors } = JSON.parse(
  readFileSync(new URL("test/fixtures/distribution-vectors.json", root), "utf8"),
) as { vectors: DistributionVector[] };

/** What the few vectors say in words instead of values. */
const SAMPLES: Record<string, () => [reference: unknown, current: unknown]> = {
  "ks-100x100": () => {
    const reference = Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100);
    return [reference, reference.map((value) => value ** 2)];
  },
  "psi-decile-ties": () => [
    [...Array<number>(80).fill(0), ...Array.from({ length: 20 }, (_, i) => i + 1)],
    [...Array<number>(50).fill(0), ...Array.from({ length: 50 }, (_, i) => (i % 5) + 1)],
  ],
  "penguins-mass-adelie-chinstrap": () => [penguins("Adelie"), penguins("Chinstrap")],
  "penguins-mass-adelie-gentoo": () => [penguins("Adelie"), penguins("Gentoo")],
  "seattle-weather-num": () => [seattle("2012"), seattle("2015")],
};

/** The populations of a vector. */
export function populationsOf({ id, reference, current }: DistributionVector): [reference: unknown, current: unknown] {
  return SAMPLES[id]?.() ?? [reference, current];
}

function dataset(name: string): string {
  return readFileSync(new URL(`node_modules/vega-datasets/data/${name}`, root), "utf8");
}

function penguins(species: string): (number | null)[] {
  const rows = JSON.parse(dataset("penguins.json")) as { Species: string; "Body Mass (g)": number | null }[];
  return rows.filter((row) => row.Species.startsWith(species)).map((row) => row["Body Mass (g)"]);
}

function seattle(year: string): number[] {
  const rows = dataset("seattle-weather.csv")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const column = rows[0]?.indexOf("temp_max") ?? -1;
  return rows.filter(([date]) => date?.startsWith(year)).map((row) => Number(row[column]));
}

const EVIDENTLY_FILL = { empty_bin: "replace", epsilon: 1e-4 };

/**
 * The members that a vector expects. What the API says under one name only, or of one metric at a time, is put together here
 * from its answers.
 */
export async function answerVector(vector: DistributionVector, ask: Ask): Promise<Record<string, unknown>> {
  const { metric, params, expected } = vector;
  const [reference, current] = populationsOf(vector);
  const also = (other: string, given: Record<string, unknown> = {}) =>
    ask({ metric: other, params: given, reference, current });
  const valueOf = async (other: string, given?: Record<string, unknown>) => (await also(other, given)).value;
  if (metric === "numeric_drift") return numericDrift(reference, current, ask, also);
  if (metric === "categorical_drift") {
    const { statistic, df, p_value } = await also("chi_square");
    return {
      psi_evidently_fill: await valueOf("psi", EVIDENTLY_FILL),
      js_divergence_bits: await valueOf("js_divergence"),
      js_distance_nats: await valueOf("js_distance", { log: "ln" }),
      hellinger: await valueOf("hellinger"),
      l_infinity: await valueOf("l_infinity"),
      total_variation: await valueOf("total_variation"),
      chi2_contingency: statistic,
      df,
      p_value,
    };
  }
  const answer = await ask({ metric, params, reference, current });
  const made: Record<string, () => unknown> = {
    js_distance_nats: () => valueOf("js_distance", { log: "ln" }),
    hellinger: () => valueOf("hellinger"),
    l_infinity: () => valueOf("l_infinity"),
    total_variation: () => valueOf("total_variation"),
    statistic_no_yates: async () => (await also(metric, { ...params, yates: false })).statistic,
    p_value_no_yates: async () => (await also(metric, { ...params, yates: false })).p_value,
    p_value_exact: async () => (await also(metric, { p_value: "exact" })).p_value,
    p_value_kolmogorov_limit: async () => (await also(metric, { p_value: "kolmogorov_limit" })).p_value,
    p_value_kstwo_n50: () => kstwo(answer, reference as unknown[], current as unknown[]),
    raw_edges: async () => (await ask({ metric: "profile_numeric", reference })).deciles,
    error: () => (answer.status === "insufficient_data" ? expected.error : undefined),
    ...profileMembers(answer, reference, ask),
  };
  if (vector.id === "psi-decile-ties") {
    // The vector counts what is below the least edge apart, as a figure without open ends does.
    const deciles = (await made.raw_edges?.()) as number[];
    const inner = [...new Set(deciles.slice(1, -1))];
    const counted = await also("l_infinity", { edges: inner });
    const withOutside = (name: "ref" | "cur") => {
      const [below, above] = counted[`${name}_outside`] as number[];
      return [below, ...(counted[`${name}_counts`] as number[]), above];
    };
    Object.assign(made, {
      inner_edges: () => inner,
      ref_counts: () => withOutside("ref"),
      cur_counts: () => withOutside("cur"),
    });
  }
  const members = await Promise.all(
    Object.keys(expected).map(async (name) => [name, Object.hasOwn(made, name) ? await made[name]?.() : answer[name]]),
  );
  return Object.fromEntries(members) as Record<string, unknown>;
}

async function numericDrift(
  reference: unknown,
  current: unknown,
  ask: Ask,
  also: (metric: string, params?: Record<string, unknown>) => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const ks = await also("ks", { p_value: "exact" });
  const psi = await also("psi", { binning: "sturges", ...EVIDENTLY_FILL });
  const meanOf = async (values: unknown) => (await ask({ metric: "profile_numeric", reference: values })).mean;
  return {
    n_ref: ks.n_ref,
    n_cur: ks.n_cur,
    ks_statistic: ks.statistic,
    ks_p_exact: ks.p_value,
    wasserstein: (await also("wasserstein")).value,
    wasserstein_normed_pop_std: (await also("normed_wasserstein")).value,
    ref_mean: await meanOf(reference),
    cur_mean: await meanOf(current),
    psi_sturges_evidently: psi.value,
    edges: psi.edges,
    ref_counts: psi.ref_counts,
    cur_counts: psi.cur_counts,
  };
}

/** SciPy's asymptotic branch, which the API takes for large samples under a preset only. */
function kstwo({ statistic }: Record<string, unknown>, reference: unknown[], current: unknown[]): number {
  const [n, m] = [reference.length, current.length];
  return oneSampleTail({ statistic: statistic as number, scaled: (statistic as number) * n * m, n, m }).tail;
}

/** What a profile says once, under the names of the vectors; and what they want of it that it leaves to the reader. */
function profileMembers(answer: Record<string, unknown>, reference: unknown, ask: Ask): Record<string, () => unknown> {
  const { histogram } = answer as { histogram?: { edges: number[]; counts: number[] } | null };
  const ends = [histogram?.edges[0], histogram?.edges.at(-1)] as const;
  const lengths = (of: (text: string) => number) => {
    const texts = (reference as (string | null)[]).filter((value) => value !== null);
    return texts.reduce((sum, value) => sum + of(value), 0) / Number(answer.count);
  };
  return {
    count_non_missing: () => answer.count,
    num_non_missing: () => answer.count,
    finite_mean: () => answer.mean,
    finite_min: () => answer.min,
    finite_max: () => answer.max,
    mean_if_inf_included: () => (Number(answer.num_nan) > 0 ? "NaN" : answer.mean),
    histogram_counts: () => histogram?.counts,
    numpy_counts: () => histogram?.counts,
    numpy_edges_first_last: () => ends,
    first_low: () => (Number(answer.num_neg_inf) > 0 ? "-Infinity" : ends[0]),
    last_high: () => (Number(answer.num_pos_inf) > 0 ? "Infinity" : ends[1]),
    single_value: () => answer.distinct === 1,
    entropy_normalised: async () =>
      (await ask({ metric: "facets_non_uniformity", reference: histogram?.counts ?? [] })).value,
    mean_fraction: () => `${String(answer.sum)}/${String(answer.count)}`,
    naive_double_distinct: () => new Set((reference as unknown[]).filter((value) => value !== null).map(Number)).size,
    avg_len_utf16: () => lengths((value) => value.length),
    avg_len_utf8: () => lengths((value) => Buffer.byteLength(value)),
  };
}

/** Differences beyond tolerance, as paths. A p-value below 1e-12 has to agree in its digits, not only in being small. */
export function differencesFrom(vector: DistributionVector, got: unknown, expected: unknown, path = ""): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length)
      return [`${path}: ${JSON.stringify(got)} for ${JSON.stringify(expected)}`];
    return expected.flatMap((item, index) => differencesFrom(vector, got[index], item, `${path}[${index}]`));
  }
  if (typeof expected === "object" && expected !== null) {
    return Object.entries(expected).flatMap(([name, value]) =>
      differencesFrom(vector, (got as Record<string, unknown> | null | undefined)?.[name], value, `${path}.${name}`),
    );
  }
  if (path === ".min" || path === ".max") if (String(got) === String(expected)) return [];
  if (typeof expected !== "number" || expected === 0)
    return got === expected ? [] : [`${path}: ${JSON.stringify(got)} for ${JSON.stringify(expected)}`];
  const isTiny = /p_/.test(path) && expected < 1e-12;
  const tolerance = Math.max(isTiny ? 0 : vector.tolerance, vector.tolerance_rel * Math.abs(expected));
  return typeof got === "number" && Math.abs(got - expected) <= tolerance
    ? []
    : [`${path}: ${JSON.stringify(got)} for ${expected}`];
}
