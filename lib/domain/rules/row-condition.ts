import { DomainError } from "../errors";
import { exactInteger } from "../exact-integers";

/** Which rows a rule looks at. */
export type RowCondition =
  | { kind: "and" | "or"; parts: RowCondition[] }
  | { kind: "not"; part: RowCondition }
  | { kind: "null" | "notNull"; column: string }
  | { kind: "in"; column: string; values: ConditionValue[] }
  | { kind: "compare"; column: string; operator: Comparison; value: ConditionValue };

export type ConditionValue = string | number | boolean;

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

const COMPARISONS: Record<string, Comparison> = {
  "==": "=", "=": "=", "!=": "<>", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}; // prettier-ignore

/** Deeper than anybody writes, and shallow enough for everything that walks a condition. */
const MOST_LEVELS = 50;

const TOKEN =
  /\s*(?:(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<quoted>`[^`]+`)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>==|!=|<>|<=|>=|[=<>()[\],&|~.]))/y;

interface Token {
  kind: "number" | "text" | "quoted" | "word" | "sign" | "end";
  text: string;
  at: number;
}

/** How a text asks whether a column has a value: Great Expectations' word, and those of pandas. */
const NULL_TESTS: Record<string, "null" | "notNull"> = {
  isNull: "null", isnull: "null", isna: "null", notNull: "notNull", notnull: "notNull", notna: "notNull",
}; // prettier-ignore

/**
 * Reads a `row_condition`: Great Expectations' own dialect (`col("delay") >= 0`, `col("origin").notNull()`,
 * `col("day") < date("2001-07-01")`), and the plain comparisons that pandas and SQL share (`delay >= 0 and origin == "ATL"`,
 * `origin in ["ATL", "ORD"]`), joined by and, or, not and parentheses. Only columns and values are looked at: a condition cannot
 * call anything.
 * @throws DomainError `invalid` naming the place that could not be read
 */
export function parseRowCondition(text: string): RowCondition {
  const tokens = tokenize(text);
  let next = 0;
  const peek = () => tokens[next] as Token;
  const take = () => tokens[next++] as Token;
  const isWord = (...words: string[]) => peek().kind === "word" && words.includes(peek().text.toLowerCase());
  const isSign = (...signs: string[]) => peek().kind === "sign" && signs.includes(peek().text);
  const expectSign = (sign: string) => {
    if (!isSign(sign)) throw unreadable(text, peek(), `\`${sign}\``);
    take();
  };

  const either = (): RowCondition => {
    const parts = [both()];
    while (isWord("or") || isSign("|")) {
      take();
      parts.push(both());
    }
    return parts.length === 1 ? (parts[0] as RowCondition) : { kind: "or", parts };
  };
  const both = (): RowCondition => {
    const parts = [one()];
    while (isWord("and") || isSign("&")) {
      take();
      parts.push(one());
    }
    return parts.length === 1 ? (parts[0] as RowCondition) : { kind: "and", parts };
  };
  let level = 0;
  const nested = <Part>(read: () => Part): Part => {
    if (++level > MOST_LEVELS) throw unreadable(text, peek(), `at most ${MOST_LEVELS} levels of parentheses and not`);
    const part = read();
    level--;
    return part;
  };
  const one = (): RowCondition => {
    if (isWord("not") || isSign("~")) {
      take();
      return { kind: "not", part: nested(one) };
    }
    if (isSign("(")) {
      take();
      const inner = nested(either);
      expectSign(")");
      return inner;
    }
    return comparison();
  };
  const comparison = (): RowCondition => {
    const column = columnName();
    if (isSign(".")) {
      take();
      const method = take();
      const kind = Object.hasOwn(NULL_TESTS, method.text) ? NULL_TESTS[method.text] : undefined;
      if (!kind) throw unreadable(text, method, "notNull() or isNull()");
      expectSign("(");
      expectSign(")");
      return { kind, column };
    }
    if (isWord("in")) return { kind: "in", column, values: list() };
    if (isWord("not")) {
      take();
      if (!isWord("in")) throw unreadable(text, peek(), "in");
      return { kind: "not", part: { kind: "in", column, values: list() } };
    }
    if (isWord("is")) {
      take();
      const negated = isWord("not") && take().kind === "word";
      if (!isWord("null")) throw unreadable(text, peek(), "null");
      take();
      return { kind: negated ? "notNull" : "null", column };
    }
    const operator = peek().kind === "sign" ? COMPARISONS[peek().text] : undefined;
    if (!operator) throw unreadable(text, peek(), "a comparison such as == or >=");
    take();
    return { kind: "compare", column, operator, value: value() };
  };
  const columnName = (): string => {
    const token = take();
    if (token.kind === "quoted") return token.text.slice(1, -1);
    if (token.kind !== "word") throw unreadable(text, token, "a column");
    if (token.text !== "col" || !isSign("(")) return token.text;
    take();
    const name = take();
    if (name.kind !== "text") throw unreadable(text, name, "a column's name in quotes");
    expectSign(")");
    return unquote(name.text);
  };
  const list = (): ConditionValue[] => {
    take();
    if (!isSign("[", "(")) throw unreadable(text, peek(), "a list of values in brackets");
    const close = take().text === "[" ? "]" : ")";
    const values: ConditionValue[] = [];
    while (!isSign(close)) {
      if (values.length > 0) expectSign(",");
      values.push(value());
    }
    take();
    return values;
  };
  const value = (): ConditionValue => {
    const token = take();
    // An integer beyond 2^53 stays a text: as a number it would be another one.
    if (token.kind === "number") {
      const number = Number(token.text);
      return Number.isInteger(number) && !Number.isSafeInteger(number) && exactInteger(token.text) !== null
        ? token.text
        : number;
    }
    if (token.kind === "text") return unquote(token.text);
    const word = token.kind === "word" ? token.text.toLowerCase() : "";
    if (word === "true" || word === "false") return word === "true";
    if (word === "date" && isSign("(")) {
      take();
      const day = take();
      if (day.kind !== "text") throw unreadable(text, day, "a date in quotes");
      expectSign(")");
      return unquote(day.text);
    }
    throw unreadable(text, token, "a number, a text in quotes, true or false");
  };

  const condition = either();
  if (peek().kind !== "end") throw unreadable(text, peek(), "and, or, or the end");
  return condition;
}

