import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
import type { Json, Rule } from "@/lib/domain/definitions/rule";
import { describeRule } from "@/lib/domain/rules/describe-rule";
import { readSuite } from "@/lib/domain/rules/suite-json";
import fixture from "../fixtures/great-expectations-results.json";
import { type FixtureRows, writeFixtureRows } from "./fixture-rows";

/** What Great Expectations answered: see `make-results.py`. */
interface Answer {
  success: boolean;
  result: Record<string, Json>;
  exception?: string;
  sql?: Answer;
}

/** Where Tributary answers otherwise than Great Expectations does on a pandas data frame, and means to. */
interface Difference {
  reason: string;
  applies: (rule: Rule) => boolean;
  /** `database`: as Great Expectations answers on a database. Otherwise what the answer is, or why there is none. */
  ours: "database" | ((rule: Rule) => { success?: boolean; result?: Record<string, Json>; exception?: string });
}

const isOn = (column: string) => (rule: Rule) => rule.kwargs.column === column;
const hasCondition = (text: string) => (rule: Rule) => rule.kwargs.row_condition === text;

const DIFFERENCES: Record<string, Difference> = {
  "a column at index 0": {
    reason: "Great Expectations takes index 0 for no index at all and passes wherever the column is.",
    applies: ({ type, kwargs }) => type === "expect_column_to_exist" && kwargs.column_index === 0,
    ours: () => ({ success: false }),
  },
  "whole numbers as texts": {
    reason: "Numbers beyond 2^53 can only be texts in JSON, so a text is compared as the number that it is.",
    applies: ({ kwargs }) => kwargs.column === "id" && (kwargs.value_set as Json[] | undefined)?.[0] === "1",
    ours: "database",
  },
  "the sum of nothing": {
    reason: "A figure that does not exist fails, whatever the bounds; pandas has 0 for the sum of nothing.",
    applies: ({ type, kwargs }) =>
      type === "expect_column_sum_to_be_between" &&
      (kwargs.column === "void" || kwargs.row_condition === 'col("id") > 1000'),
    ours: "database",
  },
  "quantiles between two values": {
    reason: "Quantiles are percentile_disc, as on databases; pandas takes the nearest rank.",
    applies: ({ type, kwargs }) =>
      type === "expect_column_quantile_values_to_be_between" &&
      kwargs.column === "id" &&
      kwargs.row_condition === undefined &&
      !(kwargs.quantile_ranges as { quantiles: number[] }).quantiles.includes(1),
    ours: "database",
  },
  "a condition on what is missing": {
    reason:
      "A comparison with a missing value is neither true nor false, as on databases; in pandas != and not in are true.",
    applies: (rule) =>
      hasCondition('col("place") != "ATL"')(rule) || hasCondition('col("place") not in ["ATL", "ORD"]')(rule),
    ours: "database",
  },
  "the same condition as a text": {
    reason: "As above; a text is for pandas only in Great Expectations, so that a database cannot be asked.",
    applies: (rule) =>
      ["place not in ['ATL', 'ORD']", "price != 1.5", "not (price > 3)"].some((text) => hasCondition(text)(rule)),
    ours: ({ kwargs }) => ({
      success: false,
      result: {
        element_count: { "place not in ['ATL', 'ORD']": 8, "price != 1.5": 20, "not (price > 3)": 7 }[
          kwargs.row_condition as string
        ] as number,
      },
    }),
  },
  "classes of a regular expression": {
    reason: "RE2 knows \\w, \\d, \\s and \\b of ASCII only; Python of all of Unicode.",
    applies: ({ kwargs }) => kwargs.regex === "^\\w+$",
    ours: ({ type }) => ({ result: { unexpected_count: type.includes("_not_") ? 9 : 13 } }),
  },
  "digits of other scripts": {
    reason:
      "Times are written in digits of ASCII; Python takes those of any script, as two thousand and one in full width.",
    applies: ({ kwargs }) => kwargs.strftime_format === "%Y-%m-%d" && kwargs.column === "day" && !kwargs.row_condition,
    ours: () => ({ success: false, result: { unexpected_count: 20 } }),
  },
  "a regular expression on numbers": {
    reason: "How a number is written is not in the data; pandas makes texts of them as Python would.",
    applies: ({ kwargs }) => kwargs.regex === "^1" && kwargs.column === "count",
    ours: () => ({ success: false, exception: "a regular expression is for a string column" }),
  },
  "a day as the bound of a time": {
    reason: "Great Expectations 1.x takes a text without a time for a date, which pandas cannot compare with a time.",
    applies: (rule) => isOn("at")(rule) && rule.kwargs.min_value === "2001-01-02",
    ours: () => ({ success: false, result: { unexpected_count: 13, missing_count: 2 } }),
  },
  "how often nothing occurs": {
    reason: "NaN equals nothing, so that pandas counts each missing number by itself and shows the first 20.",
    applies: ({ type, kwargs }) => type === "expect_column_values_to_not_be_null" && kwargs.column === "void",
    ours: () => ({ success: false, result: { partial_unexpected_counts: [{ value: null, count: 24 }] } }),
  },
  "shares of nothing": {
    reason: "Great Expectations divides 0 by 0.",
    applies: ({ type, kwargs }) => type === "expect_column_kl_divergence_to_be_less_than" && kwargs.column === "void",
    ours: () => ({ success: false, result: { observed_value: null } }),
  },
};

