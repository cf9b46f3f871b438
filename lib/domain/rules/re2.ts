import { RE2JS, RE2JSSyntaxException } from "re2js";

/**
 * A regular expression as RE2, which the engine runs, writes it. Suites are written in Python's: `\u00e9` is `\x{00e9}`. Named
 * groups may be written as everywhere else.
 */
export function toRe2(regex: string): string {
  return regex
    .replace(/(?<!\\)((?:\\\\)*)\\u([0-9a-fA-F]{4})/g, "$1\\x{$2}")
    .replace(/(?<!\\)((?:\\\\)*)\(\?<([A-Za-z_]\w*)>/g, "$1(?P<$2>");
}

/** What RE2 has not and people use: it promises to take time in proportion to the text, which these could not. */
const LACKING: readonly [RegExp, string][] = [
  [/\(\?[=!]/, "a look-ahead"],
  [/\(\?<[=!]/, "a look-behind"],
  [/\(\?>/, "an atomic group"],
  [/(?<!\\)(?:\\\\)*\\[1-9]|\(\?P=/, "a back-reference"],
  [/[*+?}]\+/, "a possessive quantifier"],
];

/** Why RE2 cannot run a regular expression; null when it can. */
export function whyNotRe2(regex: string): string | null {
  try {
    RE2JS.compile(toRe2(regex));
    return null;
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const lacking = LACKING.find(([pattern]) => pattern.test(regex))?.[1];
    return lacking ? `it has ${lacking}, which RE2 lacks` : error.message.replace(/^error parsing regexp: /, "");
  }
}
