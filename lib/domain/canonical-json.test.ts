import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json";
import { DomainError } from "./errors";

describe("canonicalJson", () => {
  it.each<[string, unknown, string]>([
    ["sorts members", { b: 1, a: 2 }, '{"a":2,"b":1}'],
    ["sorts deep members", [{ z: { y: 1, x: 2 } }], '[{"z":{"x":2,"y":1}}]'],
    [
      "sorts by code unit, not by locale",
      { "€": 1, "\r": 2, "1": 3, ö: 4, "😀": 5, "\ufb33": 6 },
      '{"\\r":2,"1":3,"ö":4,"€":1,"😀":5,"\ufb33":6}',
    ],
    ["keeps the order of lists", [3, 1, 2], "[3,1,2]"],
    [
      "writes numbers as ECMAScript does",
      [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 1e-27, -0, 1e21],
      "[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1e+21]",
    ],
    ["escapes only what must be", '\u20ac$\u000f\nA\'B"\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\"/"'],
    ["keeps all digits of a bigint", [9007199254740993n, 7n], "[9007199254740993,7]"],
    ["keeps null", { a: null }, '{"a":null}'],
    ["leaves undefined members out", { a: undefined, b: true }, '{"b":true}'],
    ["writes dates as JSON does", { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ["repeats a shared value", ((shared) => [shared, shared])({ a: 1 }), '[{"a":1},{"a":1}]'],
    ["treats __proto__ as a name", JSON.parse('{"b":1,"__proto__":{"x":1}}'), '{"__proto__":{"x":1},"b":1}'],
  ])("%s", (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["undefined in a list", [undefined]],
    ["a hole in a list", [, 1]], // eslint-disable-line no-sparse-arrays
    ["NaN", { a: NaN }],
    ["an infinity", -Infinity],
    ["a function", () => 1],
    ["a lone surrogate", "a\ud800b"],
    ["a lone surrogate in a name", { "\udc00": 1 }],
    ["a cycle", cycle],
  ])("refuses %s", (_, value) => {
    expect(() => canonicalJson(value)).toThrow(DomainError);
  });

  it("names where the offending value is", () => {
    expect(() => canonicalJson({ params: [1, { k: NaN }] })).toThrow("params.1.k");
  });

  const json = fc.jsonValue({ maxDepth: 4 });

  it("does not depend on the order of members", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("is JSON of the same value, and equal only for equal values", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(JSON.parse(canonicalJson(one))).toEqual(JSON.parse(JSON.stringify(one)));
        const same = canonicalJson(one) === canonicalJson(other);
        expect(same).toBe(equal(one, other));
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).reverse();
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of entries) copy[key] = reversed(member);
  return copy;
}

function equal(one: unknown, other: unknown): boolean {
  try {
    expect(JSON.parse(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(other)));
    return true;
  } catch {
    return false;
  }
}
