import { quoteText } from "../quote";
import { ENGLISH_STOP_WORDS } from "./english-stop-words";
import { type LocalOperator, scalarOf } from "./local-operator";

/** Drops the given words, or common English ones. Missing tokens stay, as in Spark; a missing list stays missing. */
export const stopWordsRemover: LocalOperator = {
  score({ inputs, params }) {
    const tokens = scalarOf(inputs[0]);
    const given = Array.isArray(params.stopWords) ? (params.stopWords as string[]) : ENGLISH_STOP_WORDS;
    const words = [...new Set(params.caseSensitive ? given : given.map((word) => word.toLowerCase()))];
    if (words.length === 0) return [{ scalar: tokens }];
    const token = params.caseSensitive ? "token" : "lower(token)";
    return [
      {
        scalar: `list_filter(${tokens}, lambda token: coalesce(${token} NOT IN (${words.map(quoteText).join(", ")}), true))`,
      },
    ];
  },
};
