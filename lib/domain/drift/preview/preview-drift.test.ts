import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError, type Issue } from "../../errors";
import { psi } from "../../statistics/distances";
import { countNumbers, edgesFromQuantiles } from "../../statistics/histogram";
import { deciles } from "../../statistics/quantiles";
import { previewDrift, PREVIEW_METRICS, type DriftQuestion } from "./preview-drift";

const METRICS = Object.keys(PREVIEW_METRICS);

function issuesOf(question: DriftQuestion): Issue[] {
  try {
    previewDrift(question);
  } catch (error) {
    if (error instanceof DomainError && error.code === "invalid") return error.context.issues as Issue[];
    throw error;
  }
  return [];
}

const ramp = (count: number, of: (index: number) => number = (index) => index) =>
  Array.from({ length: count }, (_, index) => of(index));

describe("wrong questions", () => {
  it.each<[string, DriftQuestion, Partial<Issue>]>([
    [
      "unknown metric, near a known one",
      { metric: "pis" },
      { path: ["metric"], message: "is not known, did you mean psi?" },
    ],
    ["unknown metric, far from all", { metric: "mutual_information" }, { path: ["metric"], message: "is not known" }],
    ["a name every object has", { metric: "constructor" }, { path: ["metric"], message: "is not known" }],
    ["no sides", { metric: "psi" }, { path: ["reference"], message: "is no list" }],
    [
      "lengths that differ",
      { metric: "psi", params: { input: "counts" }, reference: [1, 2, 3], current: [1, 2] },
      { path: ["current"], message: "has 2 counts and reference has 3" },
    ],
    [
      "a negative count",
      { metric: "hellinger", params: { input: "counts" }, reference: [1, -2], current: [1, 2] },
      { path: ["reference", 1], message: "is no count", found: "-2" },
    ],
    [
      "a count that is no number, in a map",
      { metric: "hellinger", reference: { a: 1 }, current: { a: "1" } },
      { path: ["current", "a"], message: "is no count" },
    ],
    [
      "a map against a list",
      { metric: "hellinger", reference: { a: 1 }, current: [1] },
      { path: ["current"], message: "is no map" },
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
      "unknown form",
      { metric: "js_distance", params: { log: "log10" }, reference: [1], current: [2] },
      { path: ["params", "log"], message: "has a form that is not known", expected: "one of log2, ln" },
    ],
    [
      "unknown preset",
      { metric: "psi", params: { preset: "evidentli" }, reference: [1], current: [2] },
      { path: ["params", "preset"], expected: "one of evidently, tfdv, nannyml, hopsworks" },
    ],
    [
      "counts for what needs values",
      { metric: "kolmogorov_smirnov", params: { input: "counts" }, reference: [1], current: [2] },
      { path: ["params", "input"], message: "cannot be counts for kolmogorov_smirnov", expected: "one of values" },
    ],
    [
      "the norm of another metric",
      { metric: "wasserstein_normed", params: { norm: "none" }, reference: [1], current: [2] },
      { path: ["params", "norm"], message: "is the one of wasserstein" },
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
      { path: ["reference", 1], message: "is no text, while other values are" },
    ],
    [
      "a text among numbers",
      { metric: "wasserstein", reference: [1, "two"], current: [1] },
      { path: ["reference", 1], message: "is no number" },
    ],
    [
      "three categories",
      { metric: "z_test_proportions", reference: [1, 2, 3], current: [1, 2, 3] },
      { path: ["reference"] },
    ],
    [
      "a table that is not 2 × 2",
      {
        metric: "chi_square",
        params: { input: "counts", variant: "contingency_2x2" },
        reference: [1, 2, 3],
        current: [1, 2, 3],
      },
      { path: ["params", "variant"], message: "needs two categories, and there are 3" },
    ],
    [
      "a bucket the wrong way round",
      { metric: "js_divergence_histogram", reference: [[2, 1, 5]], current: [[1, 2, 5]] },
      { path: ["reference", 0], message: "is no bucket" },
    ],
    [
      "buckets that overlap",
      {
        metric: "js_divergence_histogram",
        reference: [
          [0, 2, 5],
          [1, 3, 5],
        ],
        current: [[1, 2, 5]],
      },
      { path: ["reference"], message: "has buckets that overlap" },
    ],
    [
      "more missing than rows",
      { metric: "missing_rate_difference", reference: { rows: 1, missing: 2 }, current: { rows: 1, missing: 0 } },
      { path: ["reference", "missing"] },
    ],
    [
      "a current side for a profile",
      { metric: "profile_numeric", reference: [1], current: [1] },
      { path: ["current"] },
    ],
    [
      "an integer beyond 64 bits",
      { metric: "profile_int64", reference: ["9223372036854775808"] },
      { path: ["reference", 0], message: "is no 64-bit integer" },
    ],
    ["an integer that JSON has rounded", { metric: "profile_int64", reference: [2 ** 60] }, { path: ["reference", 0] }],
    ["a list that is none", { metric: "profile_list", reference: [1] }, { path: ["reference", 0] }],
    [
      "an exact probability of samples too large",
      { metric: "kolmogorov_smirnov", params: { p_value: "exact" }, reference: ramp(10001), current: ramp(10001) },
      { path: ["params", "p_value"], found: '"10001 × 10001"' },
    ],
    [
      "too many values",
      { metric: "wasserstein", reference: new Array(1_000_001).fill(0), current: [1] },
      { path: ["reference"], message: "has 1000001 values" },
    ],
  ])("%s", (_, question, issue) => {
    expect(issuesOf(question)[0]).toMatchObject(issue);
  });

  it("lists the metrics there are", () => {
    expect(issuesOf({ metric: "x" })[0]?.expected).toBe(`one of ${METRICS.join(", ")}`);
  });

  it.each(METRICS)("%s names forms that it accepts", (metric) => {
    for (const name of PREVIEW_METRICS[metric]?.parameters ?? []) {
      const [issue] = issuesOf({ metric, params: { [name]: "?" }, reference: [], current: null });
      if (!issue?.expected?.startsWith("one of ")) continue;
      for (const form of issue.expected.slice("one of ".length).split(/, (?!0)/)) {
        const found = issuesOf({ metric, params: { [name]: form }, reference: [], current: null });
        expect(found.filter(({ message }) => message === "has a form that is not known")).toEqual([]);
      }
    }
  });

  it("are told all at once, but not by the thousand", () => {
    expect(issuesOf({ metric: "profile_numeric", reference: ["a", 1, "b"] }).map(({ path }) => path)).toEqual([
      ["reference", 0],
      ["reference", 2],
    ]);
    expect(issuesOf({ metric: "profile_numeric", reference: new Array(5000).fill("a") })).toHaveLength(20);
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
  const side = fc.oneof(
    fc.array(cell, { maxLength: 40 }),
    fc.array(count, { minLength: 3, maxLength: 3 }),
    fc.array(fc.constantFrom("a", "b", null, "NaN", "👍"), { maxLength: 20 }),
    fc.dictionary(fc.string({ maxLength: 3 }), count, { maxKeys: 4 }),
    fc.array(fc.tuple(bound, bound, count), { maxLength: 3 }),
    fc.array(fc.oneof(fc.constant(null), fc.array(fc.integer())), { maxLength: 5 }),
    fc.record({ rows: count, missing: count }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const params = fc.constantFrom<DriftQuestion["params"]>(
    {}, {}, { preset: "evidently" }, { preset: "tfdv" }, { preset: "nannyml" }, { preset: "hopsworks" },
    { input: "counts" }, { input: "weights" }, { input: "values" }, { binning: "deciles" }, { binning: "sturges" },
    { binning: "doane" }, { binning: "by_value" }, { edges: [0, 1, 2] }, { empty_bin: "none" }, { variant: "contingency" },
    { p_value: "kstwo" }, { p_value: "exact" },
  ); // prettier-ignore

  it.each(METRICS)("%s answers or says what is wrong, and never with a bare NaN", (metric) => {
    fc.assert(
      fc.property(params, side, fc.option(side, { freq: 12 }), (given, reference, current) => {
        try {
          const answer = previewDrift({ metric, params: given, reference, current });
          expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
          for (const [name, value] of Object.entries(answer)) {
            if (!["mean_if_inf_included", "argmax_label", "top"].includes(name))
              expect([name, value]).not.toEqual([name, "NaN"]);
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

  it.each<[string, DriftQuestion, Record<string, unknown>]>([
    [
      "all missing",
      { metric: "psi", reference: [1, 2], current: [null, null] },
      { value: null, reason: "current has no non-missing values" },
    ],
    [
      "only NaN",
      { metric: "wasserstein", reference: ["NaN"], current: [1] },
      { value: null, reason: "reference has only NaN" },
    ],
    [
      "no rows",
      { metric: "hellinger", params: { input: "counts" }, reference: [0, 0], current: [1, 2] },
      { value: null, reason: "reference has no rows" },
    ],
    [
      "only infinities where edges are needed",
      { metric: "psi", params: { binning: "sturges" }, reference: ["Infinity"], current: [1] },
      { value: null, reason: "reference has no finite values" },
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
      { value: 0.5, argmax_index: 0, argmax_label: '"a"' },
    ],
    [
      "KL of what cannot be",
      { metric: "kl_divergence", params: { input: "counts" }, reference: [1, 1], current: [2, 0] },
      { value: "Infinity" },
    ],
    [
      "a constant reference",
      { metric: "wasserstein_normed", reference: [5], current: [6] },
      { value: 1000, wasserstein: 1, reason: expect.stringContaining("constant reference") },
    ],
    [
      "a rate of missing values",
      { metric: "missing_rate_difference", reference: ["z", null, "x", "y"], current: [null] },
      { value: 0.75, ref_missing_ratio: 0.25 },
    ],
    [
      "rows and missing",
      { metric: "missing_rate_difference", reference: { rows: 100, missing: 5 }, current: { rows: 50, missing: 10 } },
      { value: expect.closeTo(0.15, 12), status: "ok" },
    ],
    [
      "no values to profile",
      { metric: "profile_string", reference: [] },
      { count: 0, missing_ratio: null, top: null, avg_len_codepoints: null },
    ],
    [
      "no counts to profile",
      { metric: "facets_non_uniformity", reference: [] },
      { value: null, status: "insufficient_data" },
    ],
  ])("%s", (_, question, expected) => {
    expect(previewDrift(question)).toMatchObject(expected);
  });
});

describe("parameters", () => {
  const reference = ramp(200, (index) => (index * 37) % 101);
  const current = ramp(150, (index) => ((index * 53) % 101) + 10);

  it("default to what a monitor computes", () => {
    const edges = edgesFromQuantiles(deciles([...reference].sort((one, other) => one - other)));
    const monitored = psi(countNumbers(reference, edges), countNumbers(current, edges));
    expect(previewDrift({ metric: "psi", reference, current }).value).toBeCloseTo(monitored, 12);
  });

  it("of a preset give way to what is said", () => {
    const ask = (params: DriftQuestion["params"]) =>
      previewDrift({ metric: "js_distance", params, reference: [3, 1], current: [1, 3] }).value as number;
    expect(ask({ preset: "evidently", input: "counts", log: "log2" })).toBe(ask({ input: "counts", log: "log2" }));
    expect(ask({ preset: "evidently", input: "counts" })).toBeCloseTo(
      ask({ input: "counts" }) * Math.sqrt(Math.LN2),
      12,
    );
  });

  it("say epsilon in a sentence or by itself", () => {
    const ask = (params: DriftQuestion["params"]) =>
      previewDrift({
        metric: "psi",
        params: { input: "counts", ...params },
        reference: [70, 30, 0],
        current: [60, 30, 10],
      }).value;
    expect(ask({ empty_bin: "floor max(p,0.01), no renormalisation" })).toBe(
      ask({ empty_bin: "floor", epsilon: 0.01 }),
    );
    expect(ask({ empty_bin: "floor" })).not.toBe(ask({ empty_bin: "floor", epsilon: 0.01 }));
    expect(ask({ empty_bin: "none" })).toBe("Infinity");
  });

  it("evidently: edges over both sides for many different values, by value for few", () => {
    const many = previewDrift({ metric: "psi", params: { preset: "evidently" }, reference, current });
    expect(many.value).toBeCloseTo(
      previewDrift({ metric: "psi", params: { binning: "sturges", empty_bin: "evidently" }, reference, current })
        .value as number,
      12,
    );
    const few = previewDrift({
      metric: "psi",
      params: { preset: "evidently" },
      reference: [1, 1, 2],
      current: [1, 2, 2],
    });
    expect(few).toMatchObject({ labels: ["1", "2"], value: expect.closeTo((2 / 3) * Math.LN2, 12) });
  });

  it("tfdv: each side's ten buckets, aligned", () => {
    const wide = previewDrift({ metric: "js_divergence_histogram", params: { preset: "tfdv" }, reference, current });
    expect(previewDrift({ metric: "js_divergence", params: { preset: "tfdv" }, reference, current }).value).toBeCloseTo(
      wide.value as number,
      12,
    );
    expect(wide.value).not.toBeCloseTo(
      previewDrift({ metric: "js_divergence", reference, current }).value as number,
      3,
    );
  });

  it("nannyml: what lies outside the reference is one more bucket", () => {
    const outside = previewDrift({
      metric: "js_distance",
      params: { preset: "nannyml" },
      reference: ramp(60),
      current: ramp(60, (index) => index + 1000),
    });
    expect(outside.value).toBe(1);
    expect((outside.cur_counts as number[]).at(-1)).toBe(60);
  });

  it("hopsworks: epsilon added, tenths of the reference", () => {
    const ask = (params: DriftQuestion["params"]) => previewDrift({ metric: "psi", params, reference, current }).value;
    expect(ask({ preset: "hopsworks" })).toBe(ask({ binning: "deciles", empty_bin: "add 1e-6 then renormalise" }));
  });

  it("yates: for one degree of freedom unless refused", () => {
    const ask = (params: DriftQuestion["params"]) =>
      previewDrift({
        metric: "chi_square",
        params: { input: "counts", variant: "contingency", ...params },
        reference: [60, 40],
        current: [45, 55],
      }).statistic;
    expect(ask({})).toBe(ask({ yates: true }));
    expect(ask({ yates: false })).toBeCloseTo(4.511278195488721, 12);
  });

  it("may tell where samples come from", () => {
    expect(
      previewDrift({
        metric: "wasserstein",
        params: { dataset: "x", column: "y", drop_null: true },
        reference: [1],
        current: [2],
      }).value,
    ).toBe(1);
  });
});
