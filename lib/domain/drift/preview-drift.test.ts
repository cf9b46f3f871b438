import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError, type Issue } from "../errors";
import { countCategories, countNumbers, edgesFromQuantiles, type Histogram } from "../statistics/histogram";
import { deciles } from "../statistics/quantiles";
import { DRIFT_METRIC_NAMES, type DriftMetric } from "../definitions/drift-metric";
import { judgeDrift } from "./judge-drift";
import { previewDrift as previewWith, type PreviewQuestion } from "./preview-drift";
import { grammarOf, PREVIEW_METRIC_NAMES } from "./preview-metrics";
import { PARAMETER_VALUES } from "./preview-parameters";

const METRICS = PREVIEW_METRIC_NAMES.filter((metric) => !metric.startsWith("profile_"));

/** Profiles are the engine's, and tested with it. */
const previewDrift = (question: PreviewQuestion) =>
  previewWith(question, () =>
    Promise.resolve({ stats: { rows: 0, missing: 0 }, histogram: NOTHING, equalWidth: null }),
  );
const NOTHING: Histogram = { kind: "categorical", values: [], counts: [], other: 0, missing: 0 };

async function issuesOf(question: PreviewQuestion): Promise<Issue[]> {
  try {
    await previewDrift(question);
  } catch (error) {
    if (error instanceof DomainError && error.code === "invalid") return error.context.issues as Issue[];
    throw error;
  }
  return [];
}

const ramp = (count: number, of: (index: number) => number = (index) => index) =>
  Array.from({ length: count }, (_, index) => of(index));

