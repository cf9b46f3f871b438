"use client";

import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { Side } from "./graph/graph";
import { lineageParsers, rollUpOf, type LineageState } from "./lineage-state";

type Change = Partial<{ [Key in keyof LineageState]: LineageState[Key] | null }>;

export interface Explorer {
  state: LineageState;
  /** The node in the middle of attention; null for a whole workspace. */
  focus: string | null;
  /** What nodes are put together to; `column` for nothing. */
  rollUp: ReturnType<typeof rollUpOf>;
  /** A step that Back undoes. */
  set(change: Change): void;
  /** What changes while one types or drags: not a step of its own. */
  adjust(change: Change): void;
  select(id: string | null): void;
  /** Makes a node the focus; what was added around the old one goes. */
  refocus(id: string): void;
  /** Shows all neighbours of a node on one side. */
  expand(id: string, side: Side): void;
  add(ids: readonly string[]): void;
}

/** The explorer's state in the address. `home` is the focus that the address need not say. */
export function useLineageState(home: string | null): Explorer {
  const [raw, setRaw] = useQueryStates(lineageParsers);
  return useMemo(() => {
    const focus = raw.focus ?? home;
    const set = (change: Change) => void setRaw(change, { history: "push" });
    return {
      state: raw,
      focus,
      rollUp: rollUpOf({ rollup: raw.rollup, focus }),
      set,
      adjust: (change) => void setRaw(change, { history: "replace" }),
      select: (id) => set({ node: id }),
      refocus: (id) =>
        set({ focus: id === home ? null : id, rollup: null, more: null, add: null, open: null, node: null }),
      expand: (id, side) => set({ more: [...new Set([...raw.more, `${side}:${id}`])] }),
      add: (ids) => set({ add: [...new Set([...raw.add, ...ids])] }),
    };
  }, [raw, setRaw, home]);
}
