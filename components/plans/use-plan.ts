"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { planQueries } from "@/lib/client/plans";
import { toPlanBody, type PlanState } from "./plan-body";
import { planParsers } from "./plan-parsers";
import { prepareLayout } from "./prepare-layout";
import { readPlan } from "./read-plan";
import { useDrafts } from "./use-drafts";

/** Changes that a reader would want to take back with the back button; the others only follow what is looked at. */
const STEPS = new Set<keyof PlanState>(["outputs", "pins", "refit", "consumer", "split", "mode", "order", "compare"]);

/** The plan that the URL asks for, and everything that changes it. */
export function usePlan(workspace: string) {
  const [state, write] = useQueryStates(planParsers);
  const [drafts, setDrafts] = useDrafts(workspace);
  const client = useQueryClient();
  const query = useQuery({
    ...planQueries.preview(toPlanBody(workspace, state, drafts)),
    enabled: state.outputs.length > 0,
  });
  const preview = state.outputs.length > 0 ? query.data : undefined;
  const plan = useMemo(() => (preview ? readPlan(preview) : null), [preview]);
  const set = (change: Partial<PlanState>) => {
    const isStep = Object.keys(change).some((key) => STEPS.has(key as keyof PlanState));
    void write(change, { history: isStep ? "push" : "replace" });
  };
  return {
    state,
    set,
    drafts,
    setDrafts,
    preview,
    plan,
    error: query.error,
    retry: () => void query.refetch(),
    /** Other wanted columns: what was looked at in the plan before is no longer there. */
    setOutputs: (outputs: string[]) =>
      set({ outputs: [...new Set(outputs)], variant: null, compare: null, node: null }),
    /** Asks for a plan before it is wanted, so that it is there on the click. */
    consider: (change: Partial<PlanState>) =>
      void client
        .fetchQuery(planQueries.preview(toPlanBody(workspace, { ...state, ...change }, drafts)))
        .then(prepareLayout, () => undefined),
  };
}

export type PlanHook = ReturnType<typeof usePlan>;
