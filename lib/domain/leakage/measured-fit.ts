import { CONSUMER, SEARCH } from "./codes";
import type { UnitIntersection } from "./unit-keys";
import type { Measurement } from "./types";

/** What was counted of one fit and the test rows, or why nothing was. */
export interface MeasuredFit {
  /** An estimator, or `CONSUMER` or `SEARCH`. */
  estimator: string;
  measurement: Measurement | null;
  /** With figures, in a sentence. */
  text: string;
}

const many = (count: number, noun: string) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

/** What people call a fit. */
export function fitInWords(estimator: string, model: string | undefined): string {
  const name = model === undefined ? "the model" : `\`${model}\``;
  if (estimator === CONSUMER) return `${name} itself`;
  return estimator === SEARCH ? `the choice of ${name}'s parameters` : `\`${estimator}\``;
}

/** A measurement in a sentence: `unit` are the columns that tell units apart. */
export function describeMeasurement(measurement: Measurement, unit: readonly string[]): string {
  const units = `units of ${unit.join(", ")}`;
  switch (measurement.method) {
    case "exact": {
      const { intersection, testRows, withoutUnit = 0 } = measurement;
      if (intersection > 0) {
        const share = testRows ? `, to which ${testRows.shared.toLocaleString("en")} of ${many(testRows.of, "test row")} belong${testRows.shared === 1 ? "s" : ""}` : ""; // prettier-ignore
        return `Counted exactly, the two share ${many(intersection, "unit")} of ${unit.join(", ")}${share}.`;
      }
      const none = `Counted exactly, ${testRows ? `none of ${many(testRows.of, "test row")} belongs to a unit of ${unit.join(", ")} of the fit` : `the two share no unit of ${unit.join(", ")}`}`; // prettier-ignore
      return withoutUnit > 0 ? `${none}, but ${many(withoutUnit, "row")} ${withoutUnit === 1 ? "lacks" : "lack"} a value of ${unit.join(", ")}, and whose they are nobody knows.` : `${none}.`; // prettier-ignore
    }
    case "theta": {
      const { common, exact, withoutUnit = 0 } = measurement;
      if (common > 0)
        return `Sketches of both sides share ${many(common, "hash").replace(/hashs$/, "hashes")} of ${units}.`;
      if (!exact)
        return `Sketches of both sides share no hash of ${units}, but they do not hold all of them: a small overlap can be missed.`;
      const none = `Sketches, which hold all ${units} of both sides, share none`;
      return withoutUnit > 0 ? `${none}, but ${many(withoutUnit, "row")} ${withoutUnit === 1 ? "lacks" : "lack"} a value of ${unit.join(", ")}.` : `${none}.`; // prettier-ignore
    }
    case "bloom":
      return `Of ${many(measurement.queries, "test key")} a Bloom filter of the fit knows ${measurement.hits.toLocaleString("en")}; its false-positive rate is ${measurement.fpr}.`;
    case "hll":
      return `HyperLogLog sketches put the units of both sides at no fewer than ${measurement.lowerBound.toLocaleString("en")}.`;
  }
}

/** An exact count as the leakage rules read it. */
export function toMeasurement(estimator: string, found: UnitIntersection): Measurement {
  const withoutUnit = found.withoutUnit.fit + found.withoutUnit.test;
  const testRows = { shared: found.sharedTestRows, of: found.rows.test };
  return { estimator, method: "exact", intersection: found.common, testRows, ...(withoutUnit > 0 && { withoutUnit }) }; // prettier-ignore
}
