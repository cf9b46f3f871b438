import { DomainError, type Issue } from "../errors";
import { withExactIntegers } from "../exact-integers";
import { checkRule } from "./check-rule";
import { readConditionJson, writeConditionJson } from "./condition-json";
import { OWN_RULES } from "./expectations";
import { type Json, type Rule, type RuleSeverity, SEVERITIES } from "../definitions/rule";

/** A Great Expectations suite as a file has it. */
export interface SuiteJson {
  name: string;
  expectations: { type: string; kwargs: Record<string, Json>; meta: Record<string, Json>; severity: RuleSeverity }[];
  meta: Record<string, Json>;
}

/** Arguments that say how to report, not what to expect: read and left out. */
const REPORTING = [
  "batch_id", "result_format", "catch_exceptions", "include_config", "meta", "auto", "profiler_config", "severity",
  // Columns have types here: times are compared as times without being told.
  "parse_strings_as_datetimes",
  // Means something only where no partition is given, which a rule must.
  "bucketize_data",
]; // prettier-ignore
/** Where an exported suite keeps what Great Expectations does not know: in its `meta` rules, in an expectation's how a condition is worded. */
const OWN = "tributary";

/** An expectation of a suite that no rule can be made of. */
interface LeftOut {
  type: string;
  /** Everything that is wrong with it, each with its place in the file. */
  issues: Issue[];
}

/** What `readSuite` reads, of a suite that may have expectations which cannot run here. */
export interface RunnableSuite {
  name: string;
  rules: Rule[];
  left: LeftOut[];
}

/**
 * Reads a suite of Great Expectations 1.x (`name`, `type`) or 0.x (`expectation_suite_name`, `expectation_type`).
 * Without a severity an expectation is critical, as in Great Expectations. Integers may be bigints, and keep all their digits.
 * @throws DomainError `invalid` with every problem at once, each with its place in the file
 */
export function readSuite(given: unknown): Pick<RunnableSuite, "name" | "rules"> {
  const { name, rules, left } = readRunnable(given);
  if (left.length > 0) throw unreadable(left.flatMap(({ issues }) => issues));
  return { name, rules };
}

/**
 * The same without the expectations that cannot run here, each with why.
 * @throws DomainError `invalid` for what is no suite
 */
export function readRunnable(given: unknown): RunnableSuite {
  const json = withExactIntegers(given);
  const suite = isObject(json) ? json : {};
  const name = suite.name ?? suite.expectation_suite_name;
  const list = suite.expectations;
  const issues: Issue[] = [];
  if (typeof name !== "string" || name === "")
    issues.push({ path: ["name"], message: "The suite has no name.", expected: "name or expectation_suite_name" });
  if (!Array.isArray(list))
    issues.push({ path: ["expectations"], message: "The suite has no list of expectations.", expected: "a list" });
  if (issues.length > 0) throw unreadable(issues);
  const meta = isObject(suite.meta) && isObject(suite.meta[OWN]) ? suite.meta[OWN] : {};
  const entries = [
    ...(Array.isArray(list) ? list : []).map((entry: unknown, at) => ({ entry, path: ["expectations", at] })),
    ...(Array.isArray(meta.rules) ? meta.rules : []).map((entry: unknown, at) => ({
      entry,
      path: ["meta", OWN, "rules", at],
    })),
  ];
  const left: LeftOut[] = [];
  const rules = entries.flatMap(({ entry, path }): Rule[] => {
    const one = isObject(entry) ? entry : {};
    const given = isObject(one.kwargs) ? (one.kwargs as Record<string, Json>) : {};
    const { [OWN]: kept, ...notes } = isObject(one.meta) ? (one.meta as Record<string, Json>) : {};
    const { kwargs, problem } = readArguments(given, kept);
    const severity = SEVERITIES.find((known) => known === (one.severity ?? notes.severity)) ?? "critical";
    const rule: Rule = {
      type: String(one.type ?? one.expectation_type ?? ""),
      kwargs,
      severity,
      ...(Object.keys(notes).length > 0 && { meta: notes }),
    };
    const found = [...(problem === null ? [] : [problem]), ...checkRule(rule)];
    if (found.length === 0) return [rule];
    left.push({
      type: rule.type,
      issues: found.map((issue) => ({ ...issue, path: [...path, ...issue.path] })),
    });
    return [];
  });
  return { name: name as string, rules, left };
}

