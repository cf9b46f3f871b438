import { behindBracket, byComma, cutBefore, isName, isSign, isWord, type SqlToken, sqlTokens } from "./sql-tokens";

/** What a relation's columns are made of, in columns of the outermost input. */
export interface SqlRelation {
  /** Column → what its values are computed from. */
  columns: Map<string, ReadonlySet<string>>;
  /** What decides which rows, groups or partners it has. */
  rows: ReadonlySet<string>;
}

/** Thrown, and caught in this file only, by what is not taken apart: set operations, table functions, lateral and unknown relations. */
class NotDerivable extends Error {}

interface Scope {
  /** CTEs and the input, by name. */
  known: ReadonlyMap<string, SqlRelation>;
  /** Relations of the FROM clause by alias, and of the queries around this one. */
  named: [alias: string, relation: SqlRelation][];
  /** Earlier items of the same SELECT, which later ones may use. */
  items: Map<string, ReadonlySet<string>>;
}

/**
 * Which input columns each column of a SELECT is made of, by reading names: an expression is made of every column that it names.
 * That is exact for what the statement says and says nothing of what the functions do. Null when the statement has something
 * whose names cannot be followed.
 * @param input names of the columns of `__THIS__`, as the statement writes them
 */
export function sqlColumns(statement: string, input: readonly string[]): SqlRelation | null {
  const tokens = sqlTokens(statement);
  while (isSign(tokens.at(-1), ";")) tokens.pop();
  const columns = new Map(input.map((name) => [name.toLowerCase(), new Set([name])]));
  try {
    return readQuery(tokens, new Map([["__this__", { columns, rows: new Set() }]]), []);
  } catch (error) {
    if (error instanceof NotDerivable) return null;
    throw error;
  }
}

function readQuery(
  tokens: readonly SqlToken[],
  known: ReadonlyMap<string, SqlRelation>,
  around: Scope["named"],
): SqlRelation {
  if (!isWord(tokens[0], "with")) return readSelect(tokens, known, around);
  if (isWord(tokens[1], "recursive")) throw new NotDerivable();
  const own = new Map(known);
  let at = 1;
  for (;;) {
    const name = tokens[at];
    let open = at + 1;
    if (!isName(name) || !isWord(tokens[open], "as")) throw new NotDerivable();
    open += 1;
    if (isWord(tokens[open], "not")) open += 1;
    if (isWord(tokens[open], "materialized")) open += 1;
    if (!isSign(tokens[open], "(")) throw new NotDerivable();
    const end = behindBracket(tokens, open);
    own.set(name.text, readQuery(tokens.slice(open + 1, end - 1), own, around));
    if (!isSign(tokens[end], ",")) return readSelect(tokens.slice(end), own, around);
    at = end + 1;
  }
}

const CLAUSES = ["from", "where", "group", "having", "window", "qualify", "order", "limit", "offset"];
const SET_OPERATIONS = ["union", "intersect", "except"];

function readSelect(
  tokens: readonly SqlToken[],
  known: ReadonlyMap<string, SqlRelation>,
  around: Scope["named"],
): SqlRelation {
  if (!isWord(tokens[0], "select")) throw new NotDerivable();
  const [select = [], ...clauses] = cutBefore(tokens, (token, index) => {
    if (isWord(token, ...SET_OPERATIONS)) throw new NotDerivable();
    return isWord(token, ...CLAUSES) && !(isWord(token, "from") && isWord(tokens[index - 1], "distinct"));
  });
  const rows = new Set<string>();
  const scope: Scope = { known, named: [], items: new Map() };
  const clause = (name: string) => clauses.find((one) => isWord(one[0], name))?.slice(1) ?? [];
  readFrom(clause("from"), scope, around, rows);
  scope.named.push(...around);

  let body = select.slice(1);
  const isDistinct = isWord(body[0], "distinct");
  if (isDistinct) {
    body = body.slice(1);
    if (isWord(body[0], "on")) {
      const end = behindBracket(body, 1);
      add(rows, namesIn(body.slice(1, end), scope));
      body = body.slice(end);
    }
  }
  const columns = new Map<string, ReadonlySet<string>>();
  const plain: ReadonlySet<string>[] = [];
  for (const item of byComma(body))
    for (const [name, made, isPlain] of readItem(item, scope, columns.size)) {
      columns.set(name, made);
      scope.items.set(name, made);
      if (isPlain) plain.push(made);
    }
  if (isDistinct) for (const made of columns.values()) add(rows, made);

  for (const name of ["where", "having", "qualify", "window"]) add(rows, namesIn(clause(name), scope));
  if (clause("limit").length > 0) add(rows, namesIn(clause("order"), scope));
  const group = clause("group").slice(1);
  // GROUP BY ALL: by every item that aggregates nothing.
  if (isWord(group[0], "all")) plain.forEach((made) => add(rows, made));
  else {
    add(rows, namesIn(group, scope));
    const items = [...columns.values()];
    for (const piece of byComma(group))
      if (piece.length === 1 && piece[0]?.kind === "literal") add(rows, items[Number(piece[0].text) - 1] ?? []);
  }
  return { columns, rows };
}

