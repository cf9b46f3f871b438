import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readConditionJson, writeConditionJson } from "./condition-json";
import { type ConditionValue, formatRowCondition, parseRowCondition, type RowCondition } from "./row-condition";

type Row = Record<string, ConditionValue | null>;

/** Three-valued, as SQL: null is neither true nor false. */
function holds(condition: RowCondition, row: Row): boolean | null {
  switch (condition.kind) {
    case "and":
    case "or": {
      const decisive = condition.kind === "or";
      const parts = condition.parts.map((part) => holds(part, row));
      return parts.includes(decisive) ? decisive : parts.includes(null) ? null : !decisive;
    }
    case "not": {
      const part = holds(condition.part, row);
      return part === null ? null : !part;
    }
    case "null":
    case "notNull":
      return (row[condition.column] === null) === (condition.kind === "null");
    case "in": {
      const value = row[condition.column] ?? null;
      return value === null ? null : condition.values.includes(value);
    }
    case "compare": {
      const value = row[condition.column] ?? null;
      const { operator, value: other } = condition;
      if (value === null) return null;
      if (operator === "=") return value === other;
      if (operator === "<>") return value !== other;
      return { "<": value < other, "<=": value <= other, ">": value > other, ">=": value >= other }[operator];
    }
  }
}

const column = fc.constantFrom("a", 'b "c" \\ d');
const number = fc.integer({ min: -2, max: 2 });
const condition = fc.letrec<{ any: RowCondition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.record({
      kind: fc.constant("compare" as const),
      column,
      operator: fc.constantFrom("=" as const, "<>" as const, "<" as const, "<=" as const, ">" as const, ">=" as const),
      value: number,
    }),
    fc.record({ kind: fc.constant("in" as const), column, values: fc.array(number, { minLength: 1, maxLength: 3 }) }),
    fc.record({ kind: fc.constantFrom("null" as const, "notNull" as const), column }),
    fc.record({ kind: fc.constant("not" as const), part: tie("any") }),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      parts: fc.array(tie("any"), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).any;
const row = fc.dictionary(column, fc.option(number), { minKeys: 2, maxKeys: 2 });

describe("a condition's words", () => {
  it("are read to the same condition", () => {
    fc.assert(
      fc.property(condition, (given) => {
        const text = formatRowCondition(given);
        expect(formatRowCondition(parseRowCondition(text))).toBe(text);
      }),
    );
  });
});

describe("a condition as Great Expectations saves it", () => {
  it("looks at the same rows", () => {
    fc.assert(
      fc.property(condition, row, (given, values) => {
        const written = writeConditionJson(formatRowCondition(given));
        fc.pre(written !== null);
        const back = parseRowCondition(readConditionJson(written));
        expect(holds(back, values) === true).toBe(holds(given, values) === true);
        expect(writeConditionJson(formatRowCondition(back))).toEqual(written);
      }),
    );
  });

  it.each([
    ['late in [true, "x"]', { type: "or", conditions: [leaf("late", "==", true), leaf("late", "==", "x")] }],
    ["a not in [1]", { type: "and", conditions: [leaf("a", "NOT_IN", [1]), { type: "nullity", column: { name: "a" }, is_null: false }] }],
    ["not (a > 1 or b is null)", { type: "and", conditions: [leaf("a", "<=", 1), { type: "nullity", column: { name: "b" }, is_null: false }] }],
    ["a == 1 and (b == 2 or b == 3)", {
      type: "or",
      conditions: [
        { type: "and", conditions: [leaf("a", "==", 1), leaf("b", "==", 2)] },
        { type: "and", conditions: [leaf("a", "==", 1), leaf("b", "==", 3)] },
      ],
    }],
  ])("writes %s", (text, expected) => {
    expect(writeConditionJson(text)).toEqual(expected);
  }); // prettier-ignore

  it("is not written with more comparisons than Great Expectations takes", () => {
    expect(writeConditionJson(Array.from({ length: 101 }, (_, at) => `a == ${at}`).join(" or "))).toBeNull();
    expect(
      writeConditionJson(Array.from({ length: 40 }, (_, at) => `(a == ${at} or b == ${at})`).join(" and ")),
    ).toBeNull();
  });

  it("is taken as it is where it was a text for pandas", () => {
    expect(readConditionJson({ type: "pass_through", pass_through_filter: "a > 1" })).toBe("a > 1");
  });

  it.each([
    [{}],
    [[]],
    [{ type: "and", conditions: [] }],
    [{ type: "and", conditions: ["a > 1"] }],
    [{ type: "nullity", column: "a", is_null: true }],
    [leaf("a", "constructor", 1)],
    [leaf("a", "==", null)],
    [leaf("a", "IN", "abc")],
    [leaf("a", "IN", [[1]])],
  ])("refuses %j", (json) => {
    expect(() => readConditionJson(json)).toThrow("none of Great Expectations' conditions");
  });
});

function leaf(name: string, operator: string, parameter: ConditionValue | ConditionValue[] | number[][] | null) {
  return { type: "comparison", column: { name }, operator, parameter };
}
