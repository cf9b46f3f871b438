"use client";

import { useDeferredValue } from "react";
import { debounce, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { formatQuery, parseQuery, toggleFilter, type FilterField, type QueryPart } from "@/lib/domain/search/query";
import { SORT_KEYS, type SortKey } from "@/lib/domain/search/search-features";

/** What the page shows, as the URL says it: a pasted link and the back button restore it. */
const PARSERS = {
  q: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(SORT_KEYS).withDefault("relevance"),
  preview: parseAsString,
};

/** Milliseconds without a keystroke after which the address bar follows the search box. */
const URL_DELAY = 300;

export interface Discovery {
  q: string;
  /** The same, allowed to lag behind the keyboard. */
  searched: string;
  parts: QueryPart[];
  sort: SortKey;
  /** Name of the feature in the preview. */
  preview: string | null;
  type(q: string): void;
  setParts(parts: QueryPart[]): void;
  toggle(field: FilterField, value: string): void;
  setSort(sort: SortKey): void;
  setPreview(name: string | null): void;
}

export function useDiscovery(): Discovery {
  const [{ q, sort, preview }, set] = useQueryStates(PARSERS);
  const searched = useDeferredValue(q);
  const parts = parseQuery(q);
  const setParts = (next: QueryPart[]) => void set({ q: formatQuery(next) || null }, { history: "push" });
  return {
    q,
    searched,
    parts,
    sort,
    preview,
    type: (text) => void set({ q: text || null }, { limitUrlUpdates: debounce(URL_DELAY) }),
    setParts,
    toggle: (field, value) => setParts(toggleFilter(parts, field, value)),
    setSort: (next) => void set({ sort: next === "relevance" ? null : next }),
    setPreview: (name) => void set({ preview: name }),
  };
}
