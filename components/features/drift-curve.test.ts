import { describe, expect, it } from "vitest";
import type { DriftCell } from "@/lib/contracts/drift";
import { curveOf, worstOf } from "./drift-curve";

const cell = (window: string, more: Partial<DriftCell>): DriftCell => ({
  window,
  isReference: false,
  isPartial: false,
  state: "fine",
  metric: null,
  score: null,
  severity: null,
  warn: null,
  critical: null,
  because: null,
  missing: null,
  rows: 100,
  explanation: "",
  shares: [],
  ...more,
});
const psi = { metric: "psi", warn: 0.1, critical: 0.25 };
const ks = { metric: "ks_p", warn: 0.05, critical: 0.01 };
const reference = cell("2001-01", { isReference: true });
const fine = cell("2001-02", { ...psi, score: 0.05, severity: 0.5 });
const critical = cell("2001-03", { ...psi, score: 0.4, severity: 4, state: "critical" });
const few = cell("2001-04", { ...psi, state: "insufficient_data" });
const unlikely = cell("2001-05", { ...ks, score: 0.02, severity: 2.5, state: "warn" });
const calibrated = cell("2001-06", { ...psi, warn: 0.2, score: 0.3, severity: 1.5, state: "warn" });

describe("curveOf", () => {
  it.each([
    ["scores of one distance", [reference, fine, critical, few], "psi", 0.1, 0.25, [null, 0.05, 0.4, null]],
    ["severities where figures differ", [reference, fine, unlikely], null, 1, null, [null, 0.5, 2.5]],
    ["severities of a probability, as less of it is worse", [reference, unlikely], null, 1, null, [null, 2.5]],
    ["severities where thresholds differ", [fine, calibrated], null, 1, null, [0.5, 1.5]],
  ])("draws %s", (_, cells, figure, warn, limit, values) => {
    const curve = curveOf(cells);
    expect(curve).toMatchObject({ figure, warn, critical: limit });
    expect(curve.points.map(({ value }) => value)).toEqual(values);
  });
});

describe("worstOf", () => {
  it.each([
    ["the greatest severity, whatever its figure", [fine, unlikely, critical, few], "2001-03"],
    ["the first of equals", [unlikely, cell("2001-07", { ...psi, severity: 2.5 })], "2001-05"],
    ["nothing where nothing was judged", [reference, few], undefined],
  ])("is %s", (_, cells, window) => {
    expect(worstOf(cells)?.window).toBe(window);
  });
});
