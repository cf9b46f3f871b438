import { describe, expect, it } from "vitest";
import { formatCount, group } from "./format-count";

describe("formatCount", () => {
  it.each([
    ["0", "0", true],
    ["4", "4", true],
    ["1024", "1,024", true],
    ["999999999", "999,999,999", true],
    ["1000000000", "10⁹", true],
    ["1024000000", "1.02 × 10⁹", false],
    ["1267650600228229401496703205376", "1.26 × 10³⁰", false],
    ["5000000000", "5 × 10⁹", true],
    [`1${"0".repeat(120)}`, "10¹²⁰", true],
  ])("%s", (total, text, isExact) => {
    expect(formatCount(total)).toEqual({ text, isExact });
  });

  it("cuts instead of rounding up, because the number may be a lower bound", () => {
    expect(formatCount("9999999999").text).toBe("9.99 × 10⁹");
  });
});

it("group puts commas between thousands", () => {
  expect([group("1"), group("123"), group("1234"), group("1234567")]).toEqual(["1", "123", "1,234", "1,234,567"]);
});
