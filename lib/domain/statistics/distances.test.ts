import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hellinger, jsDistance, jsDivergence, lInfinity, psi, totalVariation, type PsiOptions } from "./distances";
import { countNumbers, type Histogram } from "./histogram";

interface Vector {
  id: string;
  metric: string;
  params: { input?: string; log?: "log2" | "ln"; empty_bin?: string };
  reference: number[];
  current: number[];
  expected: { value: number; argmax_index?: number };
  tolerance: number;
  tolerance_rel: number;
}

const fixture = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/distribution-vectors.json", import.meta.url), "utf8"),
) as { vectors: Vector[] };

const categorical = (counts: number[], other = 0, missing = 0): Histogram => ({
  kind: "categorical",
  values: counts.map((_, index) => `v${index}`),
  counts,
  other,
  missing,
});

const numeric = (
  counts: number[],
  rest: Partial<Record<"underflow" | "overflow" | "missing" | "nan", number>> = {},
): Histogram => ({
  kind: "numeric",
  edges: counts.length === 0 ? [] : Array.from({ length: counts.length + 1 }, (_, index) => index),
  counts,
  underflow: 0,
  overflow: 0,
  missing: 0,
  nan: 0,
  ...rest,
});

const PSI_PRESETS: [prefix: string, options: PsiOptions][] = [
  ["add 1e-6", {}],
  ["floor max(p,0.01)", { emptyBuckets: "floor", epsilon: 0.01 }],
  ["evidently", { emptyBuckets: "replace", epsilon: 1e-4 }],
];

const METRICS: Record<string, (reference: Histogram, current: Histogram, params: Vector["params"]) => number> = {
  js_divergence: (reference, current, { log }) => jsDivergence(reference, current, log),
  js_distance: (reference, current, { log }) => jsDistance(reference, current, log),
  l_infinity: (reference, current) => lInfinity(reference, current).value,
  hellinger,
  total_variation: totalVariation,
  psi(reference, current, { empty_bin = "" }) {
    const preset = PSI_PRESETS.find(([prefix]) => empty_bin.startsWith(prefix));
    if (!preset) throw new Error(`No preset for ${empty_bin}`);
    return psi(reference, current, preset[1]);
  },
};

const vectors = fixture.vectors.filter(({ metric, params }) => metric in METRICS && params.input === "counts");

describe("golden vectors", () => {
  it("are there for every metric", () => {
    expect(new Set(vectors.map(({ metric }) => metric))).toEqual(new Set(Object.keys(METRICS)));
  });

  it.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    const { metric, params, expected, tolerance, tolerance_rel: relative } = vector;
    const allowed = Math.max(tolerance, relative * Math.abs(expected.value));
    for (const build of [categorical, numeric]) {
      const [reference, current] = [build(vector.reference), build(vector.current)];
      expect(Math.abs(METRICS[metric]!(reference, current, params) - expected.value)).toBeLessThanOrEqual(allowed);
      if (expected.argmax_index !== undefined) {
        const offset = build === numeric ? 1 : 0;
        expect(lInfinity(reference, current).bucket).toBe(expected.argmax_index + offset);
      }
    }
  });

  it("PSI over collapsed deciles of a zero-inflated feature", () => {
    const edges = [0, 0.20000000000000284, 10.100000000000009, 20];
    const reference = [...new Array<number>(80).fill(0), ...Array.from({ length: 20 }, (_, index) => index + 1)];
    const current = [...new Array<number>(50).fill(0), ...Array.from({ length: 50 }, (_, index) => (index % 5) + 1)];
    const options: PsiOptions = { emptyBuckets: "floor", epsilon: 1e-4 };
    expect(psi(countNumbers(reference, edges), countNumbers(current, edges), options)).toBeCloseTo(
      1.4748610061176763,
      9,
    );
  });
});

