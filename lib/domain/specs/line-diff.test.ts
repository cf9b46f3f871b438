import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineDiff } from "./line-diff";

const signs = { same: " ", added: "+", removed: "-" };
const show = (before: string, after: string) => lineDiff(before, after).map(({ kind, text }) => signs[kind] + text);

describe("lineDiff", () => {
  it.each<[string, string, string[]]>([
    ["", "", []],
    ["a\nb\n", "a\nb\n", [" a", " b"]],
    ["a\nb\nc\n", "a\nx\nc\n", [" a", "-b", "+x", " c"]],
    ["", "a\n", ["+a"]],
    ["a\n\nb", "a\nb", [" a", "-", " b"]],
  ])("%j → %j", (before, after, expected) => {
    expect(show(before, after)).toEqual(expected);
  });

  it("gives both texts back", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const [before, after] = [one, other].map((lines) => lines.map((line) => `${line}\n`).join("")) as [
          string,
          string,
        ];
        const lines = lineDiff(before, after);
        const side = (not: "added" | "removed") =>
          lines
            .filter(({ kind }) => kind !== not)
            .map(({ text: line }) => `${line}\n`)
            .join("");
        expect([side("added"), side("removed")]).toEqual([before, after]);
      }),
    );
  });
});
