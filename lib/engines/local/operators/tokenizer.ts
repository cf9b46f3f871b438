import { type LocalOperator, scalarOf } from "./local-operator";

/** Java's `\s`; RE2's lacks the vertical tab. */
export const JAVA_SPACE = String.raw`[ \t\n\x0B\f\r]`;
const SPACE_CHARACTERS = [32, 9, 10, 11, 12, 13].map((code) => `chr(${code})`).join(" || ");

/**
 * Lower case, split at every single white space as Java's `split` does: two spaces enclose an empty token, a leading
 * one follows an empty token, trailing empty tokens go, and an empty text is one empty token. A missing text stays
 * missing, where Spark fails.
 */
export const tokenizer: LocalOperator = {
  score({ inputs }) {
    const text = scalarOf(inputs[0]);
    const trimmed = `rtrim(${text}, ${SPACE_CHARACTERS})`;
    return [
      {
        scalar: `CASE WHEN ${text} IS NULL THEN NULL WHEN ${text} <> '' AND ${trimmed} = '' THEN CAST([] AS VARCHAR[]) ELSE regexp_split_to_array(lower(${trimmed}), '${JAVA_SPACE}') END`,
      },
    ];
  },
};
