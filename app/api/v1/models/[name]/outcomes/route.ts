import { logOutcomes } from "@/lib/contracts/outcomes";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/logged-outcomes";

export const POST = route(logOutcomes, ({ principal, params, body }) =>
  registry.logOutcomes(principal, params.name, body),
);
