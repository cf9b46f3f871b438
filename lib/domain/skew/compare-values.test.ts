import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareValues } from "./compare-values";

describe("compareValues", () => {
  it.each([
    ["1.0", "1.0", "double", "match"],
    ["0.30000000000000004", "0.3", "double", "match"],
    ["1.0", "1.00001", "double", "mismatch"],
    ["0.0", "-0.0", "double", "match"],
    ["0.0", "1e-300", "double", "mismatch"],
    ['"NaN"', '"NaN"', "double", "match"],
    ['"NaN"', "0.0", "double", "mismatch"],
    ['"Infinity"', '"-Infinity"', "double", "mismatch"],
    ["9007199254740993", "9007199254740992", "bigint", "mismatch"],
    ["9223372036854775807", "9223372036854775807", "bigint", "match"],
    ["[1.0,2.0]", "[1.0,2.0000000000000004]", "vector", "match"],
    ["[1.0,2.0]", "[1.0]", "vector", "mismatch"],
    ['["a"]', '["a"]', "strings", "match"],
    ['"a"', '"a "', "string", "mismatch"],
    ['"2001-07-01T00:00:00Z"', '"2001-07-01T00:00:00.000Z"', "timestamp", "match"],
    ["true", "false", "boolean", "mismatch"],
    ["null", "null", "double", "match"],
    [null, "null", "double", "match"],
    [null, "1.0", "double", "missingOnline"],
    ["null", "1.0", "double", "missingOnline"],
    ["1.0", null, "double", "missingOffline"],
    ['""', "null", "string", "missingOffline"],
  ] as const)("%s online and %s offline as %s: %s", (online, offline, type, outcome) => {
    expect(compareValues(online, offline, type)).toBe(outcome);
  });

  it("does not depend on the side, but for what is missing where", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (one, other) => {
        const text = (value: number) => JSON.stringify(Number.isFinite(value) ? value : String(value));
        expect(compareValues(text(one), text(other), "double")).toBe(compareValues(text(other), text(one), "double"));
        expect(compareValues(text(one), text(one), "double")).toBe("match");
      }),
    );
  });
});
