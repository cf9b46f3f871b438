import { listAlerts } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/alerts";

export const GET = route(listAlerts, ({ principal, query }) => registry.listAlerts(principal, query));
