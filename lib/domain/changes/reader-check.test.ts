import { describe, expect, it } from "vitest";
import { checkReaders, neverSeenValues, type OtherReader } from "./reader-check";

const categories = (counts: Record<string, number>, other = 0) => ({
  values: Object.keys(counts),
  counts: Object.values(counts),
  other,
});

describe("neverSeenValues", () => {
  it.each<[string, ReturnType<typeof categories>, ReturnType<typeof categories>, string[] | null]>([
    ["the same values", categories({ a: 1, b: 2 }), categories({ b: 9, a: 1 }), []],
    ["fewer values", categories({ a: 1, b: 2 }), categories({ b: 9 }), []],
    ["new values, the most frequent first", categories({ a: 1 }), categories({ c: 2, a: 1, d: 5 }), ["d", "c"]],
    ["a value that is listed and does not occur", categories({ a: 1, c: 0 }), categories({ a: 1, c: 1, d: 0 }), ["c"]],
    ["values that were not all listed", categories({ a: 1 }, 3), categories({ c: 2 }), null],
    ["further values that are not listed", categories({ a: 1 }), categories({ c: 2 }, 7), ["c"]],
  ])("of %s", (_, trained, proposed, expected) => {
    expect(neverSeenValues(trained, proposed)).toEqual(expected);
  });
});

describe("checkReaders", () => {
  const reader = (model: string, neverSeen: string[] | null): OtherReader => ({
    model,
    modelVersion: 3,
    trainedOn: 1,
    neverSeen,
  });
  it.each<[OtherReader[], boolean, RegExp]>([
    [[], true, /^No model in use was trained on another version\.$/],
    [[reader("late", ["c"])], false, /^`late` v3 was trained on version 1, .* values that it never saw: `c`\.$/],
    [[reader("late", [])], true, /has all values/],
    [[reader("late", null)], false, /would receive the values of another/],
    [
      [reader("fine", []), reader("late", ["c", "d", "e", "f", "g", "h"])],
      false,
      /^`late`.*`c`, `d`, `e`, `f`, `g` and 1 more\. `fine`/,
    ],
    [["a", "b", "c", "d"].map((name) => reader(name, null)), false, /1 more were trained on others\.$/],
  ])("names who was trained on what: %o", (readers, passed, sentence) => {
    const check = checkReaders(readers);
    expect(check).toMatchObject({ name: "readers", grade: "soft", passed });
    expect(check.sentence).toMatch(sentence);
  });
});
