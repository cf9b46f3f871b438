import { previewPlan } from "@/lib/contracts/plans";
import { route } from "@/lib/http/route";
import { engine } from "@/lib/engines/current-engine";
import * as registry from "@/lib/registry/plans/plans";

export const POST = route(previewPlan, ({ principal, body }) => registry.previewPlan(principal, body, engine()));
