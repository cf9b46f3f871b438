import { describe, expect, it } from "vitest";
import { countOutcomes, type ExperimentOutcome } from "./experiment";

describe("countOutcomes", () => {
  it.each<[(ExperimentOutcome | null)[], string]>([
    [[], "0"],
    [[null], "1"],
    [["invalidated", null], "2, one invalidated"],
    [["validated", "invalidated", "invalidated", "inconclusive"], "4, 2 invalidated, one validated, one inconclusive"],
  ])("%j is “%s”", (outcomes, expected) => expect(countOutcomes(outcomes)).toBe(expected));
});
