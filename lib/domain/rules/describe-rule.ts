import type { Json, Rule } from "../definitions/rule";

/** Arguments that stand in the sentence, or beside it. */
const APART = [
  "column", "column_A", "column_B", "column_list", "row_condition", "condition_parser", "sensitivity",
  "min_value", "max_value", "strict_min", "strict_max", "value_set", "regex", "regex_list", "match_on",
  "strftime_format", "threshold", "sum_total", "value_pairs_set", "type_", "mostly",
]; // prettier-ignore

/**
 * A rule in words, for people: "speed: values are at least 0, at least 95 % of them". Made from Great Expectations' names, so that
 * whoever knows these finds them again; arguments that have no place in the sentence follow in brackets.
 */
export function describeRule({ type, kwargs }: Rule): string {
  const [subject = "", predicate = ""] = type
    .replace(/^(expect|feature)_/, "")
    .replace(/^(column|table)_/, "")
    .replaceAll("_", " ")
    .split(/(?:^| )to (.*)/);
  const rest = Object.entries(kwargs)
    .filter(([name]) => !APART.includes(name))
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${written(value)}`);
  const columns = [kwargs.column, kwargs.column_A, kwargs.column_B].filter((name) => typeof name === "string");
  const all = Array.isArray(kwargs.column_list) ? kwargs.column_list.map(String) : columns;
  return [
    all.length > 0 ? `${all.join(", ")}: ` : "",
    `${subject} ${predicateOf(predicate, kwargs, isMany(subject))}`.trim(),
    typeof kwargs.mostly === "number" ? `, at least ${Number((kwargs.mostly * 100).toPrecision(6))} % of them` : "",
    rest.length > 0 ? ` (${rest.join(", ")})` : "",
    typeof kwargs.row_condition === "string" ? ` where ${kwargs.row_condition}` : "",
  ].join("");
}

const isMany = (subject: string) =>
  /(values( a)?|lengths|columns|z scores|record)$/.test(subject) && !subject.startsWith("proportion");

function predicateOf(predicate: string, kwargs: Rule["kwargs"], many: boolean): string {
  const is = many ? "are" : "is";
  const set = listed(kwargs.value_set ?? kwargs.value_pairs_set);
  switch (predicate) {
    case "be between":
      return `${is} ${bounds(kwargs)}`;
    case "be at most": {
      const most = kwargs.max_value ?? kwargs.threshold;
      return `${is} at most ${most === undefined ? "this" : written(most)}`;
    }
    case "be in set":
      return `${is} one of ${set}`;
    case "not be in set":
      return `${is} none of ${set}`;
    case "match regex":
    case "not match regex":
      return `${predicate === "match regex" ? "match" : "do not match"} ${String(kwargs.regex)}`;
    case "equal set":
      return `${is} exactly ${set}`;
    case "contain set":
      return `include ${set}`;
    case "match regex list":
      return `match ${kwargs.match_on === "all" ? "all" : "any"} of ${listed(kwargs.regex_list)}`;
    case "not match regex list":
      return `match none of ${listed(kwargs.regex_list)}`;
    case "match strftime format":
      return `match the time format ${String(kwargs.strftime_format ?? "asked for")}`;
    case "be less than":
      return `${is} less than ${written(kwargs.threshold ?? null)}`;
    case "equal":
      if (kwargs.sum_total !== undefined) return `is ${written(kwargs.sum_total)}`;
      break;
    case "be of type":
      return `${is} of type ${String(kwargs.type_)}`;
  }
  const [, not = "", verb = "", more = ""] = /^(not )?(\S+)(.*)$/.exec(predicate) ?? [];
  if (verb === "be") return `${is} ${not}${more.trim()}`.trim();
  return `${not && (many ? "do not " : "does not ")}${verb}${many || not ? "" : verb.endsWith("ch") ? "es" : "s"}${more}`;
}

const listed = (values: Json | undefined) => (Array.isArray(values) ? values.map(written).join(", ") : "");

function bounds({ min_value: min, max_value: max, strict_min: above, strict_max: below }: Rule["kwargs"]): string {
  const low = min === undefined || min === null ? null : `${above === true ? "above" : "at least"} ${written(min)}`;
  const high = max === undefined || max === null ? null : `${below === true ? "below" : "at most"} ${written(max)}`;
  return [low, high].filter((bound) => bound !== null).join(" and ") || "between any bounds";
}

function written(value: Json): string {
  return typeof value === "number"
    ? value.toLocaleString("en-US", { maximumFractionDigits: 6 })
    : JSON.stringify(value);
}
