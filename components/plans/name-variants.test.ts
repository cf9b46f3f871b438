import { describe, expect, it } from "vitest";
import { forksOf, letterOf, nameVariants } from "./name-variants";

it("letterOf counts as a spreadsheet does", () => {
  expect([0, 1, 25, 26, 27, 51, 52, 99, 701, 702].map(letterOf)).toEqual([
    "A", "B", "Z", "AA", "AB", "AZ", "BA", "CV", "ZZ", "AAA",
  ]); // prettier-ignore
});

const choices = ["kmeans", "bands"].flatMap((segment) =>
  ["logistic", "tree"].map((model) => ({ "f.late": model, "a.segment": segment, "a.traffic": "traffic" })),
);
const variants = choices.map((choice) => ["traffic", choice["a.segment"], "assemble", choice["f.late"]]);

describe("forksOf", () => {
  it("names columns with more than one producer, upstream first", () => {
    expect(forksOf(variants, choices)).toEqual([
      { column: "a.segment", producers: ["kmeans", "bands"] },
      { column: "f.late", producers: ["logistic", "tree"] },
    ]);
  });

  it("does not take a column that only some variants need for a fork", () => {
    expect(forksOf([["a"], ["b", "c"]], [{ x: "a" }, { x: "b", y: "c" }])).toEqual([
      { column: "x", producers: ["a", "b"] },
    ]);
  });
});

describe("nameVariants", () => {
  it("says what distinguishes each", () => {
    expect(nameVariants(choices, forksOf(variants, choices)).map(({ letter, text }) => `${letter} ${text}`)).toEqual([
      "A kmeans + logistic",
      "B kmeans + tree",
      "C bands + logistic",
      "D bands + tree",
    ]);
  });

  it("names a stage once that writes two forked columns", () => {
    const both = [{ x: "one", y: "one" }, { x: "two", y: "three" }]; // prettier-ignore
    const names = nameVariants(both, forksOf([["one"], ["two", "three"]], both));
    expect(names.map(({ text }) => text)).toEqual(["one", "two + three"]);
  });

  it("has words for an only variant", () => {
    expect(nameVariants([{ x: "a" }], [])).toEqual([{ letter: "A", producers: [], text: "the only variant" }]);
  });
});
