import { describe, expect, it } from "vitest";
import type { SplitPolicyDefinition } from "./split-policy";
import { foldNames, partNames, splitColumnOf, toSplitRule } from "./split-rule";

const policy = (said: object) => ({ kind: "SplitPolicy", name: "p", ...said }) as SplitPolicyDefinition;

describe("toSplitRule", () => {
  it("makes a group policy a hash of 10,000 buckets, one range after another in the order of the parts' names", () => {
    const group = policy({ type: "group", key: "household", salt: "s", parts: { train: 0.7, validation: 0.1, test: 0.2 } }); // prettier-ignore
    expect(toSplitRule(group)).toEqual({
      by: "hash",
      algo: "md5-32",
      key: "household",
      salt: "s",
      buckets: 10_000,
      parts: { test: [[0, 2000]], train: [[2000, 9000]], validation: [[9000, 10_000]] },
    });
    expect(splitColumnOf(group)).toBe("household");
  });

  it("does not depend on the order of the parts, which a database does not keep", () => {
    const said = (parts: object) => JSON.stringify(toSplitRule(policy({ type: "group", key: "k", salt: "", parts })));
    expect(said({ train: 0.7, test: 0.3 })).toBe(said({ test: 0.3, train: 0.7 }));
    const drawn = (parts: object) => toSplitRule(policy({ type: "random", source: "s", seed: 1, parts }));
    expect(drawn({ train: 0.7, test: 0.3 })).toEqual(drawn({ test: 0.3, train: 0.7 }));
  });

  it("makes folds of a key equal ranges, behind which the held out share lies", () => {
    const folds = policy({ type: "kfold", folds: 3, test: 0.25, key: "household", salt: "s" });
    expect(toSplitRule(folds)).toMatchObject({
      buckets: 30_000,
      parts: {
        fold_0: [[0, 7500]],
        fold_1: [[7500, 15_000]],
        fold_2: [[15_000, 22_500]],
        test: [[22_500, 30_000]],
      },
    });
    expect(foldNames(folds)).toEqual(["fold_0", "fold_1", "fold_2"]);
    expect(partNames(folds)).toEqual(["fold_0", "fold_1", "fold_2", "test"]);
  });

  it("makes folds of rows an assignment, without a test part where nothing is held out", () => {
    const folds = policy({ type: "kfold", folds: 4, source: "flights", seed: 7, stratify: "late" });
    expect(toSplitRule(folds)).toEqual({
      by: "assignment",
      source: "flights",
      seed: 7,
      stratify: "late",
      shares: [["fold_0", 0.25], ["fold_1", 0.25], ["fold_2", 0.25], ["fold_3", 0.25]], // prettier-ignore
    });
    expect(splitColumnOf(folds)).toBeNull();
  });
});
