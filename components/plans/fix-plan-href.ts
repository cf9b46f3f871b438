import { createSerializer } from "nuqs/server";
import type { PlannedFix } from "@/lib/contracts/leakage-fixes";
import { planParsers } from "./plan-parsers";

const write = createSerializer(planParsers);

/** Address of the plan builder with a fix in it: its one variant, judged for its consumer. */
export function fixPlanHref({ outputs, consumer, pins, refit, split }: PlannedFix["plan"]): string {
  return write("/plan", {
    outputs,
    consumer,
    pins: Object.entries(pins).map(([column, stage]) => `${column}@${stage}`),
    refit,
    split,
  });
}
