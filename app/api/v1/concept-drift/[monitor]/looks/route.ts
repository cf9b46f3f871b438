import { lookAtOutcomes } from "@/lib/contracts/concept-drift";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/concept-evaluations";

export const POST = route(lookAtOutcomes, ({ principal, params, body }) =>
  registry.lookAtOutcomes(principal, body.workspace, params.monitor),
);
