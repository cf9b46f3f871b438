import { getMonitor } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/monitors";

export const GET = route(getMonitor, ({ principal, params, query }) =>
  registry.getMonitor(principal, query.workspace, params.name),
);
