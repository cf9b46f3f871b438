import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../canonical-json";
import { definitionDiff } from "./definition-diff";

const json = fc.jsonValue({ maxDepth: 3 });

describe("definitionDiff", () => {
  it.each<[string, unknown, unknown, unknown[]]>([
    ["nothing", { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    [
      "a changed member",
      { params: { k: 5, seed: 7 } },
      { params: { seed: 7, k: 6 } },
      [{ path: "params.k", kind: "changed", before: 5, after: 6 }],
    ],
    ["an added member", { a: 1 }, { a: 1, ttl: 0 }, [{ path: "ttl", kind: "added", after: 0 }]],
    ["a removed member", { a: 1, owner: null }, { a: 1 }, [{ path: "owner", kind: "removed", before: null }]],
    ["an undefined member is an absent one", { a: undefined }, {}, []],
    ["null is a value", { a: null }, { a: 0 }, [{ path: "a", kind: "changed", before: null, after: 0 }]],
    ["a longer list", { inputs: ["x"] }, { inputs: ["x", "y"] }, [{ path: "inputs[1]", kind: "added", after: "y" }]],
    [
      "a shorter list",
      { inputs: ["x", "y"] },
      { inputs: ["y"] },
      [
        { path: "inputs[0]", kind: "changed", before: "x", after: "y" },
        { path: "inputs[1]", kind: "removed", before: "y" },
      ],
    ],
    [
      "a member of an item",
      [{ column: "a", type: "double" }],
      [{ column: "a", type: "string" }],
      [{ path: "[0].type", kind: "changed", before: "double", after: "string" }],
    ],
    ["another kind", { a: [1] }, { a: { 0: 1 } }, [{ path: "a", kind: "changed", before: [1], after: { 0: 1 } }]],
    ["a new definition", undefined, { a: 1 }, [{ path: "", kind: "added", after: { a: 1 } }]],
    ["a retired definition", { a: 1 }, undefined, [{ path: "", kind: "removed", before: { a: 1 } }]],
    [
      "names that are no identifiers",
      { "a.b": 1, "": 2, "1": 3 },
      {},
      [
        { path: '[""]', kind: "removed", before: 2 },
        { path: '["1"]', kind: "removed", before: 3 },
        { path: '["a.b"]', kind: "removed", before: 1 },
      ],
    ],
    ["names of every object's own", {}, { constructor: 1 }, [{ path: "constructor", kind: "added", after: 1 }]],
    [
      "in order of names",
      { b: 1, a: 1, C: 1 },
      { a: 2, b: 2, C: 2 },
      [
        { path: "C", kind: "changed", before: 1, after: 2 },
        { path: "a", kind: "changed", before: 1, after: 2 },
        { path: "b", kind: "changed", before: 1, after: 2 },
      ],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(definitionDiff(before, after)).toEqual(expected);
  });

  it("is empty exactly for values with the same canonical JSON", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(definitionDiff(before, after).length === 0).toBe(canonicalJson(before) === canonicalJson(after));
        expect(definitionDiff(before, structuredClone(before))).toEqual([]);
      }),
    );
  });

  it("turns round with its sides, and names every place once", () => {
    const opposite = { added: "removed", removed: "added", changed: "changed" } as const;
    fc.assert(
      fc.property(json, json, (before, after) => {
        const there = definitionDiff(before, after);
        const back = definitionDiff(after, before);
        expect(back).toEqual(
          there.map(({ path, kind, ...sides }) => ({
            path,
            kind: opposite[kind],
            ...("after" in sides && { before: sides.after }),
            ...("before" in sides && { after: sides.before }),
          })),
        );
        expect(new Set(there.map(({ path }) => path)).size).toBe(there.length);
      }),
    );
  });

  it("lists the leaves that differ and no others", () => {
    const flat = fc.dictionary(
      fc.constantFrom("a", "b", "c", "d"),
      fc.dictionary(fc.constantFrom("x", "y"), fc.nat(2)),
    );
    fc.assert(
      fc.property(flat, flat, (before, after) => {
        const expected = ["a", "b", "c", "d"].flatMap((outer) => {
          const [one, other] = [before[outer], after[outer]];
          if (!one || !other) return one || other ? [outer] : [];
          return ["x", "y"].filter((inner) => one[inner] !== other[inner]).map((inner) => `${outer}.${inner}`);
        });
        expect(definitionDiff(before, after).map(({ path }) => path)).toEqual(expected);
      }),
    );
  });
});