describe("wrong questions", () => {
  it.each<[string, PreviewQuestion, Partial<Issue>]>([
    [
      "unknown metric, near a known one",
      { metric: "pis" },
      { path: ["metric"], message: "is not known, did you mean psi?" },
    ],
    ["unknown metric, far from all", { metric: "mutual_information" }, { path: ["metric"], message: "is not known" }],
    ["a name every object has", { metric: "constructor" }, { path: ["metric"], message: "is not known" }],
    ["no populations", { metric: "psi" }, { path: ["reference"], message: "is not a list" }],
    [
      "lengths that differ",
      { metric: "psi", params: { input: "counts" }, reference: [1, 2, 3], current: [1, 2] },
      { path: ["current"], message: "has 2 counts and reference has 3" },
    ],
    [
      "a negative count",
      { metric: "hellinger", params: { input: "counts" }, reference: [1, -2], current: [1, 2] },
      { path: ["reference", 1], message: "is not a count", found: "-2" },
    ],
    [
      "a count that is no number, in a map",
      { metric: "hellinger", reference: { a: 1 }, current: { a: "1" } },
      { path: ["current", "a"], message: "is not a count" },
    ],
    [
      "a map against a list",
      { metric: "hellinger", reference: { a: 1 }, current: [1] },
      { path: ["current"], message: "is not a map" },
    ],
    [
      "unknown parameter",
      { metric: "psi", params: { bining: "deciles" }, reference: [1], current: [2] },
      { path: ["params", "bining"], message: "is not known, did you mean binning?" },
    ],
    [
      "a parameter of another metric",
      { metric: "psi", params: { yates: true }, reference: [1], current: [2] },
      { path: ["params", "yates"], message: "is not known" },
    ],
    [
      "unknown value",
      { metric: "js_distance", params: { log: "log10" }, reference: [1], current: [2] },
      { path: ["params", "log"], message: "is not known", expected: "one of ln, log2" },
    ],
    [
      "unknown preset",
      { metric: "psi", params: { preset: "evidentli" }, reference: [1], current: [2] },
      { path: ["params", "preset"], expected: "one of evidently, tfdv, nannyml, hopsworks" },
    ],
    [
      "counts for what needs values",
      { metric: "wasserstein", params: { input: "counts" }, reference: [1], current: [2] },
      { path: ["params", "input"], message: "cannot be counts for wasserstein", expected: "one of values" },
    ],
    [
      "a sentence for a value",
      { metric: "psi", params: { empty_bin: "floor max(p,0.01), no renormalisation" }, reference: [1], current: [2] },
      { path: ["params", "empty_bin"], expected: "one of none, add, floor, replace" },
    ],
    [
      "where samples come from, as a parameter",
      { metric: "psi", params: { dataset: "flights" }, reference: [1], current: [2] },
      { path: ["params", "dataset"], message: "is not known" },
    ],
    [
      "a preset of a tool that has no such metric",
      { metric: "psi", params: { preset: "tfdv" }, reference: [1], current: [2] },
      { path: ["params", "preset"], expected: "tfdv with one of js_divergence, l_infinity, count_difference" },
    ],
    [
      "edges and binning at once",
      { metric: "psi", params: { edges: [1, 2], binning: "deciles" }, reference: [1], current: [2] },
      { path: ["params", "edges"] },
    ],
    [
      "binning of what is in buckets already",
      { metric: "psi", params: { input: "counts", binning: "deciles" }, reference: [1], current: [2] },
      { path: ["params", "binning"], message: "has no effect on counts, which are in buckets already" },
    ],
    [
      "epsilon where nothing is filled",
      { metric: "js_distance", params: { epsilon: 0.1 }, reference: [1], current: [2] },
      { path: ["params", "epsilon"] },
    ],
    [
      "binning of numbers for texts",
      { metric: "psi", params: { binning: "sturges" }, reference: ["a"], current: ["b"] },
      { path: ["params", "binning"] },
    ],
    [
      "epsilon out of range",
      { metric: "psi", params: { epsilon: 0 }, reference: [1], current: [2] },
      { path: ["params", "epsilon"], expected: "a number above 0 and below 1" },
    ],
    [
      "edges that fall",
      { metric: "psi", params: { edges: [2, 1] }, reference: [1], current: [2] },
      { path: ["params", "edges"], expected: "two or more ascending numbers" },
    ],
    [
      "edges for texts",
      { metric: "psi", params: { edges: [1, 2] }, reference: ["a"], current: ["b"] },
      { path: ["params", "edges"] },
    ],
    [
      "a number among texts",
      { metric: "l_infinity", reference: ["a", 1], current: ["b"] },
      { path: ["reference", 1], message: "is not a text, while other values are" },
    ],
    [
      "a text among numbers",
      { metric: "wasserstein", reference: [1, "two"], current: [1] },
      { path: ["reference", 1], message: "is not a number" },
    ],
    [
      "three categories",
      { metric: "z_test_proportions", reference: [1, 2, 3], current: [1, 2, 3] },
      { path: ["reference"] },
    ],
    [
      "a bucket the wrong way round",
      { metric: "js_divergence", reference: [[2, 1, 5]], current: [[1, 2, 5]] },
      { path: ["reference", 0], message: "is not a bucket" },
    ],
    [
      "buckets that overlap",
      {
        metric: "js_divergence",
        reference: [
          [0, 2, 5],
          [1, 3, 5],
        ],
        current: [[1, 2, 5]],
      },
      { path: ["reference"], message: "has buckets that overlap" },
    ],
    [
      "a current population for a profile",
      { metric: "profile_numeric", reference: [1], current: [1] },
      { path: ["current"] },
    ],
    [
      "an integer beyond 64 bits",
      { metric: "profile_int64", reference: ["9223372036854775808"] },
      { path: ["reference", 0], message: "is not a 64-bit integer" },
    ],
    ["an integer that JSON has rounded", { metric: "profile_int64", reference: [2 ** 60] }, { path: ["reference", 0] }],
    ["a list that is none", { metric: "profile_list", reference: [1] }, { path: ["reference", 0] }],
    [
      "an exact probability of samples too large",
      { metric: "ks", params: { p_value: "exact" }, reference: ramp(10001), current: ramp(10001) },
      { path: ["params", "p_value"], found: '"10001 × 10001"' },
    ],
    [
      "too many values",
      { metric: "wasserstein", reference: new Array(1_000_001).fill(0), current: [1] },
      { path: ["reference"], message: "has 1000001 values" },
    ],
  ])("%s", async (_, question, issue) => {
    expect((await issuesOf(question))[0]).toMatchObject(issue);
  });

  it("lists the metrics there are", async () => {
    const [issue] = await issuesOf({ metric: "x" });
    expect(issue?.expected).toBe(`one of ${PREVIEW_METRIC_NAMES.join(", ")}`);
  });

  it.each(METRICS)("%s names the values of its parameters, and takes each of them", async (metric) => {
    for (const name of grammarOf(metric).parameters) {
      const [issue] = await issuesOf({ metric, params: { [name]: "?" }, reference: [], current: null });
      expect(issue?.path).toEqual(["params", name]);
      if (!(name in PARAMETER_VALUES)) continue;
      const values: readonly string[] = PARAMETER_VALUES[name as keyof typeof PARAMETER_VALUES];
      expect(issue?.expected).toBe(`one of ${values.join(", ")}`);
      for (const value of values) {
        const found = await issuesOf({ metric, params: { [name]: value }, reference: [], current: null });
        expect(found.filter(({ message }) => message.startsWith("is not known"))).toEqual([]);
      }
    }
  });

  it("are told all at once, but not by the thousand", async () => {
    const found = await issuesOf({ metric: "profile_numeric", reference: ["a", 1, "b"] });
    expect(found.map(({ path }) => path)).toEqual([
      ["reference", 0],
      ["reference", 2],
    ]);
    expect(await issuesOf({ metric: "profile_numeric", reference: new Array(5000).fill("a") })).toHaveLength(20);
  });
});

