import { binomialTail } from "../statistics/binomial-tail";
import type { Measurement } from "./types";

/** `disjoint` and `overlap` are proofs, or as good as: a chance below one in a million of being wrong. */
type Evidence = "disjoint" | "overlap" | "inconclusive";

export interface WeighedEvidence {
  outcome: Evidence;
  /** Some measurements prove what others refute. */
  conflicting: boolean;
}

const NEGLIGIBLE = 1e-6;

/** What one measurement shows. `testUnits`, when known, tells a probe of all test keys from a probe of some. */
function weighMeasurement(measurement: Measurement, testUnits?: number): Evidence {
  switch (measurement.method) {
    case "exact":
      if (measurement.intersection > 0) return "overlap";
      // Rows of nobody known may be of somebody on the other side.
      return measurement.withoutUnit ? "inconclusive" : "disjoint";
    case "bloom": {
      const { queries, hits, fpr } = measurement;
      if (hits === 0) return queries > 0 && queries >= (testUnits ?? 0) ? "disjoint" : "inconclusive";
      return binomialTail(queries, fpr, hits) < NEGLIGIBLE ? "overlap" : "inconclusive";
    }
    case "theta":
      if (measurement.common > 0) return "overlap";
      return measurement.exact && !measurement.withoutUnit ? "disjoint" : "inconclusive";
    case "hll":
      return measurement.lowerBound > 0 ? "overlap" : "inconclusive";
  }
}

/** What several measurements of one estimator show together: an exact count decides; otherwise an overlap outweighs. Null for none. */
export function weighMeasurements(measurements: readonly Measurement[], testUnits?: number): WeighedEvidence | null {
  if (measurements.length === 0) return null;
  const weigh = (some: readonly Measurement[]) => some.map((measurement) => weighMeasurement(measurement, testUnits));
  const all = weigh(measurements);
  const exact = weigh(measurements.filter((measurement) => measurement.method === "exact"));
  const deciding = exact.length > 0 ? exact : all;
  const outcome = (["overlap", "disjoint"] as const).find((evidence) => deciding.includes(evidence));
  return {
    outcome: outcome ?? "inconclusive",
    conflicting: all.includes("overlap") && all.includes("disjoint"),
  };
}
