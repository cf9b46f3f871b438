import { logPredictions } from "@/lib/contracts/outcomes";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/logged-outcomes";

export const POST = route(logPredictions, ({ principal, params, body }) =>
  registry.logPredictions(principal, params.name, body),
);
