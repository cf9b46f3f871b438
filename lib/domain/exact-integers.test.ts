import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOfJson, withExactIntegers } from "./exact-integers";

describe("withExactIntegers", () => {
  it.each<[unknown, unknown]>([
    [7n, 7],
    [-9007199254740991n, -9007199254740991],
    [9007199254740993n, "9007199254740993"],
    [
      { a: [1n, { b: 9223372036854775798n }], c: "x", d: null },
      { a: [1, { b: "9223372036854775798" }], c: "x", d: null },
    ],
    [1.5, 1.5],
  ])("turns %o into plain JSON", (given, expected) => {
    expect(withExactIntegers(given)).toEqual(expected);
  });

  it("keeps every digit", () => {
    fc.assert(
      fc.property(fc.bigInt(), (integer) => {
        expect(BigInt(withExactIntegers({ integer }).integer as unknown as string)).toBe(integer);
      }),
    );
  });

  it("ends where a value holds itself, and keeps a member of a dangerous name a member", () => {
    const circle: Record<string, unknown> = { n: 1n };
    circle.self = circle;
    expect(withExactIntegers(circle).n).toBe(1);
    const named = JSON.parse('{"__proto__": 0}') as object;
    Object.defineProperty(named, "__proto__", { value: 2n, enumerable: true, writable: true, configurable: true });
    expect(Object.entries(withExactIntegers(named))).toEqual([["__proto__", 2]]);
  });
});

describe("textOfJson", () => {
  it.each<[unknown, string | undefined]>([
    [{ a: [9007199254740993n, 1.5, "x"] }, '{"a":["9007199254740993",1.5,"x"]}'],
    [7n, '"7"'],
    [undefined, undefined],
  ])("says %o", (given, text) => {
    expect(textOfJson(given)).toBe(text);
  });
});