const JOINS = ["join", "natural", "left", "right", "full", "inner", "cross", "asof", "positional", "semi", "anti", "outer"]; // prettier-ignore

/** Reads the relations of a FROM clause into the scope; what joins them decides about rows. */
function readFrom(tokens: readonly SqlToken[], scope: Scope, around: Scope["named"], rows: Set<string>): void {
  if (tokens.length === 0) return;
  const pieces = cutBefore(tokens, (token, index) => isSign(token, ",") || (isWord(token, ...JOINS) && index > 0));
  const conditions: SqlToken[][] = [];
  for (const piece of pieces) {
    const own = piece.filter((token, index) => !(index === 0 && (isSign(token, ",") || isWord(token, ...JOINS))));
    if (own.length === 0) continue;
    const [relation = [], ...joined] = cutBefore(own, (token) => isWord(token, "on", "using"));
    conditions.push(...joined.map((one) => one.slice(1)));
    scope.named.push(readRelation(relation, scope.known, around));
  }
  for (const [, relation] of scope.named) add(rows, relation.rows);
  for (const condition of conditions) add(rows, namesIn(condition, scope));
}

function readRelation(
  tokens: readonly SqlToken[],
  known: ReadonlyMap<string, SqlRelation>,
  around: Scope["named"],
): [string, SqlRelation] {
  const first = tokens[0];
  let end = 1;
  let relation: SqlRelation | undefined;
  if (isSign(first, "(")) {
    end = behindBracket(tokens, 0);
    relation = readQuery(tokens.slice(1, end - 1), known, around);
  } else if (isName(first)) relation = known.get(first.text);
  if (!relation) throw new NotDerivable();
  const rest = tokens.slice(isWord(tokens[end], "as") ? end + 1 : end);
  if (rest.length > 1 || (rest.length === 1 && !isName(rest[0]))) throw new NotDerivable();
  return [rest[0]?.text ?? first?.text ?? "", relation];
}

const ENDS_OF_EXPRESSIONS = ["end", "null", "true", "false"];

/** The columns that one item of a SELECT list adds, and whether it is a plain column or expression without a call. */
function readItem(
  tokens: readonly SqlToken[],
  scope: Scope,
  position: number,
): [name: string, made: ReadonlySet<string>, isPlain: boolean][] {
  const last = tokens.at(-1);
  const star = tokens.findIndex((token) => isSign(token, "*"));
  if (star === 0 || (star === 2 && isSign(tokens[1], "."))) {
    const rest = tokens.slice(star + 1);
    if (rest.length > 0 && !isWord(rest[0], "exclude")) {
      if (star === 2 || rest.length < 2 || isWord(rest[0], "replace", "rename")) throw new NotDerivable();
    } else {
      const excluded = new Set(rest.slice(1).flatMap((token) => (isName(token) ? [token.text] : [])));
      const alias = star === 2 ? tokens[0]?.text : undefined;
      return scope.named
        .filter(([name]) => alias === undefined || name === alias)
        .flatMap(([, { columns }]) => [...columns])
        .filter(([name]) => !excluded.has(name))
        .map(([name, made]) => [name, made, true]);
    }
  }
  const as = tokens.findLastIndex((token, index) => isWord(token, "as") && index === tokens.length - 2);
  const before = tokens.at(-2);
  const isBare = tokens.length > 1 && isName(last) && !isWord(last, ...ENDS_OF_EXPRESSIONS) &&
    (isSign(before, ")") || before?.kind === "literal" || isName(before) && !isWord(before, "is", "not", "and", "or")); // prettier-ignore
  const expression = as >= 0 ? tokens.slice(0, as) : isBare ? tokens.slice(0, -1) : tokens;
  const name = isName(last) ? last.text : `#${position}`;
  const isCall = expression.some((token, index) => isName(token) && isSign(expression[index + 1], "("));
  return [[name, namesIn(expression, scope), !isCall]];
}

/** Every input column that an expression names, inner queries included. */
function namesIn(tokens: readonly SqlToken[], scope: Scope): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as SqlToken;
    if (isSign(token, "(") && isWord(tokens[at + 1], "select", "with")) {
      const end = behindBracket(tokens, at);
      const inner = readQuery(tokens.slice(at + 1, end - 1), scope.known, scope.named);
      for (const made of inner.columns.values()) add(found, made);
      add(found, inner.rows);
      at = end - 1;
      continue;
    }
    if (!isName(token) || isSign(tokens[at + 1], "(")) continue;
    if (isSign(tokens[at + 1], ".") && isName(tokens[at + 2])) {
      const of = scope.named.filter(([name]) => name === token.text);
      if (of.length > 0) {
        add(found, lookUp((tokens[at + 2] as SqlToken).text, of, scope));
        at += 2;
        continue;
      }
    }
    add(found, lookUp(token.text, scope.named, scope));
  }
  return found;
}

function lookUp(name: string, named: Scope["named"], scope: Scope): ReadonlySet<string> {
  const made = named.flatMap(([, relation]) => {
    const one = relation.columns.get(name);
    return one ? [...one] : [];
  });
  return made.length > 0 ? new Set(made) : (scope.items.get(name) ?? new Set());
}

function add(to: Set<string>, from: Iterable<string>): void {
  for (const name of from) to.add(name);
}