/** The condition as a text that `parseRowCondition` reads to the same condition. */
export function formatRowCondition(condition: RowCondition): string {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.parts
        .map((part) =>
          part.kind === "and" || part.kind === "or" ? `(${formatRowCondition(part)})` : formatRowCondition(part),
        )
        .join(` ${condition.kind} `);
    case "not":
      return condition.part.kind === "in"
        ? `${formatColumn(condition.part.column)} not in ${formatList(condition.part.values)}`
        : `not (${formatRowCondition(condition.part)})`;
    case "null":
    case "notNull":
      return `${formatColumn(condition.column)}.${condition.kind === "null" ? "isNull" : "notNull"}()`;
    case "in":
      return `${formatColumn(condition.column)} in ${formatList(condition.values)}`;
    case "compare": {
      const sign = condition.operator === "=" ? "==" : condition.operator === "<>" ? "!=" : condition.operator;
      return `${formatColumn(condition.column)} ${sign} ${formatValue(condition.value)}`;
    }
  }
}

function formatColumn(name: string): string {
  return `col(${formatValue(name)})`;
}

function formatList(values: readonly ConditionValue[]): string {
  return `[${values.map(formatValue).join(", ")}]`;
}

function formatValue(value: ConditionValue): string {
  return typeof value === "string" ? `"${value.replace(/[\\"]/g, "\\$&")}"` : String(value);
}

/** Every column that a condition reads. */
export function columnsOfCondition(condition: RowCondition): string[] {
  switch (condition.kind) {
    case "and":
    case "or":
      return [...new Set(condition.parts.flatMap(columnsOfCondition))];
    case "not":
      return columnsOfCondition(condition.part);
    default:
      return [condition.column];
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    const found = Object.entries(match?.groups ?? {}).find(([, value]) => value !== undefined);
    if (!match || !found)
      throw unreadable(text, { kind: "end", text: text.slice(at, at + 10), at }, "a column or a value");
    tokens.push({ kind: found[0] as Token["kind"], text: found[1] as string, at });
  }
  return [...tokens, { kind: "end", text: "the end", at: end }];
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, "$1");
}

function unreadable(text: string, token: Token, expected: string): DomainError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  const message = `The row_condition \`${shown}\` cannot be read at \`${token.text.trim()}\` (character ${token.at + 1}): expected ${expected}.`;
  return new DomainError("invalid", message, {
    issues: [{ path: ["row_condition"], message, expected, found: token.text.trim() }],
  });
}
