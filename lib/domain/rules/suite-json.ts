import { DomainError, type Issue } from "../errors";
import { checkRule } from "./check-rule";
import { OWN_RULES } from "./expectations";
import { type Json, type Rule, type RuleSeverity, SEVERITIES } from "./rule";

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
]; // prettier-ignore
/** Where an exported suite keeps the rules that Great Expectations does not know. */
const OWN = "tributary";

/**
 * Reads a suite of Great Expectations 1.x (`name`, `type`) or 0.x (`expectation_suite_name`, `expectation_type`).
 * Without a severity an expectation is critical, as in Great Expectations.
 * @throws DomainError `invalid` with every problem at once, each with its place in the file
 */
export function readSuite(json: unknown): { name: string; rules: Rule[] } {
  const suite = isObject(json) ? json : {};
  const name = suite.name ?? suite.expectation_suite_name;
  const list = suite.expectations;
  const issues: Issue[] = [];
  if (typeof name !== "string" || name === "")
    issues.push({ path: ["name"], message: "The suite has no name.", expected: "name or expectation_suite_name" });
  if (!Array.isArray(list))
    issues.push({ path: ["expectations"], message: "The suite has no list of expectations.", expected: "a list" });
  const meta = isObject(suite.meta) && isObject(suite.meta[OWN]) ? suite.meta[OWN] : {};
  const entries = [
    ...(Array.isArray(list) ? list : []).map((entry: unknown, at) => ({ entry, path: ["expectations", at] })),
    ...(Array.isArray(meta.rules) ? meta.rules : []).map((entry: unknown, at) => ({
      entry,
      path: ["meta", OWN, "rules", at],
    })),
  ];
  const rules = entries.map(({ entry, path }): Rule => {
    const one = isObject(entry) ? entry : {};
    const given = isObject(one.kwargs) ? (one.kwargs as Record<string, Json>) : {};
    const kwargs = Object.fromEntries(
      Object.entries(given).filter(([key, value]) => value !== null && !REPORTING.includes(key)),
    );
    const notes = isObject(one.meta) ? (one.meta as Record<string, Json>) : {};
    const severity = SEVERITIES.find((known) => known === (one.severity ?? notes.severity)) ?? "critical";
    const rule: Rule = {
      type: String(one.type ?? one.expectation_type ?? ""),
      kwargs,
      severity,
      ...(Object.keys(notes).length > 0 && { meta: notes }),
    };
    issues.push(...checkRule(rule).map((issue) => ({ ...issue, path: [...path, ...issue.path] })));
    return rule;
  });
  if (issues.length > 0)
    throw new DomainError(
      "invalid",
      `The suite cannot be taken over: ${issues.length === 1 ? issues[0]?.message : `${issues.length} problems, the first: ${issues[0]?.message}`} Nothing was changed.`,
      { issues },
    );
  return { name: name as string, rules };
}

/**
 * A suite that Great Expectations 1.x reads, and `readSuite` reads back to the same rules. Rules that Great Expectations does not
 * know stand in the suite's `meta`, which it keeps and does not read.
 */
export function writeSuite(name: string, rules: readonly Rule[]): SuiteJson {
  const write = ({ type, kwargs, severity, meta }: Rule) => ({ type, kwargs, meta: meta ?? {}, severity });
  const [theirs, own] = [rules.filter(({ type }) => !isOwn(type)), rules.filter(({ type }) => isOwn(type))];
  return {
    name,
    expectations: theirs.map(write),
    meta: own.length === 0 ? {} : { [OWN]: { rules: own.map(write) as unknown as Json } },
  };
}

function isOwn(type: string): boolean {
  return Object.hasOwn(OWN_RULES, type);
}

/** A rule in words, for people. */
export function describeRule({ type, kwargs }: Rule): string {
  const what = type
    .replace(/^(expect|feature)_/, "")
    .replace(/^(column|table)_/, "")
    .replaceAll("_", " ");
  const own = Object.entries(kwargs)
    .filter(([name]) => !["column", "row_condition", "condition_parser", "sensitivity"].includes(name))
    .sort(([one], [other]) => place(one) - place(other))
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${JSON.stringify(value)}`);
  const subject = typeof kwargs.column === "string" ? `${kwargs.column}: ` : "";
  const where = typeof kwargs.row_condition === "string" ? ` where ${kwargs.row_condition}` : "";
  return `${subject}${what}${own.length > 0 ? ` (${own.join(", ")})` : ""}${where}`;
}

/** The lower bound is read before the upper one, and what only refines comes last. */
function place(argument: string): number {
  return argument.startsWith("min_") ? 0 : argument.startsWith("max_") ? 1 : argument === "mostly" ? 3 : 2;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