function unreadable(issues: Issue[]): DomainError {
  return new DomainError(
    "invalid",
    `The suite cannot be taken over: ${issues.length === 1 ? issues[0]?.message : `${issues.length} problems, the first: ${issues[0]?.message}`} Nothing was changed.`,
    { issues },
  );
}

/**
 * Arguments as rules have them. A condition that was saved as an object becomes a text: the one it was written from where that is
 * kept with it and still says the same, so that an exported suite comes back in its own words.
 */
function readArguments(
  given: Record<string, Json>,
  kept: Json | undefined,
): { kwargs: Record<string, Json>; problem: Issue | null } {
  const kwargs = Object.fromEntries(
    Object.entries(given).filter(([key, value]) => value !== null && !REPORTING.includes(key)),
  );
  const saved = kwargs.row_condition;
  if (!isObject(saved)) return { kwargs, problem: null };
  const { condition_parser: parser, row_condition: _, ...others } = kwargs;
  try {
    const row_condition = readConditionJson(saved);
    const worded = isObject(kept) ? (kept as Record<string, Json>) : {};
    const isKept = typeof worded.row_condition === "string" && isSameCondition(worded.row_condition, row_condition);
    const dialect = isKept ? worded.condition_parser : saved.type === "pass_through" ? parser : undefined;
    return {
      kwargs: {
        ...others,
        row_condition: isKept ? (worded.row_condition as string) : row_condition,
        ...(dialect !== undefined && { condition_parser: dialect }),
      },
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { kwargs: others, problem: { path: ["kwargs", "row_condition"], message: error.message } };
  }
}

function isSameCondition(one: string, other: string): boolean {
  return JSON.stringify(writeConditionJson(one)) === JSON.stringify(writeConditionJson(other));
}

/**
 * A suite that Great Expectations 1.9 and later read, and `readSuite` reads back to the same rules. Rules that Great Expectations
 * does not know or would refuse, and with it the whole suite, stand in the suite's `meta`, which it keeps and does not read.
 */
export function writeSuite(name: string, rules: readonly Rule[]): SuiteJson {
  const write = ({ type, kwargs, severity, meta }: Rule) => ({ type, kwargs, meta: meta ?? {}, severity });
  const [theirs, own] = [rules.filter((rule) => !standsApart(rule)), rules.filter(standsApart)];
  return {
    name,
    expectations: theirs.map((rule) => write(withConditionJson(rule))),
    meta: own.length === 0 ? {} : { [OWN]: { rules: own.map(write) } },
  };
}

function standsApart({ type, kwargs }: Rule): boolean {
  if (Object.hasOwn(OWN_RULES, type)) return true;
  // Great Expectations compares with numbers and times; of texts it says that they are neither.
  const isText = (bound: Json | undefined) => typeof bound === "string" && !TIME_OR_NUMBER.test(bound);
  if (isText(kwargs.min_value) || isText(kwargs.max_value)) return true;
  return typeof kwargs.row_condition === "string" && writeConditionJson(kwargs.row_condition) === null;
}

const TIME_OR_NUMBER = /^(-?\d+(\.\d+)?|\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([zZ]|[+-]\d\d:?\d\d)?)?)$/;

function withConditionJson(rule: Rule): Rule {
  const { row_condition, condition_parser, ...kwargs } = rule.kwargs;
  if (typeof row_condition !== "string") return rule;
  const wording = { row_condition, ...(condition_parser !== undefined && { condition_parser }) };
  return {
    ...rule,
    kwargs: { ...kwargs, row_condition: writeConditionJson(row_condition) },
    meta: { ...rule.meta, [OWN]: wording },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
