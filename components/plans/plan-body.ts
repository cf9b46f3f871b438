import type { inferParserType } from "nuqs/server";
import type { PlanBody } from "@/lib/contracts/plans";
import type { planParsers } from "./plan-parsers";

export type PlanState = inferParserType<typeof planParsers>;

/** What `consumer` says in the URL when nobody is to be judged; no pipeline can have this name. */
export const NOBODY = "-";

/** What is asked of the planner. `drafts` is YAML that is laid over the workspace; empty for none. */
export function toPlanBody(workspace: string, state: PlanState, drafts: string): PlanBody {
  const { outputs, consumer, split, mode, order, pins, refit } = state;
  return {
    workspace,
    outputs,
    options: {
      order,
      ...(outputs.length > 1 && { mode }),
      ...(pins.length > 0 && { pins: pins.filter((pin) => /^[^@\s]+@[^@\s]+$/.test(pin)) }),
    },
    ...(consumer !== null && { consumer: consumer === NOBODY ? null : consumer }),
    ...(split !== null && { split }),
    ...(refit.length > 0 && { refit }),
    ...(drafts !== "" && { specs: drafts }),
  };
}
