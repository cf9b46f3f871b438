import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConceptMetric, ConceptMonitorDefinition } from "../definitions/concept-monitor";
import {
  bandOf,
  endOfWindow,
  type EvaluationPeriod,
  type JoinedWindow,
  judgeConcept,
  worseP,
} from "./concept-verdicts";

const monitor = (rest: Partial<ConceptMonitorDefinition> = {}): ConceptMonitorDefinition => ({
  kind: "Monitor",
  name: "m",
  drift: "concept",
  model: "late_model",
  metric: "log_loss",
  window: "month",
  ...rest,
});
const joined = (value: number | null, n = 1000, variance: number | null = 0.25) => ({
  n,
  missingPredictions: 0,
  missingLabels: 0,
  figure: value === null ? null : { value, variance },
  positives: 300,
});
const evaluation = (value: number | null, n?: number, variance?: number | null): EvaluationPeriod => ({
  ...joined(value, n, variance),
  words: "the test part of version 1",
});
const window = (value: number | null, n?: number, variance?: number | null): JoinedWindow => ({
  ...joined(value, n, variance),
  from: "2001-06-01T00:00:00.000Z",
  to: "2001-07-01T00:00:00.000Z",
});
const judge = (before: EvaluationPeriod | null, now: JoinedWindow, rest: Partial<ConceptMonitorDefinition> = {}) =>
  judgeConcept(monitor(rest), { feature: "flight.p", versionId: "v" }, before, [now])[0]!;

describe("a window against the evaluation period", () => {
  it.each([
    // Standard error √(0.25/1000 · 2) = 0.02236: 0.03 is z 1.342, p 0.0898; 0.045 is z 2.012, p 0.0222; 0.06 is z 2.683, p 0.0037.
    ["within chance", 0.53, "fine", 0.0899],
    ["worse", 0.545, "warn", 0.0222],
    ["much worse", 0.56, "critical", 0.0037],
    ["better", 0.4, "fine", 1],
    ["the same", 0.5, "fine", 0.5],
  ] as const)("is %s", (_, value, state, p) => {
    const verdict = judge(evaluation(0.5), window(value));
    expect(verdict.state).toBe(state);
    expect(verdict.score).toBeCloseTo(p, 3);
    expect(verdict.severity).toBeCloseTo(0.05 / (verdict.score as number), 9);
    expect(verdict.details).toMatchObject({
      value,
      n: 1000,
      evaluation: { value: 0.5, words: "the test part of version 1" },
    });
  });

  it("turns the direction round where more is better", () => {
    expect(judge(evaluation(0.7, 1000, 0.0001), window(0.66, 1000, 0.0001), { metric: "auc" }).state).toBe("critical");
    expect(judge(evaluation(0.7, 1000, 0.0001), window(0.74, 1000, 0.0001), { metric: "auc" }).state).toBe("fine");
  });

  it("does not alarm below the minimum difference, nor rank it as an alarm", () => {
    const verdict = judge(evaluation(0.5, 1e6), window(0.505, 1e6), { minEffect: 0.01 });
    expect(verdict).toMatchObject({ state: "fine" });
    expect(verdict.severity).toBeLessThan(1);
    expect(verdict.explanation).toContain("less than the minimum difference");
    expect(judge(evaluation(0.5, 1e6), window(0.505, 1e6)).state).toBe("critical");
  });

  it.each([
    ["too few rows", evaluation(0.5), window(0.9, 29), {}, "at least 30"],
    ["no rows at all", evaluation(0.5), window(null, 0), {}, "0 rows"],
    ["no evaluation period", null, window(0.9), {}, "nothing to compare with"],
    ["a small evaluation period", evaluation(0.5, 12), window(0.9), {}, "12 rows"],
    ["a window without positives", evaluation(0.7), { ...window(null), positives: 0 }, { metric: "auc" }, "is a no"],
    ["a window of positives only", evaluation(0.7), { ...window(null), positives: 1000 }, { metric: "auc" }, "is a yes"],
    ["an evaluation period of one class", evaluation(null), window(0.7), { metric: "auc" }, "only one class"],
    ["an area whose variance is unknown", evaluation(0.7), window(0.7, 1000, null), { metric: "auc" }, "too few"],
  ] as const)("says why there is too little data: %s", (_, before, now, rest, words) => {
    const verdict = judge(before, now, rest);
    expect(verdict).toMatchObject({ state: "insufficient_data", score: null, severity: null });
    expect(verdict.explanation).toContain(words);
  }); // prettier-ignore

  it("says that outcomes are still to come", () => {
    expect(judge(evaluation(0.5), { ...window(null, 0), missingLabels: 4321 }).explanation).toContain(
      "4,321 predictions have not arrived",
    );
  });

  it("has finite figures whatever comes", () => {
    const figures = fc.record({
      n: fc.integer({ min: 0, max: 1e7 }),
      value: fc.double({ min: 0, max: 1, noNaN: true }),
      variance: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    });
    const metrics = fc.constantFrom<ConceptMetric>("log_loss", "brier", "error", "auc", "squared_error");
    fc.assert(
      fc.property(figures, figures, metrics, (one, other, metric) => {
        const verdict = judge(
          evaluation(one.value, one.n, one.variance),
          window(other.value, other.n, other.variance),
          { metric },
        );
        const { value, lower, upper, p } = verdict.details;
        for (const number of [verdict.score, verdict.severity, value, lower, upper, p])
          expect(number === null || Number.isFinite(number)).toBe(true);
        if (verdict.state === "warn" || verdict.state === "critical")
          expect(verdict.severity).toBeGreaterThanOrEqual(1);
        if (verdict.state === "fine") expect(verdict.severity).toBeLessThanOrEqual(1);
        if (value !== null && lower !== null && upper !== null)
          expect(lower <= value + 1e-12 && value <= upper + 1e-12).toBe(true);
      }),
    );
  });

  it("is worse one way exactly as much as it is better the other way, and never more certain with a smaller difference", () => {
    const value = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const there = worseP("log_loss", joined(one), joined(other)) as number;
        const back = worseP("log_loss", joined(other), joined(one)) as number;
        expect(there + back).toBeCloseTo(1, 9);
        const nearer = worseP("log_loss", joined(one), joined((one + other) / 2)) as number;
        expect(Math.abs(nearer - 0.5)).toBeLessThanOrEqual(Math.abs(there - 0.5) + 1e-12);
      }),
    );
  });

  it("has a band at 95 %", () => {
    // t(0.975; 99) = 1.98422.
    const band = bandOf("log_loss", joined(0.5, 100, 0.25));
    expect(band?.upper).toBeCloseTo(0.5 + 1.98422 * 0.05, 5);
    expect(bandOf("error", joined(0, 100))?.upper).toBeGreaterThan(0);
    expect(bandOf("log_loss", joined(null, 0))).toBeNull();
  });
});

it.each([
  ["month", "2001-12-01T00:00:00.000Z", "2002-01-01T00:00:00.000Z"],
  ["week", "2001-12-31T00:00:00.000Z", "2002-01-07T00:00:00.000Z"],
  ["day", "2000-02-29T00:00:00.000Z", "2000-03-01T00:00:00.000Z"],
] as const)("a %s ends where the next begins", (window, from, to) => expect(endOfWindow(from, window)).toBe(to));
