import { metaWords } from "../definitions/documented";
import type { SearchDocument } from "./document";
import type { Correction } from "./match-words";
import type { WordPart } from "./query";
import { tokensOf } from "./tokens";

/** Which word of the document answers to a word of the query. */
export interface MatchReason {
  word: string;
  matched: string;
  in: "name" | "description" | "tags" | "owner" | "meta";
  how: "exact" | "prefix" | "inside" | "typo";
}

/** Why a document was found, word by word. Made for the few documents of a page only. */
export function explainMatch(
  document: SearchDocument,
  words: readonly WordPart[],
  corrections: readonly Correction[],
): MatchReason[] {
  const places = [
    ["name", tokensOf(document.name)],
    ["tags", document.tags.flatMap(tokensOf)],
    ["description", tokensOf(document.description)],
    ["owner", tokensOf(document.owner)],
    ["meta", tokensOf(metaWords(document.meta).join(" "))],
  ] as const;
  return words.flatMap((word) =>
    tokensOf(word.text).flatMap((token): MatchReason[] => {
      const meant = corrections.find((correction) => correction.from === token)?.to ?? [];
      const ways = [
        ["exact", (candidate: string) => candidate === token],
        ["prefix", (candidate: string) => candidate.startsWith(token)],
        ["inside", (candidate: string) => candidate.includes(token)],
        ["typo", (candidate: string) => meant.includes(candidate)],
      ] as const;
      for (const [place, tokens] of places)
        for (const [how, test] of ways) {
          const matched = tokens.find(test);
          if (matched !== undefined) return [{ word: token, matched, in: place, how }];
        }
      return [];
    }),
  );
}
