import { DomainError, type Issue } from "../errors";
import { exactInteger } from "../exact-integers";
import { nearest } from "../names/nearest-name";
import {
  type Argument,
  expectationOf,
  isAboutColumns,
  ROW_ARGUMENTS,
  RULE_TYPES,
  takesRowCondition,
} from "./expectations";
import { PERSONAL_KINDS } from "./personal/detect-personal";
import { whyNotRe2 } from "./re2";
import { columnsOfCondition, parseRowCondition } from "./row-condition";
import { type Json, type Rule, SEVERITIES } from "../definitions/rule";

/**
 * Everything that is wrong with a rule as it is written, at once: an unknown expectation or argument (with the nearest known
 * name), a missing one, a value of the wrong kind, bounds that exclude each other, a row_condition that cannot be read.
 */
export function checkRule(rule: Rule): Issue[] {
  const expectation = expectationOf(rule.type);
  if (!expectation) {
    const near = nearest(rule.type, RULE_TYPES);
    return [
      {
        path: ["type"],
        message: `\`${rule.type}\` is not an expectation that can be run${near ? `; did you mean \`${near}\`?` : "."}`,
        expected: "one of the expectations of the documentation",
        found: rule.type,
      },
    ];
  }
  const known: Record<string, Argument> = {
    ...expectation.required,
    ...expectation.optional,
    ...(takesRowCondition(rule.type) && Object.fromEntries(ROW_ARGUMENTS.map((name) => [name, "text" as const]))),
  };
  const issues: Issue[] = [];
  if (!SEVERITIES.includes(rule.severity))
    issues.push({
      path: ["severity"],
      message: `\`${String(rule.severity)}\` is not a severity.`,
      expected: SEVERITIES.join(", "),
      found: String(rule.severity),
    });
  for (const [name, value] of Object.entries(rule.kwargs)) {
    const argument = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!argument) {
      const near = nearest(name, Object.keys(known));
      issues.push({
        path: ["kwargs", name],
        message: `\`${name}\` is not an argument of ${rule.type}${near ? `; did you mean \`${near}\`?` : "."}`,
        expected: `one of ${Object.keys(known).join(", ")}`,
        found: name,
      });
    } else if (value !== null) issues.push(...argumentIssues(name, argument, value));
  }
  const isGiven = (name: string) => rule.kwargs[name] !== undefined && rule.kwargs[name] !== null;
  for (const name of Object.keys(expectation.required))
    if (!isGiven(name)) issues.push({ path: ["kwargs", name], message: `\`${name}\` is missing.`, expected: name });
  if (expectation.oneOf && !expectation.oneOf.some(isGiven))
    issues.push({
      path: ["kwargs"],
      message: `${rule.type} says nothing without a bound.`,
      expected: `at least one of ${expectation.oneOf.join(", ")}`,
    });
  const { min_value: low, max_value: high } = rule.kwargs;
  if (low !== undefined && high !== undefined && isAbove(low, high))
    issues.push({
      path: ["kwargs", "min_value"],
      message: `min_value ${String(low)} is above max_value ${String(high)}, so that nothing could ever pass.`,
      expected: `at most ${String(high)}`,
      found: String(low),
    });
  return issues;
}

/** The columns that a rule reads, so that a missing one can be named before anything is measured. */
export function columnsOfRule({ type, kwargs }: Rule): string[] {
  const names = [kwargs.column, kwargs.column_A, kwargs.column_B, kwargs.label].filter(
    (name) => typeof name === "string",
  );
  if (isAboutColumns(type)) return [];
  const list = Array.isArray(kwargs.column_list) ? kwargs.column_list.filter((name) => typeof name === "string") : [];
  const condition =
    typeof kwargs.row_condition === "string" ? columnsOfCondition(parseRowCondition(kwargs.row_condition)) : [];
  return [...new Set([...names, ...list, ...condition])];
}

