import { describe, expect, it } from "vitest";
import { parseRowCondition } from "./row-condition";

describe("parseRowCondition", () => {
  it.each([
    ['col("delay") >= 0', { kind: "compare", column: "delay", operator: ">=", value: 0 }],
    ["id > 9007199254740993", { kind: "compare", column: "id", operator: ">", value: "9007199254740993" }],
    ["id in [7, -9007199254740993]", { kind: "in", column: "id", values: [7, "-9007199254740993"] }],
    ["delay >= -1.5e2", { kind: "compare", column: "delay", operator: ">=", value: -150 }],
    ["origin == 'it\\'s'", { kind: "compare", column: "origin", operator: "=", value: "it's" }],
    ["late != true", { kind: "compare", column: "late", operator: "<>", value: true }],
    ['col("a b").notNull()', { kind: "notNull", column: "a b" }],
    ["`a b` is null", { kind: "null", column: "a b" }],
    ["a is not null", { kind: "notNull", column: "a" }],
    ["a.isna()", { kind: "null", column: "a" }],
    ["origin in [\"ATL\", 'ORD']", { kind: "in", column: "origin", values: ["ATL", "ORD"] }],
    ["a in ()", { kind: "in", column: "a", values: [] }],
    ['col("a") not in [1, -2.5]', { kind: "not", part: { kind: "in", column: "a", values: [1, -2.5] } }],
    ['col("day") < date("2001-07-01")', { kind: "compare", column: "day", operator: "<", value: "2001-07-01" }],
    ["not (a == 1)", { kind: "not", part: { kind: "compare", column: "a", operator: "=", value: 1 } }],
  ])("reads %s", (text, expected) => {
    expect(parseRowCondition(text)).toEqual(expected);
  });

  it.each(["(", "not ", "~", "not ("])("refuses %j nested without end, and reads what people nest", (opening) => {
    const nested = (levels: number) =>
      `${opening.repeat(levels)}a == 1${")".repeat(opening.endsWith("(") ? levels : 0)}`;
    expect(() => parseRowCondition(nested(20))).not.toThrow();
    expect(() => parseRowCondition(nested(50_000))).toThrow("expected at most 50 levels");
  });

  it("binds and before or", () => {
    const parsed = parseRowCondition("a == 1 or b == 2 & c == 3");
    expect(parsed).toMatchObject({
      kind: "or",
      parts: [{ column: "a" }, { kind: "and", parts: [{ column: "b" }, { column: "c" }] }],
    });
  });

  it.each([
    "",
    "a",
    "a ==",
    "a == b",
    "(a == 1",
    "a == 1 b == 2",
    "a; drop table x",
    "a == 1 --",
    "f(a) == 1",
    "col(a) == 1",
    "a.sum() == 1",
    "a.constructor()",
    "a in 1",
    "a in [1, 2)",
    "a in [1 2]",
    "a in [b]",
    "a not 1",
    "a < date(b)",
  ])("refuses `%s` and says where", (text) => {
    expect(() => parseRowCondition(text)).toThrow(/cannot be read at .* expected/);
  });
});
