import { describe, expect, it } from "vitest";
import { isoOf, microsecondsOf } from "./instant";

const NEW_YEAR = Date.UTC(2024, 0, 1) * 1000;

describe("microsecondsOf", () => {
  it.each<[string, "up" | "down", number]>([
    ["2024-01-01", "down", NEW_YEAR],
    ["2024-01-01T00:00", "down", NEW_YEAR],
    ["2024-01-01 00:00:00", "down", NEW_YEAR],
    ["2024-01-01T00:00:00Z", "down", NEW_YEAR],
    ["2024-01-01T01:00:00+01:00", "down", NEW_YEAR],
    ["2023-12-31T19:00:00-0500", "down", NEW_YEAR],
    ["2024-01-01T00:00:00.5", "down", NEW_YEAR + 500_000],
    ["2024-01-01T00:00:00.000001", "down", NEW_YEAR + 1],
    ["2024-01-01T00:00:00.0000001", "down", NEW_YEAR],
    ["2024-01-01T00:00:00.0000001", "up", NEW_YEAR + 1],
    ["2024-01-01T00:00:00.000001000", "up", NEW_YEAR + 1],
    ["1969-12-31T23:59:59.999999", "down", -1],
  ])("%s rounded %s", (text, rounding, expected) => {
    expect(microsecondsOf(text, rounding)).toBe(expected);
  });

  it.each(["", "yesterday", "2024-13-01", "2024-02-30", "2024-01-01T25:00:00", "2024-1-1", "2024-01-01T00:00:00 UTC"])(
    "refuses %j",
    (text) => {
      expect(() => microsecondsOf(text, "down")).toThrow(expect.objectContaining({ code: "invalid" }));
    },
  );
});

describe("isoOf", () => {
  it.each([
    [NEW_YEAR, "2024-01-01"],
    [NEW_YEAR + 1_500_000, "2024-01-01T00:00:01.500Z"],
    [NEW_YEAR + 999, "2024-01-01"],
  ])("%i", (microseconds, expected) => {
    expect(isoOf(microseconds)).toBe(expected);
  });
});
