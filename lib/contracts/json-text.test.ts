import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTooDeep, MOST_LEVELS, parseJson, unstorableIn } from "./json-text";

/** A parsed value as JSON.parse would have it: with doubles. */
function rounded(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}

describe("the parser of JSON requests", () => {
  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(rounded(parseJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it("makes neither infinity nor zero of a number that no double holds", () => {
    for (const number of ["1e400", "-1E+400", "1e-400", `${"9".repeat(400)}.5`, `0.${"0".repeat(400)}1`])
      expect(() => parseJson(`{"a":[${number}]}`), number).toThrow(/beyond what a double holds/);
    expect(parseJson('["1e400", 1e100, 0e400, 0.0000000000000000, 5e-324]')).toEqual(["1e400", 1e100, 0, 0, 5e-324]);
  });

  it("keeps every digit of an integer", () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(BigInt(parseJson(String(value)) as number | bigint)).toBe(value);
      }),
    );
  });

  it.each<[string, unknown]>([
    ["9007199254740993", 9007199254740993n],
    ["-9007199254740993", -9007199254740993n],
    ["[9007199254740991, 1.5, 0.30000000000000004]", [9007199254740991, 1.5, 0.30000000000000004]],
    ['{"id": "9007199254740993"}', { id: "9007199254740993" }],
    ["18446744073709551615", 18446744073709551615n],
  ])("reads %s exactly", (text, value) => expect(parseJson(text)).toEqual(value));

  it.each(["", "{", "[1,]", "nul", '{"a":01}', '"\u0000"', "[12345678901234567890,]", "[1] 2"])("refuses %j", (text) =>
    expect(() => parseJson(text)).toThrow(SyntaxError),
  );

  it("refuses what is nested too deeply before it is parsed, and counts no bracket of a text", () => {
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(isTooDeep(parseJson(nested(MOST_LEVELS)))).toBe(false);
    expect(() => parseJson(nested(MOST_LEVELS + 1))).toThrow("nested deeper than 100 levels");
    expect(() => parseJson("[".repeat(20_000_000))).toThrow("nested deeper than 100 levels");
    expect(() => parseJson('{"a":'.repeat(1_000_000))).toThrow("nested deeper than 100 levels");
    expect(parseJson(JSON.stringify({ text: `\\"${"[".repeat(500)}` }))).toEqual({ text: `\\"${"[".repeat(500)}` });
  });

  it.each([
    ['{"a":1,"a":2}', "a"],
    ['{"a":1,"b":{"a":1},"\\u0061":1}', "a"],
    ['[{"":[{}, {"x":"a,b", "y":1, "x":"a,b"}]}]', "x"],
    ['{"id":9007199254740993,"id":9007199254740993}', "id"],
  ])("refuses %j, where one of two values would be lost", (text, name) =>
    expect(() => parseJson(text)).toThrow(`An object has "${name}" twice`),
  );

  it.each(['{"a":"a","b":["a","a"],"c":{"a":"b"}}', '[{"a":1},{"a":1}]', '{"a":{"a":{"a":1}},"b":",\\"a\\":"}'])(
    "takes %j, where nothing is twice",
    (text) => expect(parseJson(text)).toEqual(JSON.parse(text)),
  );

  it("finds what contains itself too deep", () => {
    const self: Record<string, unknown> = {};
    self.self = self;
    expect(isTooDeep(self)).toBe(true);
  });

  it.each<[string, (string | number)[] | null]>([
    ['{"a":["x","\\u0000"]}', ["a", 1]],
    ['{"a":"\\ud800"}', ["a"]],
    ['{"a":"\\ud83d\\ude00"}', null],
    ['{"\\u0000":1}', ["\0"]],
    ['{"__proto__":{"x":1}}', ["__proto__"]],
    ['{"\\u005f_proto__":12345678901234567890}', ["__proto__"]],
    ['{"a":"__proto__"}', null],
  ])("says what of %s cannot be kept", (text, path) => expect(unstorableIn(text, parseJson(text))).toEqual(path));
});
