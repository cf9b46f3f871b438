import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toRe2, whyNotRe2 } from "./re2";
import { readSuite } from "./suite-json";

describe("whyNotRe2", () => {
  it.each([
    ["^(?!.*\\.\\.).+$", "it has a look-ahead, which RE2 lacks"],
    ["(?<=a)b", "it has a look-behind, which RE2 lacks"],
    ["(a)\\1", "it has a back-reference, which RE2 lacks"],
    ["(?>a)", "it has an atomic group, which RE2 lacks"],
    ["a++", "it has a possessive quantifier, which RE2 lacks"],
    ["[", expect.stringContaining("missing") as string],
    ["a{1001}", expect.stringContaining("repeat") as string],
    ["\\Z", expect.stringContaining("escape") as string],
  ])("%s: %s", (regex, why) => {
    expect(whyNotRe2(regex)).toEqual(why);
  });

  it.each([
    "^[a-z]+$",
    "a{3}",
    "(?<name>x)",
    "(?P<n>x)",
    "\\u00e9",
    "[[:alpha:]]",
    "\\p{L}+",
    "(?i)x",
    "\\(\\?!",
    "\\\\1",
  ])("runs %s", (regex) => {
    expect(whyNotRe2(regex)).toBeNull();
  });

  it("translates what is only written otherwise", () => {
    expect(toRe2("(?<name>\\u00e9)\\\\u0041")).toBe("(?P<name>\\x{00e9})\\\\u0041");
  });
});

it("refuses a suite with a look-ahead when it is imported", () => {
  const suite: unknown = JSON.parse(readFileSync("test/fixtures/regex-suite.json", "utf8"));
  expect(() => readSuite(suite)).toThrow(/look-ahead/);
});
