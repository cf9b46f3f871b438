import { lookWithMonitor } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/evaluations";

export const POST = route(lookWithMonitor, ({ principal, params, body }) =>
  registry.lookWithMonitor(principal, params.name, body),
);
