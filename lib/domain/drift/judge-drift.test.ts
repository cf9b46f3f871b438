import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countCategories, countNumbers, edgesFromQuantiles } from "./histogram";
import { DRIFT_METRICS, judgeDrift, type DriftMetric } from "./judge-drift";

const DECILES = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
const repeat = <Item>(item: Item, times: number) => new Array<Item>(times).fill(item);
const evenly = (rows: number) => Array.from({ length: rows }, (_, index) => (index * 100) / rows);
const even = countNumbers(evenly(1000), DECILES);
const metrics = Object.keys(DRIFT_METRICS) as DriftMetric[];

describe("judgeDrift", () => {
  it("calls the same distribution fine", () => {
    expect(judgeDrift({ metric: "psi", reference: even, current: even })).toEqual({
      state: "fine",
      score: 0,
      severity: 0,
      explanation: "PSI is 0: every bucket has the same share of rows as in the reference.",
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
      "PSI is 1.079, at or above the critical threshold 0.25. The greatest change is in [90, 100]: 10.0 % of rows in the reference, 55.0 % now.",
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
    expect(judgeDrift({ metric: "psi", reference, current, minRows })).toEqual({
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
  describe.each(metrics)("degenerate input, by %s", (metric) => {
    it.each([
      [
        "all missing now",
        even,
        countNumbers(repeat(null, 100), DECILES),
        "critical",
        "missing: 0.0 % of rows in the reference, 100.0 % now",
      ],
      [
        "all missing on both sides",
        countNumbers(repeat(null, 100), []),
        countNumbers(repeat(null, 50), []),
        "fine",
        "is 0",
      ],
      [
        "a reference that was all missing",
        countNumbers(repeat(null, 100), []),
        countNumbers(evenly(100), []),
        "critical",
        /any number|missing/,
      ],
      [
        "a constant that stays",
        countNumbers(repeat(7, 100), constant),
        countNumbers(repeat(7, 40), constant),
        "fine",
        "is 0",
      ],
      [
        "a constant that moves",
        countNumbers(repeat(7, 100), constant),
        countNumbers(repeat(8, 100), constant),
        "critical",
        /above 7|\[7, 7\]/,
      ],
      [
        "infinities",
        even,
        countNumbers(repeat(-Infinity, 100), DECILES),
        "critical",
        "below 0: 0.0 % of rows in the reference, 100.0 % now",
      ],
      [
        "NaN",
        even,
        countNumbers(repeat(NaN, 100), DECILES),
        "critical",
        "NaN: 0.0 % of rows in the reference, 100.0 % now",
      ],
      [
        "an unseen category",
        countCategories(repeat("a", 100), ["a"]),
        countCategories(repeat("z", 100), ["a"]),
        "critical",
        /unseen values|"a"/,
      ],
      ["one outlier", even, countNumbers([...evenly(999), 1e8], DECILES), "fine", "below the warning threshold"],
    ] as const)("%s", (_, reference, current, state, phrase) => {
      const verdict = judgeDrift({ metric, reference, current });
      expect(verdict.state).toBe(state);
      expect(Number.isFinite(verdict.score)).toBe(true);
      if (typeof phrase !== "string") expect(verdict.explanation).toMatch(phrase);
      else expect(verdict.explanation).toContain(phrase);
    });
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
          const isShort = Math.min(one.length, other.length) < 30;
          expect(verdict.state === "insufficient_data").toBe(isShort);
          expect(verdict.score === null).toBe(isShort);
          expect(verdict.explanation).toMatch(/^[A-Z].+\.$/);
          expect(verdict.explanation).not.toMatch(/undefined|Infinity|in :/);
          expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
        },
      ),
    );
  });
});
