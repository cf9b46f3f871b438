import { previewPlan } from "@/lib/contracts/plans";
import { bindStatements } from "@/lib/engines/bind-statements";
import { engine } from "@/lib/engines/current-engine";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/plans/plans";

export const POST = route(previewPlan, ({ principal, body }) =>
  registry.previewPlan(principal, body, engine(), bindStatements),
);
