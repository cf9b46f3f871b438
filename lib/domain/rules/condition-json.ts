import { DomainError } from "../errors";
import {
  type Comparison,
  type ConditionValue,
  formatRowCondition,
  parseRowCondition,
  type RowCondition,
} from "./row-condition";
import type { Json } from "../definitions/rule";

/** Great Expectations refuses a condition with more comparisons. */
const MOST_LEAVES = 100;

const NEGATED: Record<Comparison, Comparison> = { "=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">" };

type Leaf =
  Exclude<RowCondition, { kind: "and" | "or" | "not" }> | { kind: "notIn"; column: string; values: ConditionValue[] };

/**
 * A `row_condition` as Great Expectations 1.9 and later save it. They know no `not` and no `or` inside an `and`, so the condition
 * is written as alternatives of comparisons; that is the same, as a comparison with what is missing is neither true nor false
 * here. In pandas `!=` and `not in` hold of what is missing, so that it is left out in so many words. Null when all that takes more
 * comparisons than Great Expectations allows.
 */
export function writeConditionJson(text: string): Json {
  const alternatives = toAlternatives(parseRowCondition(text), false);
  if (alternatives === null || alternatives.flat().length > MOST_LEAVES) return null;
  return join(
    "or",
    alternatives.map((leaves) => join("and", leaves.map(writeLeaf))),
  );
}

/**
 * A condition that Great Expectations 1.9 or later saved, as the text that rules have. What was a text there (`pass_through`, for
 * pandas) is taken as it is.
 * @throws DomainError `invalid` for what is no condition
 */
export function readConditionJson(json: Json): string {
  if (typeof json === "string") return json;
  if (isObject(json) && json.type === "pass_through" && typeof json.pass_through_filter === "string")
    return json.pass_through_filter;
  return formatRowCondition(readCondition(json));
}

function readCondition(json: Json): RowCondition {
  if (isObject(json)) {
    const name = isObject(json.column) ? json.column.name : undefined;
    if ((json.type === "and" || json.type === "or") && Array.isArray(json.conditions) && json.conditions.length > 0)
      return { kind: json.type, parts: json.conditions.map(readCondition) };
    if (json.type === "nullity" && typeof name === "string" && typeof json.is_null === "boolean")
      return { kind: json.is_null ? "null" : "notNull", column: name };
    if (json.type === "comparison" && typeof name === "string") return readComparison(name, json);
  }
  throw unreadable(json);
}

function readComparison(column: string, json: { [key: string]: Json }): RowCondition {
  const { operator, parameter = null } = json;
  if (operator === "IN" || operator === "NOT_IN") {
    if (!Array.isArray(parameter) || !parameter.every(isValue)) throw unreadable(json);
    const among: RowCondition = { kind: "in", column, values: parameter };
    return operator === "IN" ? among : { kind: "not", part: among };
  }
  const known = operator === "==" ? "=" : operator === "!=" ? "<>" : operator;
  if (!isComparison(known) || !isValue(parameter)) throw unreadable(json);
  return { kind: "compare", column, operator: known, value: parameter };
}

function isComparison(operator: Json | undefined): operator is Comparison {
  return typeof operator === "string" && Object.hasOwn(NEGATED, operator);
}

function isValue(value: Json): value is ConditionValue {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(json: Json): DomainError {
  return new DomainError(
    "invalid",
    `The row_condition ${JSON.stringify(json)} is none of Great Expectations' conditions: expected a comparison of a column with a value, a nullity, and, or.`,
  );
}

/** Alternatives, each of comparisons that hold together. Null as soon as there are too many. */
function toAlternatives(condition: RowCondition, negated: boolean): Leaf[][] | null {
  switch (condition.kind) {
    case "not":
      return toAlternatives(condition.part, !negated);
    case "and":
    case "or": {
      const parts = condition.parts.map((part) => toAlternatives(part, negated));
      if ((condition.kind === "or") !== negated) return parts.includes(null) ? null : (parts as Leaf[][][]).flat();
      return parts.reduce<Leaf[][] | null>(
        (all, part) => {
          if (all === null || part === null || all.length * part.length > MOST_LEAVES) return null;
          return all.flatMap((one) => part.map((other) => withoutTwins([...one, ...other])));
        },
        [[]],
      );
    }
    case "null":
    case "notNull":
      return [[{ ...condition, kind: (condition.kind === "null") !== negated ? "null" : "notNull" }]];
    case "in": {
      const { column, values } = condition;
      if (isListThere(values))
        return [negated ? present({ column, values, kind: "notIn" }) : [{ column, values, kind: "in" }]];
      const parts = values.map((value): RowCondition => ({ kind: "compare", column, operator: "=", value }));
      return toAlternatives({ kind: "or", parts }, negated);
    }
    case "compare": {
      const leaf = { ...condition, operator: negated ? NEGATED[condition.operator] : condition.operator };
      return [leaf.operator === "<>" ? present(leaf) : [leaf]];
    }
  }
}

function present(leaf: Leaf): Leaf[] {
  return [leaf, { kind: "notNull", column: leaf.column }];
}

function withoutTwins(leaves: Leaf[]): Leaf[] {
  return [...new Map(leaves.map((leaf) => [JSON.stringify(writeLeaf(leaf)), leaf])).values()];
}

/** Great Expectations takes a list of numbers or a list of texts. */
function isListThere(values: readonly ConditionValue[]): boolean {
  return ["number", "string"].some((type) => values.every((value) => typeof value === type));
}

function join(type: "and" | "or", conditions: Json[]): Json {
  return conditions.length === 1 ? (conditions[0] as Json) : { type, conditions };
}

function writeLeaf(leaf: Leaf): Json {
  const column = { name: leaf.column };
  switch (leaf.kind) {
    case "null":
    case "notNull":
      return { type: "nullity", column, is_null: leaf.kind === "null" };
    case "in":
    case "notIn":
      return { type: "comparison", column, operator: leaf.kind === "in" ? "IN" : "NOT_IN", parameter: leaf.values };
    case "compare": {
      const operator = leaf.operator === "=" ? "==" : leaf.operator === "<>" ? "!=" : leaf.operator;
      return { type: "comparison", column, operator, parameter: leaf.value };
    }
  }
}
