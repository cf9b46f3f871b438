/** A token of an SQL statement. Words are lower-cased, as they are compared; quoted names are kept. */
export interface SqlToken {
  kind: "word" | "name" | "literal" | "sign";
  text: string;
}

const PATTERN =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|(?<literal>[eE]?'(?:[^']|'')*'|\d[\w.]*)|"(?<name>(?:[^"]|"")*)"|(?<word>[A-Za-z_][\w$]*)|(?<sign>::|->>?|<=|>=|<>|!=|\|\||[^\s])/gy;

export function sqlTokens(statement: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (const { groups } of statement.matchAll(PATTERN)) {
    if (groups?.literal !== undefined) tokens.push({ kind: "literal", text: groups.literal });
    else if (groups?.name !== undefined)
      tokens.push({ kind: "name", text: groups.name.replaceAll('""', '"').toLowerCase() });
    else if (groups?.word !== undefined) tokens.push({ kind: "word", text: groups.word.toLowerCase() });
    else if (groups?.sign !== undefined) tokens.push({ kind: "sign", text: groups.sign });
  }
  return tokens;
}

export const isWord = (token: SqlToken | undefined, ...words: string[]): boolean =>
  token?.kind === "word" && words.includes(token.text);
export const isSign = (token: SqlToken | undefined, sign: string): boolean =>
  token?.kind === "sign" && token.text === sign;
export const isName = (token: SqlToken | undefined): token is SqlToken =>
  token?.kind === "word" || token?.kind === "name";

/** Index behind the bracket that closes the one at `at`. */
export function behindBracket(tokens: readonly SqlToken[], at: number): number {
  let depth = 0;
  for (let index = at; index < tokens.length; index += 1) {
    const { kind, text } = tokens[index] as SqlToken;
    if (kind !== "sign") continue;
    if ("([{".includes(text)) depth += 1;
    else if (")]}".includes(text) && --depth === 0) return index + 1;
  }
  return tokens.length;
}

/** Cuts outside brackets, before every token that `isCut` knows; the token itself begins the next piece. */
export function cutBefore(
  tokens: readonly SqlToken[],
  isCut: (token: SqlToken, index: number) => boolean,
): SqlToken[][] {
  const pieces: SqlToken[][] = [[]];
  for (let index = 0; index < tokens.length;) {
    const token = tokens[index] as SqlToken;
    if (isSign(token, "(") || isSign(token, "[") || isSign(token, "{")) {
      const end = behindBracket(tokens, index);
      pieces.at(-1)?.push(...tokens.slice(index, end));
      index = end;
      continue;
    }
    if (isCut(token, index)) pieces.push([token]);
    else pieces.at(-1)?.push(token);
    index += 1;
  }
  return pieces;
}

export const byComma = (tokens: readonly SqlToken[]): SqlToken[][] =>
  cutBefore(tokens, (token) => isSign(token, ",")).map((piece, index) => (index === 0 ? piece : piece.slice(1)));
