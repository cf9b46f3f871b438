import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countCategories, countNumbers, edgesFromQuantiles, type Histogram } from "../statistics/histogram";
import { sharesOf } from "../statistics/empty-buckets";
import { psi } from "../statistics/share-distances";
import { comparedCounts } from "./measure-drift";
import { DRIFT_METRIC_NAMES, type DriftMetric } from "../definitions/drift-metric";
import type { DriftQuestion } from "./drift-verdict";
import { judgeDrift as judgeSides } from "./judge-drift";

const DECILES = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
const repeat = <Item>(item: Item, times: number) => new Array<Item>(times).fill(item);
const evenly = (rows: number) => Array.from({ length: rows }, (_, index) => (index * 100) / rows);
const even = countNumbers(evenly(1000), DECILES);
const metrics: readonly DriftMetric[] = DRIFT_METRIC_NAMES;
/** Distances over buckets, which any histogram has. */
const distances = ["psi", "js_distance", "l_infinity", "hellinger", "total_variation"] as const;

type Question = Omit<DriftQuestion, "reference" | "current"> & { reference: Histogram; current: Histogram };
const judgeDrift = ({ reference, current, ...rest }: Question) =>
  judgeSides({ ...rest, reference: { histogram: reference }, current: { histogram: current } });

describe("judgeDrift", () => {
  it("calls the same distribution fine", () => {
    expect(judgeDrift({ metric: "psi", reference: even, current: even })).toMatchObject({
      state: "fine",
      score: 0,
      severity: 0,
      explanation: "PSI is 0: every bucket has the same share of values as in the reference.",
      rows: [1000, 1000],
    });
  });

  it("says which bucket moved, by how much, and against which threshold", () => {
    const current = countNumbers([...evenly(500), ...repeat(95, 500)], DECILES);
    const verdict = judgeDrift({ metric: "psi", reference: even, current });
    expect(verdict.state).toBe("critical");
    // Nine deciles from 10 % to 5 %, one from 10 % to 55 %.
    expect(verdict.score).toBeCloseTo(9 * 0.05 * Math.log(2) + 0.45 * Math.log(5.5), 3);
    expect(verdict.severity).toBeCloseTo(verdict.score! / 0.1, 12);
    expect(verdict.explanation).toBe(
      "PSI is 1.079, at or above the critical threshold 0.25. The greatest change is in the bucket 90 and above: 10.0 % of values in the reference, 55.0 % now.",
    );
  });

  it.each<[number, string, string]>([
    [0.2, "critical", "at or above the critical threshold 0.2"],
    [0.199, "warn", "at or above the warning threshold 0.1 and below the critical one, 0.2"],
    [0.1, "warn", "at or above the warning threshold 0.1"],
    [0.099, "fine", "below the warning threshold 0.1"],
  ])("a total variation of %d is %s", (moved, state, phrase) => {
    const reference = countCategories(repeat("a", 1000), ["a", "b"]);
    const current = countCategories([...repeat("b", moved * 1000), ...repeat("a", 1000 - moved * 1000)], ["a", "b"]);
    const verdict = judgeDrift({ metric: "total_variation", reference, current });
    expect(verdict.state).toBe(state);
    expect(verdict.explanation).toContain(phrase);
  });

  it("takes thresholds from the monitor before its own", () => {
    const current = countNumbers([...evenly(500), ...repeat(95, 500)], DECILES);
    const verdict = judgeDrift({ metric: "psi", reference: even, current, warn: 2, critical: 4 });
    expect(verdict).toMatchObject({ state: "fine", severity: verdict.score! / 2 });
    expect(judgeDrift({ metric: "psi", reference: even, current: even, warn: 0 }).severity).toBeNull();
  });

  it.each<[number, number, number | undefined, string]>([
    [29, 1000, undefined, "The reference has 29 rows; at least 30 are needed on each side."],
    [1000, 0, undefined, "The current window has no rows; at least 30 are needed on each side."],
    [
      0,
      1,
      undefined,
      "The reference has no rows and the current window has 1 row; at least 30 are needed on each side.",
    ],
    [5, 4, 5, "The current window has 4 rows; at least 5 are needed on each side."],
    [0, 0, 0, "The reference has no rows and the current window has no rows; at least 1 are needed on each side."],
  ])("%i and %i rows, least %s, are insufficient", (before, now, minRows, explanation) => {
    const reference = countNumbers(evenly(before), DECILES);
    const current = countNumbers(evenly(now), DECILES);
    expect(judgeDrift({ metric: "psi", reference, current, ...(minRows !== undefined && { minRows }) })).toMatchObject({
      state: "insufficient_data",
      score: null,
      severity: null,
      explanation,
      rows: [before, now],
    });
  });

  it("has enough at exactly the least number of rows", () => {
    const thirty = countNumbers(evenly(30), DECILES);
    expect(judgeDrift({ metric: "psi", reference: thirty, current: thirty }).state).toBe("fine");
  });

  const constant = edgesFromQuantiles(repeat(7, 11));
  describe.each(distances)("degenerate input, by %s", (metric) => {
    it.each([
      ["all missing now", even, countNumbers(repeat(null, 100), DECILES), "critical", "Missing 0.0 % → 100.0 %"],
      ["all missing on both sides", countNumbers(repeat(null, 100), []), countNumbers(repeat(null, 50), []), "fine", "Neither side has a value"],
      ["a reference that was all missing", countNumbers(repeat(null, 100), []), countNumbers(evenly(100), []), "critical", "The reference has no values"],
      ["a constant that stays", countNumbers(repeat(7, 100), constant), countNumbers(repeat(7, 40), constant), "fine", "is 0"],
      ["a constant that moves", countNumbers(repeat(7, 100), constant), countNumbers(repeat(8, 100), constant), "critical", /in the bucket (above )?7:/],
      ["infinities", even, countNumbers(repeat(-Infinity, 100), DECILES), "critical", /(below 0: 0|below 10: 10)\.0 % of values in the reference, 100\.0 % now/],
      ["NaN", even, countNumbers(repeat(NaN, 100), DECILES), "critical", "Missing or NaN 0.0 % → 100.0 %"],
      ["an unseen category", countCategories(repeat("a", 100), ["a"]), countCategories(repeat("z", 100), ["a"]), "critical", /unseen values|"a"/],
      ["one outlier", even, countNumbers([...evenly(999), 1e8], DECILES), "fine", /below the warning threshold|PSI is 0/],
    ] as const)("%s", (_, reference, current, state, phrase) => {
      const verdict = judgeDrift({ metric, reference, current });
      expect(verdict.state).toBe(state);
      expect(verdict.explanation).toMatch(phrase);
    }); // prettier-ignore
  });

  describe("missing values are counted apart", () => {
    const withMissing = (missing: number, rows = 10_000) =>
      countNumbers([...evenly(rows - missing), ...repeat(null, missing)], DECILES);
    it.each([
      // What was critical as a bucket of PSI: nearly nothing is no alarm.
      [290, 0, "fine", null, "Missing 2.9 % → 0.0 %: the difference is below the warning threshold 5 %."],
      [0, 600, "warn", "missing", "Missing 0.0 % → 6.0 %"],
      [0, 2500, "critical", "missing", "Missing 0.0 % → 25.0 %: the difference is at or above the critical threshold 20 %"],
    ] as const)("%i of 10,000, then %i", (before, now, state, because, phrase) => {
      const verdict = judgeDrift({ metric: "psi", reference: withMissing(before), current: withMissing(now) });
      expect(verdict).toMatchObject({ state, because, distribution: { state: "fine" } });
      expect(verdict.score).toBeLessThan(0.001);
      expect(verdict.explanation).toContain(phrase);
    }); // prettier-ignore

    it.each([
      [0, 49, false],
      [3000, 3049, false],
      [0, 50, true],
      [3050, 3000, true],
    ])("are spoken of when they change by a tenth of what would warn: %i, then %i", (before, now, isSaid) => {
      const verdict = judgeDrift({ metric: "psi", reference: withMissing(before), current: withMissing(now) });
      expect(verdict.explanation.includes("Missing")).toBe(isSaid);
    });

    it("takes the worse of the two, and the severity with it", () => {
      const moved = countNumbers([...repeat(95, 9000), ...repeat(null, 1000)], DECILES);
      const verdict = judgeDrift({ metric: "total_variation", reference: withMissing(0), current: moved });
      expect(verdict).toMatchObject({
        state: "critical",
        because: "distribution",
        missing: { state: "warn", severity: 2 },
      });
      expect(verdict.severity).toBe(verdict.distribution.severity);
    });

    it("judges missing values alone where it is asked to, and says why a distribution cannot be judged", () => {
      const verdict = judgeDrift({
        metric: "missing_rate",
        reference: withMissing(0),
        current: withMissing(1000),
        warn: 0.01,
      });
      expect(verdict).toMatchObject({ figure: "missing_rate", score: 0.1, state: "warn" });
      const few = judgeDrift({ metric: "psi", reference: withMissing(9980), current: withMissing(9980) });
      expect(few).toMatchObject({ state: "insufficient_data", score: null });
      expect(few.explanation).toContain("20 and 20 have a value; at least 30");
    });
  });

  describe("chooses by type and size", () => {
    const categories = (rows: number, b: number) =>
      countCategories([...repeat("a", rows - b), ...repeat("b", b)], ["a", "b"]);
    const numbers = (rows: number) => countNumbers(evenly(rows), DECILES);
    it.each([
      ["natural", numbers(999), "ks_p"],
      ["natural", numbers(1000), "psi"],
      ["natural", categories(999, 300), "chi_square_p"],
      ["natural", categories(1000, 300), "js_distance"],
      ["ks", numbers(999), "ks_p"],
      ["ks", numbers(1000), "ks"],
      ["chi_square", categories(500, 3), "chi_square_p"],
      ["chi_square", categories(5000, 3), "chi_square"],
    ] as const)("%s", (metric, histogram, figure) => {
      expect(judgeDrift({ metric, reference: histogram, current: histogram })).toMatchObject({ figure, state: "fine" });
    });

    it("judges a probability the other way round", () => {
      const verdict = judgeDrift({ metric: "natural", reference: categories(500, 100), current: categories(500, 200) });
      expect(verdict).toMatchObject({ figure: "chi_square_p", state: "critical", warn: 0.05, critical: 0.01 });
      expect(verdict.severity).toBeCloseTo(0.05 / Math.max(verdict.score ?? 1, 1e-4), 6);
      expect(verdict.explanation).toContain("unlikely to be chance");
    });

    it("says that values without order have no distribution function", () => {
      const verdict = judgeDrift({ metric: "ks", reference: categories(5000, 1), current: categories(5000, 1) });
      expect(verdict).toMatchObject({ state: "insufficient_data", score: null });
      expect(verdict.explanation).toContain("needs numbers in order");
      const counts = countCategories(repeat("1", 50), ["1", "2", "10"]);
      const later = countCategories([...repeat("1", 25), ...repeat("10", 25)], ["1", "2", "10"]);
      expect(judgeDrift({ metric: "ks", reference: counts, current: later }).test?.statistic).toBe(0.5);
    });
  });

  it("has the PSI of the histograms, however it is computed", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 13, maxLength: 13 });
    const histogram = ([underflow = 0, overflow = 0, missing = 0, ...of]: number[]): Histogram => ({
      kind: "numeric", edges: DECILES, counts: of.map((count) => count + 4), underflow, overflow, missing, nan: 0,
    }); // prettier-ignore
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        const [a, b] = [histogram(one), histogram(other)];
        const { score } = judgeDrift({ metric: "psi", reference: a, current: b });
        const { p, q } = sharesOf(comparedCounts("psi", a), comparedCounts("psi", b), {
          emptyBuckets: "add",
          epsilon: 1e-6,
          renormalise: true,
        });
        expect(score).toBe(psi(p, q));
        // By the formula, ε added to each of the ten shares.
        const share = (histogram: Histogram, at: number) => {
          const { counts, underflow, overflow } = histogram as Extract<Histogram, { kind: "numeric" }>;
          const rows = counts.reduce((sum, count) => sum + count, underflow + overflow);
          const outside = at === 0 ? underflow : at === counts.length - 1 ? overflow : 0;
          return ((counts[at] as number) + outside) / rows;
        };
        const terms = a.counts.map((_, at) => {
          const [first, second] = [share(a, at) + 1e-6, share(b, at) + 1e-6].map((value) => value / (1 + 1e-5)) as [
            number,
            number,
          ];
          return (first - second) * Math.log(first / second);
        });
        expect(score).toBeCloseTo(
          terms.reduce((sum, term) => sum + term, 0),
          12,
        );
      }),
    );
  });

  it("measures the Wasserstein distance from what profiles keep", () => {
    const side = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const populationStd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      return {
        histogram: countNumbers(values, DECILES),
        equalWidth: countNumbers(values, [0, 25, 50, 75, 100]),
        stats: { min: Math.min(...values), max: Math.max(...values), mean, populationStd },
      };
    };
    const values = evenly(2000);
    const scores = [0, 5, 10, 40].map((shift) => {
      const current = side(values.map((value) => value + shift));
      return judgeSides({ metric: "normed_wasserstein", reference: side(values), current }).score ?? NaN;
    });
    const std = 100 / Math.sqrt(12);
    [0, 5, 10, 40].forEach((shift, index) => expect(scores[index]).toBeCloseTo(shift / std, 2));
    const constant = {
      histogram: countNumbers(repeat(7, 100), [7, 7]),
      stats: { min: 7, max: 7, mean: 7, populationStd: 0 },
    };
    const moved = {
      histogram: countNumbers(repeat(8, 100), [7, 7]),
      stats: { min: 8, max: 8, mean: 8, populationStd: 0 },
    };
    const verdict = judgeSides({ metric: "normed_wasserstein", reference: constant, current: moved });
    expect(verdict).toMatchObject({ score: 1000, state: "critical" });
  });

  it("answers with numbers and a sentence for anything two windows can hold", () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(null, NaN, Infinity, -Infinity, 5));
    const window = fc.array(value, { maxLength: 80 });
    fc.assert(
      fc.property(
        window,
        window,
        fc.constantFrom(...metrics),
        fc.array(fc.integer({ min: -5, max: 5 })),
        (one, other, metric, quantiles) => {
          const edges = edgesFromQuantiles(quantiles);
          const verdict = judgeDrift({
            metric,
            reference: countNumbers(one, edges),
            current: countNumbers(other, edges),
          });
          if (Math.min(one.length, other.length) < 30) expect(verdict.state).toBe("insufficient_data");
          expect(verdict.explanation).toMatch(/^[A-Z].+\.$/);
          expect(verdict.explanation).not.toMatch(/undefined|Infinity|in :|NaN [^0]*%.*NaN %/);
          expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
        },
      ),
    );
  });

  it("is zero for equal sides, the same both ways where it is symmetric, and blind to the number of rows", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 10, maxLength: 10 });
    const histogram = (of: number[], factor = 1): Histogram => ({
      kind: "numeric", edges: DECILES, counts: of.map((count) => (count + 10) * factor), underflow: 0, overflow: 0, missing: 0, nan: 0,
    }); // prettier-ignore
    fc.assert(
      fc.property(counts, counts, fc.constantFrom(...distances), (one, other, metric) => {
        const score = (a: Histogram, b: Histogram) => judgeDrift({ metric, reference: a, current: b }).score ?? NaN;
        const [a, b] = [histogram(one), histogram(other)];
        expect(score(a, a)).toBeCloseTo(0, 12);
        expect(score(a, b)).toBeCloseTo(score(b, a), 9);
        expect(score(a, histogram(other, 7))).toBeCloseTo(score(a, b), 9);
      }),
    );
  });

  it.each([...distances, "ks", "chi_square", "count_difference"] as const)("%s grows with what moves", (metric) => {
    const moved = (share: number) => countNumbers([...evenly(2000 - share), ...repeat(99, share)], DECILES);
    const scores = [0, 200, 600, 1500].map(
      (share) => judgeDrift({ metric, reference: moved(0), current: moved(share) }).score ?? NaN,
    );
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(scores[0]).toBeCloseTo(0, 9);
    expect(scores[3]).toBeGreaterThan(0.1);
  });
});