describe("degenerate input", () => {
  const cell = fc.oneof(
    fc.constantFrom(null, 0, "-0", "NaN", "Infinity", "-Infinity", Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, 1),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -3, max: 3 }),
  );
  const count = fc.oneof(fc.constantFrom(0, 0, 1, 5e-324, Number.MAX_SAFE_INTEGER), fc.nat(100));
  const bound = fc.oneof(
    fc.constantFrom<number | string>("-Infinity", "Infinity", 0),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const population = fc.oneof(
    fc.array(cell, { maxLength: 40 }),
    fc.array(count, { minLength: 3, maxLength: 3 }),
    fc.array(fc.constantFrom("a", "b", null, "NaN", "👍"), { maxLength: 20 }),
    fc.dictionary(fc.string({ maxLength: 3 }), count, { maxKeys: 4 }),
    fc.array(fc.tuple(bound, bound, count), { maxLength: 3 }),
    fc.array(fc.oneof(fc.constant(null), fc.array(fc.integer())), { maxLength: 5 }),
    fc.record({ rows: count, missing: count }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const params = fc.constantFrom<PreviewQuestion["params"]>(
    {}, {}, { preset: "evidently" }, { preset: "tfdv" }, { preset: "nannyml" }, { preset: "hopsworks" },
    { input: "counts" }, { input: "weights" }, { input: "values" }, { binning: "deciles" }, { binning: "sturges" },
    { binning: "doane" }, { binning: "by_value" }, { binning: "equal_width" }, { edges: [0, 1, 2] }, { empty_bin: "none" },
    { variant: "goodness_of_fit" }, { yates: true }, { p_value: "exact" },
  ); // prettier-ignore

  it.each(METRICS)("%s answers or says what is wrong, and never with a bare NaN", async (metric) => {
    await fc.assert(
      fc.asyncProperty(params, population, fc.option(population, { freq: 12 }), async (given, reference, current) => {
        try {
          const answer = await previewDrift({ metric, params: given, reference, current });
          expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
          for (const [name, value] of Object.entries(answer)) {
            if (name !== "argmax_label") expect([name, value]).not.toEqual([name, "NaN"]);
            if (name.startsWith("p_value") && typeof value === "number") expect(value >= 0 && value <= 1).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          expect(error.context.issues).not.toHaveLength(0);
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each<[string, PreviewQuestion, Record<string, unknown>]>([
    [
      "all missing",
      { metric: "psi", reference: [1, 2], current: [null, null] },
      { value: null, reason: "current has no non-missing values" },
    ],
    [
      "only NaN",
      { metric: "wasserstein", reference: ["NaN"], current: [1] },
      { value: null, reason: "reference has no non-missing values" },
    ],
    [
      "no rows",
      { metric: "hellinger", params: { input: "counts" }, reference: [0, 0], current: [1, 2] },
      { value: null, reason: "reference has no non-missing values" },
    ],
    [
      "only infinities where a distance is asked for",
      { metric: "wasserstein", reference: ["Infinity"], current: [1] },
      { value: null, reason: expect.stringContaining("needs finite numbers in order") },
    ],
    ["infinities, at the ends", { metric: "wasserstein", reference: [1, "Infinity"], current: [1, 2] }, { value: 0.5 }],
    [
      "texts, which have no order",
      { metric: "ks", reference: ["a"], current: ["b"] },
      { value: null, status: "insufficient_data" },
    ],
    [
      "no values on either side",
      { metric: "psi", reference: [null], current: [null, null] },
      { value: 0, status: "ok_low_sample" },
    ],
    [
      "shares for a test",
      { metric: "chi_square", params: { input: "counts" }, reference: [0.5, 0.5], current: [0.4, 0.6] },
      { value: null, status: "insufficient_data" },
    ],
    ["a constant that moves", { metric: "js_distance", reference: [7, 7], current: [8, 8] }, { value: 1 }],
    [
      "an unseen category",
      { metric: "l_infinity", reference: ["a", "a"], current: ["a", "b"] },
      { value: 0.5, argmax_index: 0, argmax_label: "a", labels: ["a", "unseen values"], cur_counts: [1, 1] },
    ],
    [
      "KL of what cannot be",
      { metric: "kl_divergence", params: { input: "counts", empty_bin: "none" }, reference: [1, 1], current: [2, 0] },
      { value: "Infinity" },
    ],
    [
      "a constant reference",
      { metric: "normed_wasserstein", reference: [5], current: [6] },
      { value: 1000, ref_std_pop: 0, reason: expect.stringContaining("constant reference") },
    ],
    [
      "a rate of missing values",
      { metric: "missing_rate", reference: ["z", null, "x", "y"], current: [null] },
      { value: 0.75, ref_missing_ratio: 0.25 },
    ],
    [
      "no counts to profile",
      { metric: "facets_non_uniformity", reference: [] },
      { value: null, status: "insufficient_data" },
    ],
  ])("%s", async (_, question, expected) => {
    expect(await previewDrift(question)).toMatchObject(expected);
  });
});

/** What a monitor stores of values whose reference profile has these edges or values. */
function monitored(metric: DriftMetric, reference: Histogram, current: Histogram) {
  const { score, figure } = judgeDrift({
    metric,
    reference: { histogram: reference },
    current: { histogram: current },
    minRows: 0,
  });
  return { value: score, figure };
}

describe("what the preview answers is what a monitor stores", () => {
  const metrics = DRIFT_METRIC_NAMES.filter((metric) => metric !== "ks" && !/wasserstein|energy/.test(metric));
  const numbers = ramp(2000, (index) => (index * 0.37) % 101);
  const moved = ramp(1500, (index) => ((index * 0.53) % 101) + 10);
  const withGaps = [...moved.slice(0, 900), null, "NaN", null];

  it.each(metrics)("%s of numbers", async (metric) => {
    const edges = edgesFromQuantiles(deciles([...numbers].sort((one, other) => one - other)));
    const parsed = withGaps.map((value) => (value === "NaN" ? NaN : (value as number | null)));
    for (const [asked, current] of [
      [moved, moved],
      [withGaps, parsed],
    ] as const) {
      const found = await previewDrift({ metric, reference: numbers, current: [...asked] });
      expect(found).toMatchObject(monitored(metric, countNumbers(numbers, edges), countNumbers(current, edges)));
    }
  });

  it.each(metrics)("%s of few integers, and of texts", async (metric) => {
    const [before, now] = [ramp(1200, (index) => index % 5), ramp(1300, (index) => (index * index) % 7)];
    const texts = (values: readonly number[]) => values.map((value) => `v${value}`);
    for (const [one, other] of [
      [before, now],
      [texts(before), texts(now)],
    ] as [unknown[], unknown[]][]) {
      const frequent = [...new Set(one.map(String))];
      const found = await previewDrift({ metric, reference: one, current: other });
      expect(found.value).toBeCloseTo(
        monitored(metric, countCategories(one.map(String), frequent), countCategories(other.map(String), frequent))
          .value as number,
        12,
      );
    }
  });

  it("has exact distances of values, where a monitor knows buckets", async () => {
    // Two points a unit apart: F − G is 1/2 on an interval of length 1.
    const question = { reference: [0, 1], current: [1, 2] };
    const value = async (metric: string) => (await previewDrift({ metric, ...question })).value;
    expect(await value("wasserstein")).toBe(1);
    expect(await value("normed_wasserstein")).toBe(2);
    // √(2 ∫ (1/2)² over [0, 2])
    expect(await value("energy_distance")).toBe(1);
    expect((await previewDrift({ metric: "ks", ...question })).statistic).toBe(0.5);
  });
});

describe("parameters", () => {
  const reference = ramp(200, (index) => ((index * 37) % 101) / 2);
  const current = ramp(150, (index) => ((index * 53) % 101) / 2 + 10);
  const valueOf = async (question: PreviewQuestion) => (await previewDrift(question)).value as number;

  it("of a preset give way to what is said", async () => {
    const ask = (params: PreviewQuestion["params"]) =>
      valueOf({ metric: "js_distance", params, reference: [3, 1], current: [1, 3] });
    const bits = await ask({ input: "counts", log: "log2" });
    expect(await ask({ preset: "evidently", input: "counts", log: "log2" })).toBe(bits);
    expect(await ask({ preset: "evidently", input: "counts" })).toBeCloseTo(bits * Math.sqrt(Math.LN2), 12);
  });

  it("fill empty buckets in one way", async () => {
    const ask = (params: PreviewQuestion["params"]) =>
      valueOf({
        metric: "psi",
        params: { input: "counts", ...params },
        reference: [70, 30, 0],
        current: [60, 30, 10],
      });
    // 0.1 ln(0.7 / 0.6), and 0.1 − ε against ε, by hand.
    const known = 0.1 * Math.log(7 / 6);
    expect(await ask({ empty_bin: "floor", epsilon: 0.01 })).toBeCloseTo(known + 0.09 * Math.log(10), 12);
    expect(await ask({ empty_bin: "replace" })).toBeCloseTo(known + 0.0999 * Math.log(1000), 12);
    expect(await ask({ empty_bin: "none" })).toBe("Infinity");
    expect(await ask({})).toBe(await ask({ empty_bin: "add", epsilon: 1e-6, renormalise: true }));
    expect(await ask({ renormalise: false })).not.toBe(await ask({}));
  });

  it("evidently: edges over both for many different values, by value for few", async () => {
    const params = { binning: "sturges", empty_bin: "replace" };
    expect(await valueOf({ metric: "psi", params: { preset: "evidently" }, reference, current })).toBe(
      await valueOf({ metric: "psi", params, reference, current }),
    );
    const few = { metric: "psi", params: { preset: "evidently" }, reference: [1, 1, 2], current: [1, 2, 2] };
    expect(await previewDrift(few)).toMatchObject({
      labels: ["1", "2"],
      value: expect.closeTo((2 / 3) * Math.LN2, 12),
    });
  });

  it("tfdv: ten buckets of each, aligned", async () => {
    const params = { preset: "tfdv" };
    const found = await previewDrift({ metric: "js_divergence", params, reference: [0, 10], current: [0, 5] });
    // Between 0, 0.5, 1, 4.5, 5 and 10 the shares are ¼, ¼, 0, 0, ½ and ½, 0, 0, ½, 0.
    const [one, other] = [0.25 * Math.log2(2 / 3) + 0.25 + 0.5, 0.5 * Math.log2(4 / 3) + 0.5];
    expect(found.value).toBeCloseTo((one + other) / 2, 12);
  });

  it("nannyml: what lies outside the reference is one more bucket", async () => {
    const outside = await previewDrift({
      metric: "js_distance",
      params: { preset: "nannyml" },
      reference: ramp(60),
      current: ramp(60, (index) => index + 1000),
    });
    expect(outside.value).toBe(1);
    expect(outside.cur_outside).toEqual([0, 60]);
  });

  it("hopsworks: epsilon added, tenths of the reference", async () => {
    const params = { binning: "deciles", empty_bin: "add", epsilon: 1e-6 };
    expect(await valueOf({ metric: "psi", params: { preset: "hopsworks" }, reference, current })).toBe(
      await valueOf({ metric: "psi", params, reference, current }),
    );
  });

  it("equal_width: ten of the reference's range", async () => {
    const found = await previewDrift({
      metric: "total_variation",
      params: { binning: "equal_width" },
      reference: ramp(100, (index) => index / 10),
      current: ramp(100, (index) => index / 10 + 5),
    });
    expect(found.edges).toHaveLength(11);
    expect(found.value).toBeCloseTo(0.5, 1);
  });

  it("yates: only where asked for", async () => {
    const ask = async (params: PreviewQuestion["params"]) =>
      (
        await previewDrift({
          metric: "chi_square",
          params: { input: "counts", ...params },
          reference: [60, 40],
          current: [45, 55],
        })
      ).statistic;
    expect(await ask({})).toBeCloseTo(4.511278195488721, 12);
    expect(await ask({ yates: true })).toBeCloseTo(3.929824561403509, 12);
  });
});
