import { listMonitors } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/monitors";

export const GET = route(listMonitors, ({ principal, query }) => registry.listMonitors(principal, query.workspace));
