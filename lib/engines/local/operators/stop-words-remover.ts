import { quoteText } from "../quote";
import { type LocalOperator, scalarOf } from "./local-operator";

/** Drops the given words. Missing tokens stay, as in Spark; a missing list stays missing. */
export const stopWordsRemover: LocalOperator = {
  unsupported: ({ stopWords }) =>
    Array.isArray(stopWords)
      ? null
      : "StopWordsRemover runs without stopWords on spark only, whose own list of English words is the default: list the words in stopWords.",
  score({ inputs, params }) {
    const tokens = scalarOf(inputs[0]);
    const given = params.stopWords as string[];
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
