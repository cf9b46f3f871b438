import { describe, expect, it } from "vitest";
import { SCHEMAS } from "./spec-documents-schema";

const head = { kind: "SplitPolicy", name: "p" };
const group = { ...head, type: "group", key: "household", salt: "s", parts: { train: 0.8, test: 0.2 } };
const random = { ...head, type: "random", source: "flights", seed: 7, parts: { train: 0.6, test: 0.4 } };
const stratified = { ...random, type: "stratified", stratify: "late" };
const byKey = { ...head, type: "kfold", folds: 5, test: 0.2, key: "household", salt: "" };
const byRow = { ...head, type: "kfold", folds: 5, source: "flights", seed: 7, stratify: "late" };

const parse = (raw: Record<string, unknown>) => SCHEMAS.SplitPolicy(raw).safeParse(raw);
const told = (raw: Record<string, unknown>) =>
  parse(raw).error?.issues.map(({ path, message }) => `${path.join(".")} ${message.replace("\t", ": ")}`) ?? [];
const without = (raw: Record<string, unknown>, member: string) =>
  Object.fromEntries(Object.entries(raw).filter(([key]) => key !== member));

describe("a split policy's document", () => {
  it.each([group, random, stratified, byKey, byRow])("$type is taken as it is", (raw) => {
    expect(parse(raw).data).toEqual(raw);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["shares below one", { ...random, parts: { train: 0.6, test: 0.3 } }, /^parts sums to 0.9, so some rows would be in none: shares that sum to 1$/], // prettier-ignore
    ["shares above one", { ...group, parts: { train: 0.8, test: 0.3 } }, /^parts sums to 1.1, so rows would be in two parts: /], // prettier-ignore
    ["a share of nothing", { ...random, parts: { train: 1, test: 0 } }, /^parts.test is no share: a number above 0$/],
    ["no part", { ...random, parts: {} }, /^parts is empty: at least one part$/],
    ["a share that is no whole bucket", { ...group, parts: { train: 2 / 3, test: 1 / 3 } }, /^parts.train has more than four decimals: /], // prettier-ignore
    ["a group without a key", without(group, "key"), /^key is missing: /],
    ["a group without a salt", without(group, "salt"), /^salt must be a text: /],
    ["a random policy without a seed", without(random, "seed"), /^seed must be a whole number: a seed such as 7$/],
    ["a random policy without a source", without(random, "source"), /^source is missing: /],
    ["a stratified policy without a column", without(stratified, "stratify"), /^stratify is missing: /],
    ["one fold", { ...byRow, folds: 1 }, /^folds is too few: at least 2 folds$/],
    ["half a fold", { ...byRow, folds: 2.5 }, /^folds must be a whole number: /],
    ["folds by nothing", { ...head, type: "kfold", folds: 5 }, /^key is missing: either `key` and `salt`, or `source` and `seed`$/], // prettier-ignore
    ["folds by two things", { ...byKey, source: "flights", seed: 7 }, /^source says a second time/],
    ["folds by a key without a salt", without(byKey, "salt"), /^salt is missing: /],
    ["folds of rows without a seed", without(byRow, "seed"), /^seed is missing: /],
    ["stratified folds of a key", { ...byKey, stratify: "late" }, /^stratify says nothing of a hash: /],
    ["a test share of everything", { ...byRow, test: 1 }, /^test leaves nothing for the folds: /],
    ["an unknown type", { ...group, type: "groups" }, /^type is not a type of split policy: one of time, hash, group, random, stratified, kfold$/], // prettier-ignore
  ])("is refused with %s", (_, raw, message) => {
    expect(told(raw).some((one) => message.test(one))).toBe(true);
  });

  it("takes thirds, whose sum is one but for their binary fractions", () => {
    const thirds = { a: 0.1, b: 0.2, c: 0.7 };
    expect(parse({ ...random, parts: thirds }).success).toBe(true);
    expect(parse({ ...random, parts: { a: 1 / 3, b: 1 / 3, c: 1 / 3 } }).success).toBe(true);
  });
});
