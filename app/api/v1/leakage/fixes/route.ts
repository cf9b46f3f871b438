import { planLeakageFixes } from "@/lib/contracts/leakage-fixes";
import { bindStatements } from "@/lib/engines/bind-statements";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/plans/fixes";

export const POST = route(planLeakageFixes, ({ principal, body }) =>
  registry.planLeakageFixes(principal, body, bindStatements),
);
