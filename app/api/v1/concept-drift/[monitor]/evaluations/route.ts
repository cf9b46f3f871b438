import { evaluateConceptMonitor } from "@/lib/contracts/concept-drift";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/concept-evaluations";

export const POST = route(evaluateConceptMonitor, ({ principal, params, body }) =>
  registry.evaluateConceptMonitor(principal, body.workspace, params.monitor),
);
