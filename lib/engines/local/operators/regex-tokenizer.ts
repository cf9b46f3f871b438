import { quoteText } from "../quote";
import { type LocalOperator, scalarOf } from "./local-operator";
import { JAVA_SPACE } from "./tokenizer";

/** Java has these and RE2, which DuckDB runs, has not or reads otherwise. */
const JAVA_ONLY: readonly [RegExp, string][] = [
  [/\(\?(?:[=!>]|<[=!])/, "look-around and atomic groups"],
  [/\\[1-9k]/, "back-references"],
  [/[*+?}]\+/, "possessive quantifiers"],
  [/&&/, "intersections of character classes"],
  [
    /\\p\{(?:Lower|Upper|ASCII|Al|Digit|Punct|Graph|Print|Blank|Cntrl|XDigit|Space|Is|In|java)/i,
    "Java's classes \\p{…}",
  ],
  [/\\[hHvVRXZG]/, "the classes \\h, \\v, \\R, \\X and the anchors \\Z, \\G"],
];

/** `\s` of Java, inside and outside of character classes; `\S` likewise outside. */
function toRe2(pattern: string): string {
  let inClass = false;
  return pattern.replace(/\\[\s\S]|[[\]]/g, (part) => {
    if (part === "[") inClass = true;
    if (part === "]") inClass = false;
    if (part === "\\s") return inClass ? JAVA_SPACE.slice(1, -1) : JAVA_SPACE;
    return part === "\\S" && !inClass ? `[^${JAVA_SPACE.slice(1)}` : part;
  });
}

/**
 * Tokens between the matches of `pattern`, or the matches themselves (`gaps: false`), of at least `minTokenLength`
 * characters. A missing text stays missing, where Spark fails.
 */
export const regexTokenizer: LocalOperator = {
  unsupported({ pattern }) {
    const unescaped = String(pattern).replaceAll("\\\\", "");
    const found = JAVA_ONLY.find(([sign]) => sign.test(unescaped));
    return found
      ? `The pattern ${String(pattern)} uses ${found[1]}, which the local engine's regular expressions (RE2) lack. Write it without, or run it on spark.`
      : null;
  },
  score({ inputs, params }) {
    const given = scalarOf(inputs[0]);
    const text = params.toLowercase ? `lower(${given})` : given;
    const pattern = quoteText(toRe2(String(params.pattern)));
    const least = Number(params.minTokenLength);
    const found = params.gaps
      ? `regexp_split_to_array(${text}, ${pattern})`
      : `regexp_extract_all(${text}, ${pattern})`;
    if (least > 0) return [{ scalar: `list_filter(${found}, lambda token: length(token) >= ${least})` }];
    // Java's split drops trailing empty tokens, except that a text without any match is itself the token.
    const last = `coalesce(list_max(list_filter(range(1, len(${found}) + 1), lambda i: (${found})[i] <> '')), 0)`;
    return [
      {
        scalar: params.gaps ? `CASE WHEN len(${found}) = 1 THEN ${found} ELSE (${found})[1:${last}] END` : found,
      },
    ];
  },
};
