import { describe, expect, it } from "vitest";
import { isExpected, isValueOf } from "./test-values";

describe("isValueOf", () => {
  it.each([
    ["bigint", 9007199254740991, true],
    ["bigint", 9007199254740992, false],
    ["bigint", "9223372036854775807", true],
    ["bigint", "9223372036854775808", false],
    ["bigint", 1.5, false],
    ["double", "NaN", true],
    ["double", "Infinity", true],
    ["double", "1.5", false],
    ["boolean", "true", false],
    ["date", "2001-02-28", true],
    ["date", "2001-02-28T00:00:00Z", false],
    ["timestamp", "2001-02-28 10:00", true],
    ["timestamp", "yesterday", false],
    ["vector", [1, "NaN", null], true],
    ["vector", ["one"], false],
    ["strings", ["one"], true],
    ["strings", "one", false],
    ["string", null, true],
  ] as const)("%s %j: %s", (type, value, expected) =>
    expect(isValueOf(type, Array.isArray(value) ? [...value] : (value as string))).toBe(expected),
  );
});

describe("isExpected", () => {
  it.each([
    ["double", 0.3, 0.1 + 0.2, undefined, true],
    ["double", 1e12, 1e12 + 100, undefined, true],
    ["double", 1e12, 1e12 + 10_000, undefined, false],
    ["double", 1, 1.01, 0.02, true],
    ["double", 1, 1.03, 0.02, false],
    ["double", "NaN", Number.NaN, undefined, true],
    ["double", "-Infinity", Number.POSITIVE_INFINITY, undefined, false],
    ["double", null, 0, 1000, false],
    ["bigint", "9223372036854775807", "9223372036854775807", undefined, true],
    ["bigint", 3, "3", undefined, true],
    ["bigint", 3, 4, 10, false],
    ["timestamp", "2001-01-01T02:00:00+02:00", "2001-01-01 00:00:00", undefined, true],
    ["date", "2001-01-01", "2001-01-01T00:00:00.000Z", undefined, true],
    ["vector", [1, 2], [1, 2.0000000001], undefined, true],
    ["vector", [1, 2], [1, 2, 3], undefined, false],
    ["strings", ["a"], ["b"], undefined, false],
    ["boolean", false, null, undefined, false],
  ] as const)("%s: %j and %j within %s: %s", (type, one, other, tolerance, expected) =>
    expect(isExpected(type, one, other, tolerance)).toBe(expected),
  );
});
