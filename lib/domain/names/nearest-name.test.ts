import { distance } from "fastest-levenshtein";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, nearest, nearestNames } from "./nearest-name";

describe("nearest", () => {
  it.each([
    ["cvs", ["csv", "parquet"], "csv"],
    ["KMEAN", ["KMeans", "IDF"], "KMeans"],
    ["mutual_information", ["missing_rate", "psi"], undefined],
    ["ab", ["ba", "abcd"], "ba"],
    ["x", [], undefined],
  ])("%s among %j is %s", (name, known, expected) => {
    expect(nearest(name, known)).toBe(expected);
    expect(didYouMean(name, known)).toBe(expected ? ` Did you mean ${expected}?` : "");
  });
});

describe("nearestNames", () => {
  it("is every known name within a third of the length, by distance and name, at most three", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "C", "_"), maxLength: 9 });
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 12 }), word, (known, name) => {
        const within = known
          .map((other) => ({ other, away: distance(name.toLowerCase(), other.toLowerCase()) }))
          .filter(({ away }) => away <= Math.max(1, Math.floor(name.length / 3)))
          .sort((one, two) => one.away - two.away || (one.other < two.other ? -1 : 1));
        expect(nearestNames(known)(name)).toEqual(within.slice(0, 3).map(({ other }) => other));
      }),
    );
  });
});