/** What pandas calls the types that a column has here. */
const PANDAS_TYPES: Record<string, string> = {
  bigint: "int64",
  double: "float64",
  string: "str",
  boolean: "bool",
  timestamp: "datetime64",
};

/**
 * The same in one way of writing: times are UTC and say so here, and have no zone there; what is missing in a column of times is
 * NaT there; and of missing numbers each is another value there, as NaN equals nothing, so that they are not counted together.
 */
function alike(result: Record<string, Json>, type: string): Record<string, Json> {
  const value = (one: Json | undefined): Json => {
    if (Array.isArray(one)) return one.map(value);
    if (typeof one === "number") return Number(one.toPrecision(12));
    if (typeof one === "object" && one !== null)
      return Object.fromEntries(Object.entries(one).map(([name, member]) => [name, value(member)]));
    if (one === "NaT") return null;
    return typeof one === "string" ? one.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.000Z$/, "$1") : (one ?? null);
  };
  const plain = value(result) as Record<string, Json>;
  if (
    Array.isArray(plain.partial_unexpected_counts) &&
    JSON.stringify(plain.partial_unexpected_counts).includes("null")
  ) {
    const counts = new Map<string, number>();
    for (const { value: key, count } of plain.partial_unexpected_counts as { value: Json; count: number }[])
      counts.set(JSON.stringify(key), (counts.get(JSON.stringify(key)) ?? 0) + count);
    plain.partial_unexpected_counts = Object.fromEntries(counts);
  }
  if (type === "expect_column_values_to_be_of_type")
    plain.observed_value = PANDAS_TYPES[String(plain.observed_value)] ?? plain.observed_value ?? null;
  return plain;
}

/** Success, every member that Great Expectations gives, and whether it could be answered at all. Ours may say more. */
function expectSame({ success, result, expectation_config, exception_info }: RuleResult, theirs: Answer): void {
  const given = Object.keys(theirs.result);
  const { type } = expectation_config;
  const ours = Object.fromEntries(given.map((name) => [name, result[name] ?? null]));
  expect({ success, raised: exception_info.raised_exception, ...alike(ours, type) }).toEqual({
    success: theirs.success,
    raised: theirs.exception !== undefined,
    ...alike(theirs.result, type),
  });
}

// Python's look-aheads are refused when a suite is read: RE2, which runs the rules, has none.
const looksAhead = ({ kwargs }: { kwargs: object }) => "regex" in kwargs && String(kwargs.regex).includes("(?=");
const readable = fixture.suite.expectations.flatMap((one, at) => (looksAhead(one) ? [] : [at]));
const { rules } = readSuite({ ...fixture.suite, expectations: readable.map((at) => fixture.suite.expectations[at]) });
const theirs = readable.map((at) => fixture.results[at]) as unknown as Answer[];
const cases = rules.map((rule, at) => ({
  at,
  difference: Object.entries(DIFFERENCES).find(([, { applies }]) => applies(rule))?.[0],
}));
const named = (some: { at: number }[]) =>
  some.map(({ at }) => [`${at} ${describeRule(rules[at] as Rule)}`, at] as const);

let rows: FixtureRows;
let answers: RuleResult[];
beforeAll(async () => {
  rows = await writeFixtureRows(fixture);
  answers = await rows.check(rules);
});
afterAll(() => rows.remove());

describe(`as Great Expectations ${fixture.made_with.great_expectations} answers`, () => {
  it.each(named(cases.filter(({ difference }) => difference === undefined)))("%s", (_, at) => {
    expectSame(answers[at] as RuleResult, theirs[at] as Answer);
  });
});

describe.each(Object.entries(DIFFERENCES))("otherwise than Great Expectations: %s", (name, { ours }) => {
  const differing = cases.filter(({ difference }) => difference === name);

  it("still is otherwise", () => {
    expect(differing.length).toBeGreaterThan(0);
    for (const { at } of differing)
      expect(() => expectSame(answers[at] as RuleResult, theirs[at] as Answer), `case ${at}`).toThrow();
  });

  it.each(named(differing))("%s", (_, at) => {
    const answer = answers[at] as RuleResult;
    if (ours === "database") return expectSame(answer, theirs[at]?.sql as Answer);
    const { success = answer.success, result = {}, exception } = ours(rules[at] as Rule);
    expect(answer).toMatchObject({ success, result });
    if (exception === undefined) expect(answer.exception_info.raised_exception).toBe(false);
    else expect(answer.exception_info.exception_message).toContain(exception);
  });
});