function argumentIssues(name: string, argument: Argument, value: Json): Issue[] {
  const wrong = (expected: string): Issue[] => [
    {
      path: ["kwargs", name],
      message: `\`${name}\` must be ${expected}.`,
      expected,
      found: JSON.stringify(value).slice(0, 80),
    },
  ];
  const isNumber = typeof value === "number" && Number.isFinite(value);
  switch (argument) {
    case "column":
      return typeof value === "string" && value !== "" ? [] : wrong("the name of a column");
    case "columns":
      return isListOf(value, (one) => typeof one === "string") ? [] : wrong("a list of column names");
    case "number":
      return isNumber ? [] : wrong("a number");
    case "count":
      return isNumber && Number.isInteger(value) && value >= 0 ? [] : wrong("a whole number of 0 or more");
    case "share":
      return isNumber && value >= 0 && value <= 1 ? [] : wrong("a number from 0 to 1");
    case "boolean":
      return typeof value === "boolean" ? [] : wrong("true or false");
    case "text":
      return name === "row_condition"
        ? typeof value === "string"
          ? conditionIssues(value)
          : wrong("a condition as a text")
        : typeof value === "string" && value !== ""
          ? []
          : wrong("a text");
    case "regex":
      return typeof value === "string" ? regexIssues(name, value) : wrong("a regular expression");
    case "regexes":
      return isListOf(value, (one) => typeof one === "string")
        ? (value as string[]).flatMap((one) => regexIssues(name, one))
        : wrong("a list of regular expressions");
    case "anyOrAll":
      return value === "any" || value === "all" ? [] : wrong("any or all");
    case "timeFormat":
      return typeof value === "string" && value !== "" ? timeFormatIssues(name, value) : wrong("a format of times");
    case "pairs":
      return isListOf(
        value,
        (one) =>
          Array.isArray(one) && one.length === 2 && one.every((part) => part === null || typeof part !== "object"),
      )
        ? []
        : wrong("a list of pairs of values");
    case "bound":
      return isNumber || (typeof value === "string" && value !== "") ? [] : wrong("a number, a text or a time");
    case "values":
      return isListOf(value, (one) => one === null || typeof one !== "object") ? [] : wrong("a list of values");
    case "quantiles":
      return isQuantiles(value)
        ? []
        : wrong("{quantiles: [0.5, …], value_ranges: [[low or null, high or null], …]} of equal length");
    case "partition":
      return isPartition(value)
        ? []
        : wrong("{values: […], weights: […]} or {bins: […], weights: […]} with weights that add up to 1");
    case "milliseconds":
      return isNumber && value >= 0 ? [] : wrong("milliseconds, 0 or more");
    case "personalKinds":
      return isListOf(value, (one) => PERSONAL_KINDS.some((kind) => kind === one))
        ? []
        : wrong(`a list of ${PERSONAL_KINDS.join(", ")}`);
    case "ignoreRow":
      return value === "both_values_are_missing" || value === "either_value_is_missing" || value === "neither"
        ? []
        : wrong("both_values_are_missing, either_value_is_missing or neither");
    case "ignoreRowOfMany":
      return value === "all_values_are_missing" || value === "any_value_is_missing" || value === "never"
        ? []
        : wrong("all_values_are_missing, any_value_is_missing or never");
  }
}

function conditionIssues(value: string): Issue[] {
  try {
    parseRowCondition(value);
    return [];
  } catch (error) {
    if (error instanceof DomainError)
      return [{ path: ["kwargs", "row_condition"], message: error.message, found: value }];
    throw error;
  }
}

function regexIssues(name: string, value: string): Issue[] {
  const reason = whyNotRe2(value);
  return reason === null
    ? []
    : [
        {
          path: ["kwargs", name],
          message: `\`${name}\` cannot be run: ${reason}. Write it without, or as several rules.`,
          expected: "a regular expression of RE2",
          found: value.slice(0, 80),
        },
      ];
}

/** Codes of a `strftime_format` that Python and the engine read alike. */
const TIME_CODES = [
  "%a",
  "%A",
  "%b",
  "%B",
  "%d",
  "%f",
  "%H",
  "%I",
  "%j",
  "%m",
  "%M",
  "%p",
  "%S",
  "%y",
  "%Y",
  "%z",
  "%%",
];

function timeFormatIssues(name: string, value: string): Issue[] {
  const unknown = [...value.matchAll(/%(.?)/gs)].map(([all]) => all).filter((code) => !TIME_CODES.includes(code));
  return unknown.length === 0
    ? []
    : [
        {
          path: ["kwargs", name],
          message: `\`${name}\` has ${unknown.join(", ")}, which is no code of a format that times are read by.`,
          expected: TIME_CODES.join(" "),
          found: value.slice(0, 80),
        },
      ];
}

function isListOf(value: Json, test: (one: Json) => boolean): value is Json[] {
  return Array.isArray(value) && value.length > 0 && value.every(test);
}

const isShare = (one: Json) => typeof one === "number" && one >= 0 && one <= 1;

function isQuantiles(value: Json): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const { quantiles, value_ranges: ranges } = value;
  return (
    isListOf(quantiles ?? null, isShare) &&
    isListOf(ranges ?? null, (one) => Array.isArray(one) && one.length === 2) &&
    (quantiles as Json[]).length === (ranges as Json[]).length
  );
}

/** Weights that add up to 1 within 1e-6; `bins` has one edge more than there are weights. */
function isPartition(value: Json): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const { values, bins, weights } = value;
  if (!isListOf(weights ?? null, isShare)) return false;
  const shares = weights as number[];
  if (Math.abs(shares.reduce((sum, one) => sum + one, 0) - 1) > 1e-6) return false;
  if (values !== undefined) return Array.isArray(values) && values.length === shares.length && bins === undefined;
  return (
    isListOf(bins ?? null, (one) => typeof one === "number") &&
    (bins as number[]).length === shares.length + 1 &&
    (bins as number[]).every((edge, at) => at === 0 || edge > ((bins as number[])[at - 1] as number))
  );
}

/** False as well for what cannot be compared without knowing the column. */
function isAbove(low: Json, high: Json): boolean {
  const [exactLow, exactHigh] = [exactInteger(low), exactInteger(high)];
  if (exactLow !== null && exactHigh !== null) return exactLow > exactHigh;
  return typeof low === "number" && typeof high === "number" && low > high;
}