const distances: [string, (reference: Histogram, current: Histogram) => number, greatest: number][] = [
  ["psi", psi, Infinity],
  ["psi, floor", (one, other) => psi(one, other, { emptyBuckets: "floor", epsilon: 1e-4 }), Infinity],
  ["psi, replace", (one, other) => psi(one, other, { emptyBuckets: "replace", epsilon: 1e-4 }), Infinity],
  ["js_divergence", jsDivergence, 1],
  ["js_distance", jsDistance, 1],
  ["js_distance in nats", (one, other) => jsDistance(one, other, "ln"), Math.sqrt(Math.LN2)],
  ["l_infinity", (one, other) => lInfinity(one, other).value, 1],
  ["hellinger", hellinger, 1],
  ["total_variation", totalVariation, 1],
];

const count = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(1_000_000) });
const histogramOfSize = (size: number): fc.Arbitrary<Histogram> =>
  fc
    .record({
      counts: fc.array(count, { minLength: size, maxLength: size }),
      underflow: count,
      overflow: count,
      missing: count,
      nan: count,
    })
    .map(({ counts, ...rest }) => numeric(counts, rest));
const pair = fc.nat(6).chain((size) => fc.tuple(histogramOfSize(size), histogramOfSize(size)));

describe.each(distances)("%s", (_, distance, greatest) => {
  it("is a number from 0 to its greatest, zero for the same shares, and symmetric", () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 1000 }), ([one, other], factor) => {
        const value = distance(one, other);
        expect(Number.isFinite(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(greatest);
        expect(distance(other, one)).toBeCloseTo(value, 9);
        expect(distance(one, one)).toBe(0);
        expect(distance(one, scaled(one, factor))).toBeCloseTo(0, 6);
      }),
    );
  });

  it("sees a change in every bucket, those outside the edges too", () => {
    const base = { underflow: 10, overflow: 10, missing: 10, nan: 10 };
    for (const bucket of ["underflow", "overflow", "missing", "nan"] as const) {
      expect(distance(numeric([50, 50], base), numeric([50, 50], { ...base, [bucket]: 60 }))).toBeGreaterThan(0.01);
    }
    expect(distance(categorical([50, 50]), categorical([50, 50], 20))).toBeGreaterThan(0.01);
    expect(distance(categorical([50, 50]), categorical([50, 50], 0, 20))).toBeGreaterThan(0.01);
  });

  it("is defined for nothing, and for nothing beside something", () => {
    expect(distance(numeric([0, 0]), numeric([0, 0]))).toBe(0);
    expect(distance(numeric([]), numeric([]))).toBe(0);
    const gone = distance(numeric([70, 30]), numeric([0, 0]));
    if (Number.isFinite(greatest)) expect(gone).toBeCloseTo(greatest, 12);
    else expect(gone).toBeGreaterThan(0.1);
  });

  it("is greatest, or large, between distributions without a common bucket", () => {
    const value = distance(categorical([10, 0]), categorical([0, 10]));
    if (Number.isFinite(greatest)) expect(value).toBeCloseTo(greatest, 12);
    else expect(value).toBeGreaterThan(10);
  });

  it.each([
    ["other edges", numeric([1]), numeric([1, 2])],
    ["other values", categorical([1]), categorical([1, 2])],
    ["another kind", numeric([1]), categorical([1])],
    ["negative counts", numeric([1]), numeric([-1])],
    ["counts that are no numbers", numeric([NaN]), numeric([1])],
  ])("refuses %s", (__, one, other) => {
    expect(() => distance(one, other)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});

describe("psi", () => {
  it("does not depend on how many buckets are empty on both sides", () => {
    expect(psi(numeric([60, 40, 0, 0, 0, 0]), numeric([30, 70, 0, 0, 0, 0]))).toBe(
      psi(numeric([60, 40]), numeric([30, 70])),
    );
  });
});

function scaled(histogram: Histogram, factor: number): Histogram {
  if (histogram.kind !== "numeric") return histogram;
  const { counts, underflow, overflow, missing, nan } = histogram;
  return {
    ...histogram,
    counts: counts.map((value) => value * factor),
    underflow: underflow * factor,
    overflow: overflow * factor,
    missing: missing * factor,
    nan: nan * factor,
  };
}
