import { DomainError } from "../errors";

/** Which rows a rule looks at. */
export type RowCondition =
  | { kind: "and" | "or"; parts: RowCondition[] }
  | { kind: "not"; part: RowCondition }
  | { kind: "null" | "notNull"; column: string }
  | { kind: "compare"; column: string; operator: Comparison; value: string | number | boolean };

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

const COMPARISONS: Record<string, Comparison> = {
  "==": "=", "=": "=", "!=": "<>", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}; // prettier-ignore

const TOKEN =
  /\s*(?:(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<quoted>`[^`]+`)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>==|!=|<>|<=|>=|[=<>()&|~.]))/y;

interface Token {
  kind: "number" | "text" | "quoted" | "word" | "sign" | "end";
  text: string;
  at: number;
}

/**
 * Reads a `row_condition`: Great Expectations' own dialect (`col("delay") >= 0`, `col("origin").notNull()`), and the plain
 * comparisons that pandas and SQL share (`delay >= 0 and origin == "ATL"`), joined by and, or, not and parentheses. Only
 * columns and values are looked at: a condition cannot call anything.
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
  const one = (): RowCondition => {
    if (isWord("not") || isSign("~")) {
      take();
      return { kind: "not", part: one() };
    }
    if (isSign("(")) {
      take();
      const inner = either();
      expectSign(")");
      return inner;
    }
    return comparison();
  };
  const comparison = (): RowCondition => {
    const column = columnName();
    if (isSign(".")) {
      take();
      const method = take().text;
      if (method !== "notNull" && method !== "isNull" && method !== "notnull" && method !== "isnull")
        throw unreadable(text, tokens[next - 1] as Token, "notNull() or isNull()");
      expectSign("(");
      expectSign(")");
      return { kind: method.toLowerCase() === "notnull" ? "notNull" : "null", column };
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
  const value = (): string | number | boolean => {
    const token = take();
    if (token.kind === "number") return Number(token.text);
    if (token.kind === "text") return unquote(token.text);
    const word = token.kind === "word" ? token.text.toLowerCase() : "";
    if (word === "true" || word === "false") return word === "true";
    throw unreadable(text, token, "a number, a text in quotes, true or false");
  };

  const condition = either();
  if (peek().kind !== "end") throw unreadable(text, peek(), "and, or, or the end");
  return condition;
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
  const message = `The row_condition \`${text}\` cannot be read at \`${token.text.trim()}\` (character ${token.at + 1}): expected ${expected}.`;
  return new DomainError("invalid", message, {
    issues: [{ path: ["row_condition"], message, expected, found: token.text.trim() }],
  });
}
